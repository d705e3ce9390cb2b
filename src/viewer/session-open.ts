// Opening a session, keeping the address in step with it, and following one that is still running.
import { effect, signal, untracked } from '@preact/signals';
import { apiKey, refuseKey } from './access.ts';
import { fetchRecording } from './api.ts';
import { asFailure, type Failure } from './failure.ts';
import { type Place, readPlace, writePlace } from './location.ts';
import { close, grow, isPlaying, open, position, recording, seekTo } from './playback.ts';

/** Null: none is chosen. */
export const openId = signal<string | null>(null);
export const openFailure = signal<Failure | null>(null);

/** How often a running session is asked for more, and how much longer than its own loading the pause must be. */
const FOLLOW_MS = 4000;
const FOLLOW_FACTOR = 10;
/** Browsers allow few address changes in a short time. */
const ADDRESS_MS = 250;

let running = new AbortController();
/** The address's hash as it was last read or written; another one is a change that `hashchange` has yet to tell. */
let seen = '';

/** The user's choice: a step in the history. */
export function choose(id: string): void {
  if (id === openId.value && !openFailure.value) return;
  write({ session: id, position: 0 }, id !== openId.value);
  void load(id, 0);
}

/** Back to the list alone. */
export function leave(): void {
  write({ session: null, position: 0 }, true);
  unload();
}

export function tryAgain(): void {
  if (openId.value !== null) void load(openId.value, readPlace(location.hash).position);
}

/** Goes where the address says, now and whenever it changes. */
export function keepPlace(): void {
  addEventListener('hashchange', goToAddress);
  effect(() => {
    const allowed = apiKey.value !== null;
    untracked(allowed ? goToAddress : unload);
  });
  let waiting: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const at = { session: recording.value?.session.session_id ?? null, position: position.value };
    clearTimeout(waiting);
    if (at.session === null || isPlaying.value) return;
    waiting = setTimeout(() => {
      if (location.hash === seen) write(at, false);
    }, ADDRESS_MS);
  });
}

function write(place: Place, step: boolean): void {
  writePlace(place, step);
  seen = location.hash;
}

function goToAddress(): void {
  seen = location.hash;
  const { session, position: at } = readPlace(location.hash);
  if (session === null) unload();
  else if (session === openId.peek() && recording.peek()) seekTo(at);
  else void load(session, at);
}

function unload(): void {
  running.abort();
  openId.value = null;
  openFailure.value = null;
  close();
}

async function load(id: string, at: number): Promise<void> {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  openId.value = id;
  openFailure.value = null;
  close();
  try {
    const began = performance.now();
    const loaded = await fetchRecording(apiKey.peek() ?? '', id, signal);
    if (signal.aborted) return;
    open(loaded, at);
    follow(id, performance.now() - began, signal);
  } catch (error) {
    if (!signal.aborted) fail(asFailure(error));
  }
}

/** Asks for the whole again while the session runs: what was read stays where it is, the rest comes after it. */
function follow(id: string, took: number, signal: AbortSignal): void {
  if (recording.peek()?.session.status !== 'live') return;
  setTimeout(
    async () => {
      if (signal.aborted) return;
      if (document.hidden) {
        follow(id, took, signal);
        return;
      }
      const began = performance.now();
      try {
        const loaded = await fetchRecording(apiKey.peek() ?? '', id, signal);
        if (!signal.aborted) grow(loaded);
      } catch (error) {
        if (signal.aborted) return;
        const failure = asFailure(error);
        if (failure.kind === 'key' || failure.kind === 'absent') {
          fail(failure);
          return;
        }
      }
      follow(id, performance.now() - began, signal);
    },
    FOLLOW_MS + took * FOLLOW_FACTOR,
  );
}

function fail(failure: Failure): void {
  if (failure.kind === 'key') {
    refuseKey(failure.message);
  } else {
    close();
    openFailure.value = failure;
  }
}
