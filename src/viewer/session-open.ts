// Opening a session, keeping the address in step with it, and following one that is still running.
import { effect, signal, untracked } from '@preact/signals';
import { apiKey, refuseKey } from './access.ts';
import { serverSource } from './api.ts';
import { asFailure, Failure } from './failure.ts';
import { type Loaded, load, loadMore, type Source } from './load.ts';
import { isAddressRead, readAddress, readPlace, writePlace } from './location.ts';
import { close, grow, isComing, isPlaying, open, position, recording, seekTo } from './playback.ts';
import { askShared, guest, guestSource } from './share/guest.ts';

/** Null: none is chosen. */
export const openId = signal<string | null>(null);
export const openFailure = signal<Failure | null>(null);
/** Why the server does not tell more just now of what is open; empty: it does. */
export const trouble = signal('');

/** How often a running session is asked for more, and how much longer than its own loading the pause must be. */
const FOLLOW_MS = 3000;
const FOLLOW_FACTOR = 3;
/** How often it is asked whether a share link still opens what has ended. */
const ASK_MS = 60_000;
/** Browsers allow few address changes in a short time. */
const ADDRESS_MS = 250;

/** Of a session that was there a moment ago. */
const ERASED = 'It was erased while you watched it, or its retention time is over.';

/** `openId` of what the address itself brings. */
const GUEST_ID = '';

/** Null: nothing was begun. To abort makes an error, and to say where it was made browsers read the whole script once more. */
let running: AbortController | null = null;

/** The user's choice: a step in the history. */
export function choose(id: string): void {
  if (id === openId.value && !openFailure.value) return;
  writePlace({ session: id, position: 0 }, id !== openId.value);
  void begin(id, 0);
}

/** Back to the list alone. */
export function leave(): void {
  guest.value = null;
  writePlace({ session: null, position: 0 }, true);
  unload();
}

export function tryAgain(): void {
  if (openId.value !== null) void begin(openId.value, readPlace(location.hash).position);
}

/** Goes where the address says, now and whenever it changes. */
export function keepPlace(): void {
  addEventListener('hashchange', goToAddress);
  effect(() => {
    const allowed = apiKey.value !== null;
    untracked(allowed || readPlace(location.hash).guest ? goToAddress : unloadHere);
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
  else if (!isSame || id !== openId.peek() || !recording.peek()) void begin(id, at);
  else if (isElsewhere) seekTo(at);
}

/** The next key goes on where the last one was taken away. */
function unloadHere(): void {
  const session = recording.peek()?.session.session_id;
  if (session !== undefined && isAddressRead()) writePlace({ session, position: position.peek() }, false);
  unload();
}

function unload(): void {
  running?.abort();
  openId.value = null;
  openFailure.value = null;
  trouble.value = '';
  close();
}

async function begin(id: string, at: number): Promise<void> {
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  openId.value = id;
  openFailure.value = null;
  trouble.value = '';
  close();
  const visitor = guest.peek();
  const source = visitor ? guestSource(visitor) : serverSource(apiKey.peek() ?? '', id);
  const asked = performance.now();
  // What is told of the size is of this session, and browsers tell of few requests.
  performance.clearResourceTimings();
  try {
    let loaded = await load(source, { at }, signal);
    open(loaded.recording, at);
    if (loaded.recording.part) loaded = await loadRest(source, signal);
    await follow(source, loaded, performance.now() - asked, signal);
    // What a link opened goes from the screen when the link ends.
    while (visitor?.kind === 'share') {
      await pause(ASK_MS, signal);
      if (!document.hidden) await patiently(() => askShared(visitor.token, signal), signal);
    }
  } catch (error) {
    if (!signal.aborted) fail(asFailure(error));
  }
}

/** The whole; meanwhile what shows the places to which the user goes. */
async function loadRest(source: Source, signal: AbortSignal): Promise<Loaded> {
  const isRead = new AbortController();
  const stopped = AbortSignal.any([signal, isRead.signal]);
  let isAsking = false;
  const showPlaces = async () => {
    if (isAsking) return;
    isAsking = true;
    while (isComing.peek() && !stopped.aborted) {
      // Where it fails, the whole is still to come.
      const loaded = await load(source, { at: position.peek() }, stopped).catch(() => null);
      if (!loaded) break;
      if (!stopped.aborted) grow(loaded.recording);
    }
    isAsking = false;
  };
  const end = effect(() => {
    if (isComing.value) untracked(() => void showPlaces());
  });
  try {
    const loaded = await patiently(() => load(source, {}, signal), signal);
    grow(loaded.recording);
    return loaded;
  } finally {
    end();
    isRead.abort();
  }
}

/** Asks for what is new while the session runs: what was read stays where it is, the rest comes after it. */
async function follow(source: Source, loaded: Loaded, took: number, signal: AbortSignal): Promise<void> {
  let known = loaded;
  let last = took;
  while (known.recording.session.status === 'live') {
    await pause(FOLLOW_MS + last * FOLLOW_FACTOR, signal);
    if (document.hidden) continue;
    const asked = performance.now();
    known = await patiently(() => loadMore(source, known, signal), signal);
    last = performance.now() - asked;
    grow(known.recording);
  }
}

/** Again, as long as it may be of use. */
async function patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      const done = await work();
      if (!signal.aborted) trouble.value = '';
      return done;
    } catch (error) {
      signal.throwIfAborted();
      const { kind, message } = asFailure(error);
      if (kind !== 'unreachable' && kind !== 'busy') throw error;
      trouble.value = message;
    }
    await pause(FOLLOW_MS, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

function fail(failure: Failure): void {
  if (failure.kind === 'key' && !guest.peek()) {
    refuseKey();
    return;
  }
  const wasSeen = recording.peek() !== null;
  close();
  openFailure.value = failure.kind === 'absent' && wasSeen ? new Failure('gone', ERASED) : failure;
}
