// Closed batches until they are acknowledged: one in flight at a time, again after a growing pause where the server is away. Filled by the queue.
import { isLive } from './guard.ts';
import { endSession, randomId } from './identity.ts';
import { endpoint } from './options.ts';
import { ATTEMPT_MAX_MS, CROWDED, PAUSE_FIRST_MS, PAUSE_MAX_MS, WAITING_MAX } from './tuning.ts';

/** A closed batch: all of the body's JSON after `sent_at`, `session_key` first. */
export type Batch = string;

/** Oldest first; empty within a pause, where all is in storage. */
export let waiting: Batch[] = [];
/** Of the next attempt; 0: one may be made now. */
export let timer = 0;
/** Session key to the id under which the server keeps it. */
export const ids: Record<string, string> = {};
/** Done when all attempts so far are. */
export let attempt: Promise<void> = Promise.resolve();
let inFlight: Batch | 0;
let attempts = 0;
/** Batches and mouse samples given up; the server is told with every batch that is closed from then on. */
export let dropped = 0;

/** Of what waited when the last attempt failed. */
let size = 0;

/** Whether there is room left only for what is rarer than a mouse sample; if so, one is given up. */
export const isTooMuch = (): unknown => attempts && size > CROWDED && ++dropped;

/** Takes what is in storage, so that no other tab sends it, too. */
const take = (): void => {
  try {
    for (const name in localStorage) {
      if (/^_silhouette-/.test(name)) {
        waiting.unshift(...localStorage[name].split('\n'));
        delete localStorage[name];
        // As if it had failed here: what is not acknowledged when the page is left goes back.
        attempts++;
      }
    }
  } catch {}
};

/** Puts all that waits into storage, or throws it away if the visitor opted out meanwhile. Beyond what there is room for the oldest is given up. */
const keep = (): void => {
  take();
  size = waiting.join().length;
  for (; size > WAITING_MAX; dropped++) size -= waiting.shift()!.length;
  try {
    if (!(localStorage._silhouette < '!')) localStorage[`_silhouette-${randomId()}`] = waiting.join('\n');
    waiting = [];
  } catch {}
};

/** Throws away what waits. */
export const discard = (): void => {
  take();
  waiting = [];
};

/** Sends what is not in flight by the way that outlives the page. It stays here in case the page comes back, then `retry`; in storage, if the server may not have heard it. */
export const depart = (): void => {
  timer = -1;
  waiting.map((batch) => batch == inFlight || navigator.sendBeacon?.(endpoint, body(batch)) || attempts++);
  if (attempts && waiting[0]) keep();
};

const body = (rest: Batch) => `{"v":1,"sent_at":${Date.now()},${rest}`;

export const next = (): void => {
  attempt = attempt.then(deliver);
};

const deliver = async (): Promise<void> => {
  const [batch] = waiting;
  if (!batch || timer) return;
  const key = batch.split('"')[3]!;
  let wait = 0;
  inFlight = batch;
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      body: body(batch),
      keepalive: !attempts,
      credentials: 'omit',
      signal: AbortSignal.timeout?.(ATTEMPT_MAX_MS),
    });
    const { status } = response;
    // Read in any case: an answer that is not keeps its request alive, and its share of what may outlive the page.
    const { session_id } = await response.json().catch(() => 0);
    wait = (response.headers.get('retry-after') as never) * 1000 || 0;
    if (status != 429 && status < 500) {
      const isOver = /41[03]/.test(status as never);
      waiting = waiting.filter((other) => !(other == batch || (isOver && other.includes(key))));
      attempts = 0;
      if (!response.ok) dropped++;
      if (isOver) endSession(key);
      ids[key] ??= session_id;
    }
  } catch {}
  inFlight = 0;
  if (batch == waiting[0]) {
    timer = setTimeout(
      retry,
      Math.min(PAUSE_MAX_MS, wait + PAUSE_FIRST_MS * 2 ** attempts++) * (1 + Math.random() / 2),
    );
    keep();
  } else next();
};

/** Makes the next attempt now. */
export const retry = (): void => {
  clearTimeout(timer);
  timer = 0;
  if (isLive) take();
  next();
};

/** As `retry`, but not within a pause. */
export const wake = (): void => {
  if (!timer) retry();
};
