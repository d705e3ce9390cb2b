// Gathers events into batches: what every capture calls. Closes one every five seconds, when it is full and when the page goes.
import { MOUSEMOVE_EVERY_MS, SCROLL_EVERY_MS } from '../format/limits.ts';
import { type Packer, packer, type Values } from '../format/packed.ts';
import { CLICK, LAYOUT, MOUSEMOVE, PAGE_VIEW, RESIZE, type Row, SCROLL } from '../format/packed-row.ts';
import { guard, isLive } from './guard.ts';
import { randomId, sessionAt, startOf, visitor } from './identity.ts';
import { params } from './options.ts';
import { attempt, dropped, ids, isTooMuch, next, timer as retrying, waiting, wake } from './outbox.ts';
import { cut, geometry, known, moved, place, seen, within } from './place.ts';
import { BATCH_FULL, BATCH_MS, FIRST_BATCH_MS } from './tuning.ts';

/** The session being recorded; empty before the first. */
let key = '';
/** `id`: of this page load in this session. `begin`, where changes of the page are heard, is called when there is a new one. */
export const page: { id?: string; begin?: () => void } = {};
let seq: number;
let pack: Packer | 0;
let packed: string;
let timer: number | undefined;
/** Where the pointer went since the batch's last event. */
const heard: PointerEvent[] = [];
/** ms between two mouse samples: one more, since times are rounded. */
const EVERY_MS = MOUSEMOVE_EVERY_MS + 1;
/** Of the latest mouse sample, by the events' own clock in ms. */
let sampledAt = -EVERY_MS;

declare global {
  interface Window {
    Temporal?: { Now: { timeZoneId(): string } };
  }
}

/**
 * Hears where the pointer goes, and only keeps it: code that runs for a moment many times a second finds the processor
 * cold each time, so that even to ask for the event's time, or for a timer, would cost more than all else.
 */
export const hearPointer = (event: PointerEvent): void => {
  if (isLive && heard.push(event) < 2) arm();
};

/** Takes the mouse samples so far: before what they have in common changes. `now`: by the events' own clock. */
export const flush = (now = clock()): void => {
  // Of several fingers the first.
  const moves = heard.splice(0).filter((event) => event.isPrimary);
  moves.forEach((event, i) => {
    const next = moves[i + 1];
    // The pointer is there until the next: a sample, if one falls due meanwhile.
    const due = Math.max(sampledAt + EVERY_MS, event.timeStamp);
    if (due <= (next?.timeStamp ?? now)) {
      sampledAt = due;
      place[1] = event.pointerType;
      write(MOUSEMOVE, [event.x, event.y], due);
    } else if (!next) hearPointer(event);
  });
};

/** ms, as events have it. */
export const clock = (): number => performance.now();

/** Takes an event. `at`: by the events' own clock, if not now. */
export const emit = <R extends Row>(row: R, values: Values<R>, at?: number): void => {
  flush();
  write(row, values, at);
};

/** What the visitor does keeps the session going or begins the next. */
const write = <R extends Row>(row: R, values: Values<R>, at = clock()): void => {
  const now = Math.round(Date.now() + at - clock());
  // A page may have broken the clock.
  if (!isLive || !place[0] || !(now > 0)) return;
  // Whatever comes first on a page, to open it was an act.
  const current = sessionAt(now, row <= PAGE_VIEW || !key);
  if (!current.includes('-')) return;
  if (current != key) {
    close();
    key = current;
    page.id = randomId().slice(0, 8);
    page.begin?.();
    seq = 0;
    if (row != PAGE_VIEW) write(PAGE_VIEW, geometry(), at);
  }
  if (row < CLICK && isTooMuch()) return;
  pack ||= packer(startOf(key));
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
  wake();
  if (!key) emit(PAGE_VIEW, geometry());
});

/** Closes the open batch, with the page's sizes if they changed; while the server is away it may grow instead. */
export const tick = guard(() => {
  if (!viewTimer && !retrying) watch();
  close(retrying);
});

/** Takes the mouse samples so far, and the page's sizes and scroll position where they changed; true where they did. */
export const look = (now?: number): unknown => {
  flush(now);
  const before = seen;
  const sizes = geometry();
  const [, height, , documentHeight, , x, y] = sizes;
  const differs = (size: unknown, i: number) => size != before[i];
  if (before[1] && sizes.slice(0, 5).some(differs)) emit(RESIZE, sizes);
  if (differs(x, 5) || differs(y, 6)) {
    // Some browsers scroll beyond both ends and spring back.
    emit(SCROLL, [within(100, (100 * y!) / (documentHeight! - height!)), x, y, documentHeight]);
  }
  const rows = [...moved].map((box) => [known.get(box)![2], box.scrollLeft, box.scrollTop]);
  moved.clear();
  if (rows[0]) {
    emit(LAYOUT, [, , , , , , , , , , , rows, ,] as never);
  }
  return rows[0] || sizes.some(differs);
};

let viewTimer = 0;

/** Looks now, and at most four times a second until nothing changes any more. */
const watch = guard(() => {
  viewTimer = look() ? setTimeout(watch, SCROLL_EVERY_MS) : 0;
});

/** Hears the page, or a box within it, being scrolled or resized. */
export const hearView = ({ target }: Event): void => {
  if (known.get(target!)) moved.add(target as Element);
  if (!viewTimer) watch();
};

/** Closes the open batch and hands it to the outbox; where `isOpen` is not 0 it may grow instead. */
export const close = (isOpen?: number): void => {
  timer = clearTimeout(timer) as undefined;
  flush();
  if (isOpen) {
    arm();
    return;
  }
  if (pack) {
    waiting.push(
      JSON.stringify({
        session_key: key,
        visitor_id: visitor,
        page_id: page.id,
        seq,
        dropped: dropped || undefined,
        // Only where there are any: a page may have given lists a `toJSON` of its own.
        params: params[0] && params,
        context: seq++
          ? undefined
          : {
              referrer: cut(document.referrer),
              language: navigator.language,
              // The old way loads the browser's language data first, which takes it 20 to 100 ms.
              timezone: window.Temporal?.Now.timeZoneId() ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
              screen_width: screen.width,
              screen_height: screen.height,
            },
        packed,
      }).slice(1),
    );
    next();
  }
  pack = 0;
};

/** The id under which the server keeps the session; null where there is none, or no answer. */
export const sessionId = async (): Promise<string | null> => {
  begin();
  tick();
  await attempt;
  return (isLive && ids[key]) || null;
};
