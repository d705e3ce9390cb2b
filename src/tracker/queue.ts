// Gathers events into batches: what every capture calls. Closes one every five seconds, when it is full and when the page goes.
import { type Packer, packer, type Values } from '../format/packed.ts';
import { MOUSEMOVE, PAGE_VIEW, RESIZE, type Row } from '../format/packed-row.ts';
import { guard, isLive } from './guard.ts';
import { randomId, sessionAt, startOf, visitor } from './identity.ts';
import { params } from './options.ts';
import { add, attempt, dropsIfCrowded, ids, timer as retrying } from './outbox.ts';
import { cut, geometry, place, shape } from './place.ts';
import { BATCH_FULL, BATCH_MS, FIRST_BATCH_MS } from './tuning.ts';

/** The session being recorded; empty before the first. */
let key = '';
let pageId: string;
let seq: number;
let pack: Packer | undefined;
let packed: string;
let timer: number | undefined;
/** Mouse samples that are not looked into yet, and when each was taken. */
const samples: [PointerEvent, number][] = [];

declare global {
  interface Window {
    Temporal?: { Now: { timeZoneId(): string } };
  }
}

/**
 * Takes a mouse sample. It is looked into with the next event or when the batch closes: code that runs for a moment ten
 * times a second finds the processor cold each time, and many samples at once take hardly longer than one.
 */
export const remember = (event: PointerEvent): void => {
  if (isLive && place[0] && !dropsIfCrowded()) {
    samples.push([event, Date.now()]);
    arm();
  }
};

/** Looks into the mouse samples so far: before what they have in common changes. */
export const flush = (): void => {
  for (const [event, now] of samples.splice(0)) {
    // Of several fingers the first.
    if (event.isPrimary) {
      place[1] = event.pointerType;
      emit(MOUSEMOVE, [event.clientX, event.clientY], now);
    }
  }
};

/** Takes an event. What the visitor does keeps the session going or begins the next. */
export const emit = <R extends Row>(row: R, values: Values<R>, now = Date.now()): void => {
  flush();
  // A page may have broken the clock.
  if (!isLive || !place[0] || !(now > 0)) return;
  // Whatever comes first on a page, to open it was an act.
  const current = sessionAt(now, row <= PAGE_VIEW || !key);
  if (!current.includes('-')) return;
  if (current !== key) {
    close();
    key = current;
    pageId = randomId().slice(0, 8);
    seq = 0;
    if (row !== PAGE_VIEW) emit(PAGE_VIEW, geometry());
  }
  pack ??= packer(startOf(key));
  arm();
  packed = pack(row, values, place, now);
  if (packed.length > BATCH_FULL) close();
};

const arm = () => {
  timer ||= setTimeout(tick, seq ? BATCH_MS : FIRST_BATCH_MS);
};

/** Begins the page's recording, if no event has. */
export const begin = guard(() => {
  flush();
  if (!key) emit(PAGE_VIEW, geometry());
});

/** Closes the open batch, with the page's sizes if they changed; while the server is away it may grow instead. */
export const tick = guard(() => {
  timer = clearTimeout(timer) as undefined;
  if (retrying) {
    flush();
    arm();
  } else {
    measure();
    close();
  }
});

/** Reports the page's sizes where they changed. */
export const measure = (): void => {
  const before = shape;
  const now = geometry();
  if (shape !== before) emit(RESIZE, now);
};

/** Closes the open batch and hands it to the outbox. */
export const close = (): void => {
  flush();
  timer = clearTimeout(timer) as undefined;
  if (pack) {
    // By hand, since a page may have given objects and lists a `toJSON` of its own.
    const rest = `"session_key":"${key}","visitor_id":"${visitor}","page_id":"${pageId}","seq":${seq},${
      params[0] ? `"params":["${params.join('","')}"],` : ''
    }${seq++ ? '' : `"context":${context()},`}"packed":${JSON.stringify(packed)}}`;
    add([key, rest]);
  }
  pack = undefined;
};

const context = () =>
  JSON.stringify({
    referrer: cut(document.referrer),
    language: navigator.language,
    // The old way loads the browser's language data first, which takes it 20 to 100 ms.
    timezone: window.Temporal?.Now.timeZoneId() ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    screen_width: screen.width,
    screen_height: screen.height,
  });

/** The id under which the server keeps the session; null where there is none, or no answer. */
export const sessionId = async (): Promise<string | null> => {
  begin();
  tick();
  await attempt;
  return (isLive && ids[key]) || null;
};
