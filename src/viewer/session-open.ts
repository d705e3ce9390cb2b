// Opening a session, keeping the address in step with it, and following one that is still running.
import { effect, signal, untracked } from '@preact/signals';
import { apiKey, refuseKey } from './access.ts';
import { fetchRecording } from './api.ts';
import { asFailure, type Failure } from './failure.ts';
import { isAddressRead, readAddress, readPlace, writePlace } from './location.ts';
import { close, grow, isPlaying, open, position, recording, seekTo } from './playback.ts';
import { fetchGuest, guest } from './share/guest.ts';

/** Null: none is chosen. */
export const openId = signal<string | null>(null);
export const openFailure = signal<Failure | null>(null);

/** How often a running session is asked for more, and how much longer than its own loading the pause must be. */
const FOLLOW_MS = 4000;
const FOLLOW_FACTOR = 10;
/** Browsers allow few address changes in a short time. */
const ADDRESS_MS = 250;

/** `openId` of what the address itself brings. */
const GUEST_ID = '';

let running = new AbortController();

/** The user's choice: a step in the history. */
export function choose(id: string): void {
  if (id === openId.value && !openFailure.value) return;
  writePlace({ session: id, position: 0 }, id !== openId.value);
  void load(id, 0);
}

/** Back to the list alone. */
export function leave(): void {
  guest.value = null;
  writePlace({ session: null, position: 0 }, true);
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
    untracked(allowed || readPlace(location.hash).guest ? goToAddress : unload);
  });
  let waiting: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const at = {
      session: recording.value?.session.session_id ?? null,
      guest: guest.value,
      position: position.value,
    };
    clearTimeout(waiting);
    // An address that carries a whole recording stays as it came.
    if (at.session === null || isPlaying.value || (at.guest && at.guest.kind !== 'share')) return;
    waiting = setTimeout(() => {
      if (isAddressRead()) writePlace(at, false);
    }, ADDRESS_MS);
  });
}

function goToAddress(): void {
  const { session, guest: brought, position: at, isElsewhere } = readAddress();
  const isSame = JSON.stringify(guest.peek()) === JSON.stringify(brought ?? null);
  if (!isSame) guest.value = brought ?? null;
  // A visitor of a link without a key learns which session it is by reading it.
  const id = brought ? GUEST_ID : session;
  if (id === null || (!brought && apiKey.peek() === null)) unload();
  else if (!isSame || id !== openId.peek() || !recording.peek()) void load(id, at);
  else if (isElsewhere) seekTo(at);
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
    const loaded = await fetchOpen(id, signal);
    if (signal.aborted) return;
    open(loaded, at);
    follow(id, performance.now() - began, signal);
  } catch (error) {
    if (!signal.aborted) fail(asFailure(error));
  }
}

function fetchOpen(id: string, signal: AbortSignal): ReturnType<typeof fetchRecording> {
  const visitor = guest.peek();
  return visitor ? fetchGuest(visitor, signal) : fetchRecording(apiKey.peek() ?? '', id, signal);
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
        const loaded = await fetchOpen(id, signal);
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
  if (failure.kind === 'key' && !guest.peek()) {
    refuseKey(failure.message);
  } else {
    close();
    openFailure.value = failure;
  }
}
