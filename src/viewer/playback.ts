// What is being watched and where: the recording, its playhead, and the frame to be seen, redrawn by whoever reads it.
import { batch, computed, effect, signal } from '@preact/signals';
import { type Frame, frameAt } from '../player/frame.ts';
import { onlyTab, tabWith } from '../player/only-tab.ts';
import * as clock from '../player/playhead.ts';
import { isWithin, type Recording } from '../player/recording.ts';
import { skipIdle as skipTarget } from '../player/stretches.ts';
import { skipIdle } from './preferences.ts';

export const recording = signal<Recording | null>(null);
const playhead = signal<clock.Playhead>(clock.createPlayhead(0));
/** ms; changes with every animation frame while playing. */
export const position = signal(0);
/** A page load of the tab on which the user stays; null: the one that the visitor used is shown. */
export const stayOn = signal<number | null>(null);
/** The recording as it is shown. */
export const watched = computed(() => {
  const tab = recording.value && stayOn.value !== null ? tabWith(recording.value, stayOn.value) : null;
  return recording.value && tab ? onlyTab(recording.value, tab) : recording.value;
});
export const frame = computed<Frame | null>(() => watched.value && frameAt(watched.value, position.value));
export const duration = computed(() => recording.value?.duration ?? 0);
export const playState = computed(() => playhead.value.state);
/** What is to be seen here is still on its way. */
export const isComing = computed(() => recording.value !== null && !isWithin(recording.value.part, position.value));
/** Playing, or waiting to go on by itself: what the button would stop. */
export const isPlaying = computed(() => playState.value === 'playing' || playState.value === 'waiting');
export const speed = computed(() => playhead.value.speed);
/** ms from the end of what a running session has so far, within which one sees it live. */
const EDGE_MS = 15_000;
export const isAtEdge = computed(() => isLive() && isPlaying.value && duration.value - position.value <= EDGE_MS);
/** The user holds the playhead; time stands still meanwhile. */
export const isScrubbing = signal(false);
/** The last jump over idle time, ms; `at` by performance.now(). */
export const lastSkip = signal<{ length: number; at: number } | null>(null);

/** The session that begins by itself once it is loaded. */
let toPlay: string | null = null;

export function playOnceOpen(id: string): void {
  toPlay = id;
}

/** ms that the arrow keys move. */
export const STEP_MS = 5000;

export function open(loaded: Recording, at: number): void {
  batch(() => {
    recording.value = loaded;
    stayOn.value = null;
    const placed = clock.createPlayhead(loaded.duration, at, speed.value);
    playhead.value = toPlay === loaded.session.session_id ? clock.play(placed, performance.now()) : placed;
    toPlay = null;
    lastSkip.value = null;
    place();
  });
}

/** More of the recording that is being watched. Who sees it live goes on doing so, also where much came at once. */
export function grow(loaded: Recording): void {
  batch(() => {
    const now = performance.now();
    const wasAtEdge = isAtEdge.peek();
    recording.value = loaded;
    playhead.value = clock.extend(playhead.value, loaded.duration, isLive(), now);
    if (wasAtEdge && isLive() && loaded.duration - clock.positionAt(playhead.value, now) > EDGE_MS) {
      playhead.value = clock.seek(playhead.value, loaded.duration - EDGE_MS, now);
    }
    place();
  });
}

/** To the end of what a running session has so far, and on with whatever comes. */
export function goLive(): void {
  batch(() => {
    playhead.value = clock.follow(playhead.value, performance.now());
    place();
  });
}

function isLive(): boolean {
  return recording.value?.session.status === 'live';
}

export function close(): void {
  batch(() => {
    recording.value = null;
    playhead.value = clock.createPlayhead(0, 0, speed.value);
    place();
  });
}

export function togglePlay(): void {
  if (!recording.value) return;
  const change = isPlaying.value ? clock.pause : clock.play;
  batch(() => {
    playhead.value = change(playhead.value, performance.now());
    place();
  });
}

/** ms; held within the recording. */
export function seekTo(target: number): void {
  if (!recording.value) return;
  batch(() => {
    playhead.value = clock.seek(playhead.value, target, performance.now());
    lastSkip.value = null;
    place();
  });
}

export function seekBy(ms: number): void {
  seekTo(position.value + ms);
}

export function setSpeed(chosen: clock.Speed): void {
  playhead.value = clock.setSpeed(playhead.value, chosen, performance.now());
}

function place(): void {
  position.value = clock.positionAt(playhead.value, performance.now());
}

/** Runs the clock: one turn per animation frame, and none while nothing moves. */
export function keepTime(): void {
  effect(() => {
    if (playState.value !== 'playing' || isScrubbing.value) return;
    // Time that passed while the user held the playhead does not count.
    playhead.value = clock.seek(playhead.peek(), position.peek(), performance.now());
    let turn = requestAnimationFrame(function advance() {
      turn = requestAnimationFrame(advance);
      batch(tick);
    });
    return () => cancelAnimationFrame(turn);
  });
}

function tick(): void {
  const loaded = recording.value;
  if (!loaded) return;
  const now = performance.now();
  if (skipIdle.value) {
    const from = clock.positionAt(playhead.value, now);
    const target = skipTarget(loaded.idle, from, loaded.duration);
    if (target > from) {
      playhead.value = clock.seek(playhead.value, target, now);
      lastSkip.value = { length: target - from, at: now };
    }
  }
  place();
  playhead.value = isComing.value ? clock.wait(playhead.value, now) : clock.settle(playhead.value, now, isLive());
}
