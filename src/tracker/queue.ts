// Gathers events into batches: what every capture calls. Closes one every five seconds, when it is full and when the page goes.
import { BATCH_EVENTS_MAX } from '../format/limits.ts';
import { type Packer, packer, type Values } from '../format/packed.ts';
import { MOUSEMOVE, PAGE_VIEW, RESIZE, type Row } from '../format/packed-row.ts';
import { guard, isLive } from './guard.ts';
import { randomId, sessionAt, visitor } from './identity.ts';
import { params } from './options.ts';
import { add, attempt, drop, ids, timer as retrying, waiting } from './outbox.ts';
import { cut, geometry, place, shape } from './place.ts';
import { BATCH_FULL, BATCH_MS, FIRST_BATCH_MS, WAITING_MANY } from './tuning.ts';

/** The session being recorded; empty before the first. */
let key = '';
let pageId: string;
let seq: number;
let pack: Packer | undefined;
let packed: string;
let count: number;
let timer = 0;

/** Takes an event. `isAct`: the visitor did it, which keeps the session going or begins the next. */
export function emit<R extends Row>(row: R, values: Values<R>, isAct: boolean): void {
  const now = Date.now();
  // A page may have broken the clock.
  if (!isLive || !place[0] || !(now > 0)) return;
  const current = sessionAt(now, isAct, !pack);
  if (!current) return;
  if (current !== key) {
    close();
    key = current;
    pageId = randomId(8);
    seq = 0;
  }
  if (!pack) {
    pack = packer(Number.parseInt(key, 36));
    count = 0;
    timer = setTimeout(tick, seq ? BATCH_MS : FIRST_BATCH_MS);
    if (!seq && row !== PAGE_VIEW) append(PAGE_VIEW, geometry(), now);
  }
  append(row, values, now);
  if (count === BATCH_EVENTS_MAX || packed.length > BATCH_FULL) close();
}

function append<R extends Row>(row: R, values: Values<R>, now: number): void {
  if (row === MOUSEMOVE && waiting[WAITING_MANY]) drop(1);
  else {
    packed = pack!(row, values, place, now);
    count++;
  }
}

/** Closes the open batch, with the page's sizes if they changed; while the server is away it may grow instead. */
export const tick = guard(() => {
  if (retrying) timer = setTimeout(tick, BATCH_MS);
  else {
    measure();
    close();
  }
});

/** Reports the page's sizes where they changed. */
export function measure(): void {
  const before = shape;
  const now = geometry();
  if (shape !== before) emit(RESIZE, now, false);
}

/** Closes the open batch and hands it to the outbox. */
export function close(): void {
  clearTimeout(timer);
  if (pack && count) {
    // By hand, since a page may have given objects and lists a `toJSON` of its own.
    const rest = `"session_key":"${key}","visitor_id":"${visitor}","page_id":"${pageId}","seq":${seq},${
      params[0] ? `"params":["${params.join('","')}"],` : ''
    }${seq++ ? '' : `"context":${context()},`}"packed":${JSON.stringify(packed)}}`;
    add({ session_key: key, count, rest });
  }
  pack = undefined;
}

const context = () =>
  JSON.stringify({
    referrer: cut(document.referrer),
    language: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    screen_width: screen.width,
    screen_height: screen.height,
  });

/** The id under which the server keeps the session; null where there is none, or no answer. */
export async function sessionId(): Promise<string | null> {
  close();
  await attempt;
  return ids[key] ?? null;
}
