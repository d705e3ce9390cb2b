// Closed batches until they are acknowledged: one in flight at a time, again after a growing pause where the server is away. Filled by the queue.
import { guard, listen, setLive } from './guard.ts';
import { endSession } from './identity.ts';
import { endpoint } from './options.ts';
import { leave, post } from './send.ts';
import { PAUSE_FIRST_MS, PAUSE_MAX_MS, WAITING_MAX } from './tuning.ts';

/** A closed batch. */
export interface Batch {
  session_key: string;
  /** All of the body's JSON after `sent_at`. */
  rest: string;
  /** Events in it. */
  count: number;
}

/** Oldest first. */
export let waiting: Batch[] = [];
/** Of the next attempt; 0: the server answers. */
export let timer = 0;
/** Session key to the id under which the server keeps it. */
export const ids: Record<string, string> = {};
/** Done when all attempts so far are. */
export let attempt: Promise<void> = Promise.resolve();
let inFlight: Batch | undefined;
let attempts = 0;
let refusals = 0;
let dropped = 0;

/** Counts events that are given up; the server is told with every batch that follows. */
export function drop(count: number): void {
  dropped += count;
}

export function add(batch: Batch): void {
  waiting.push(batch);
  if (waiting[WAITING_MAX]) drop(waiting.shift()!.count);
  next();
}

/** Throws away what waits. */
export function discard(): void {
  waiting = [];
}

/** Sends what is not in flight by the way that outlives the page. It stays here in case the page comes back. */
export function depart(): void {
  for (const batch of waiting) {
    if (batch !== inFlight) leave(body(batch));
  }
}

export function watchNetwork(): void {
  listen('online', retry);
  // Where the page's policy forbids our address no attempt can succeed, and each would write to its console.
  listen<SecurityPolicyViolationEvent>('securitypolicyviolation', ({ blockedURI }) => {
    if (blockedURI === endpoint) {
      discard();
      setLive(false);
    }
  });
}

const body = ({ rest }: Batch) => `{"v":1,"sent_at":${Date.now()},${dropped ? `"dropped":${dropped},` : ''}${rest}`;

function next(): void {
  attempt = attempt.then(deliver);
}

async function deliver(): Promise<void> {
  const [batch] = waiting;
  if (!batch || timer) return;
  const key = batch.session_key;
  let status = 0;
  let wait = 0;
  inFlight = batch;
  try {
    const response = await post(body(batch));
    status = response.status;
    wait = Number(response.headers.get('retry-after')) * 1000;
    ids[key] ??= (await response.json()).session_id;
  } catch {}
  inFlight = undefined;
  if (!status || status === 429 || status > 499) {
    const pause = Math.max(wait || 0, PAUSE_FIRST_MS * 2 ** attempts++) * (1 + Math.random() / 2);
    timer = setTimeout(retry, Math.min(PAUSE_MAX_MS, pause));
    return;
  }
  attempts = 0;
  if (status < 300) refusals = 0;
  else drop(batch.count);
  const isOver = status === 410 || status === 413;
  waiting = waiting.filter((other) => other !== batch && !(isOver && other.session_key === key));
  if (isOver) {
    endSession(key);
    // Where the next session is refused as well, so will be all others.
    if (refusals++) setLive(false);
  }
  next();
}

const retry = guard(() => {
  clearTimeout(timer);
  timer = 0;
  next();
});
