// Closed batches until they are acknowledged: one in flight at a time, again after a growing pause where the server is away. Filled by the queue.
import { setLive } from './guard.ts';
import { endSession } from './identity.ts';
import { endpoint } from './options.ts';
import { post } from './send.ts';
import { PAUSE_FIRST_MS, PAUSE_MAX_MS, WAITING_MAX } from './tuning.ts';

/** A closed batch: all of the body's JSON after `sent_at`, `session_key` first. */
export type Batch = string;

/** Oldest first. */
let waiting: Batch[] = [];
/** Of the next attempt; 0: one may be made now. */
export let timer = 0;
/** Session key to the id under which the server keeps it. */
export const ids: Record<string, string> = {};
/** Done when all attempts so far are. */
export let attempt: Promise<void> = Promise.resolve();
let inFlight: Batch | undefined;
let attempts = 0;
let refusals = 0;
/** Batches given up; the server is told with every batch that is closed from then on. */
export let dropped = 0;

export const add = (batch: Batch): void => {
  waiting.push(batch);
  if (waiting[WAITING_MAX]) {
    waiting.shift();
    dropped++;
  }
  next();
};

/** Throws away what waits. */
export const discard = (): void => {
  waiting = [];
};

/** Sends what is not in flight by the way that outlives the page. It stays here in case the page comes back; then `retry`. */
export const depart = (): void => {
  timer = -1;
  for (const batch of waiting) {
    if (batch !== inFlight) navigator.sendBeacon(endpoint, body(batch));
  }
};

const body = (rest: Batch) => `{"v":1,"sent_at":${Date.now()},${rest}`;

const next = (): void => {
  attempt = attempt.then(deliver);
};

const deliver = async (): Promise<void> => {
  const [batch] = waiting;
  if (!batch || timer) return;
  const key = batch.split('"')[3]!;
  let wait = 0;
  inFlight = batch;
  try {
    const response = await post(body(batch), !attempts);
    const { status } = response;
    // Read in any case: an answer that is not keeps its request alive, and its share of what may outlive the page.
    const { session_id } = await response.json().catch(() => 0);
    wait = 1000 * +response.headers.get('retry-after')! || 0;
    if (status !== 429 && status < 500) {
      const isOver = status === 410 || status === 413;
      waiting = waiting.filter((other) => other !== batch && !(isOver && other.includes(key)));
      attempts = 0;
      if (response.ok) refusals = 0;
      else dropped++;
      if (isOver) {
        endSession(key);
        // Where the next session is refused as well, so will be all others.
        if (refusals++) setLive(false);
      }
      ids[key] ??= session_id;
    }
  } catch {}
  inFlight = undefined;
  if (batch === waiting[0]) {
    const pause = wait + PAUSE_FIRST_MS * 2 ** attempts++ * (1 + Math.random());
    timer = setTimeout(retry, Math.min(PAUSE_MAX_MS, pause));
  } else next();
};

/** Makes the next attempt now. */
export const retry = (): void => {
  clearTimeout(timer);
  timer = 0;
  next();
};
