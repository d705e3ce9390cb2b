// Which part of the session the timeline shows, and how it gets there: smoothly, about the pointer, along with the playhead. Timeline and keys call it.
import { batch, computed, effect, signal, untracked } from '@preact/signals';
import { isWhole, panBy, reveal, type TimeWindow, turnTo, wholeOf, zoomAbout } from '../player/time-window.ts';
import { isStill } from './draw/look.ts';
import { duration, isPlaying, isScrubbing, position, recording, speed } from './playback.ts';

/** Where it is going; null: the whole session, also while that grows. */
const goal = signal<TimeWindow | null>(null);
/** Where it is on its way; null: it has arrived. */
const passing = signal<TimeWindow | null>(null);

export const shown = computed<TimeWindow>(() => passing.value ?? goal.value ?? wholeOf(duration.value));
export const isZoomed = computed(() => goal.value !== null);

/** By how much keys and buttons zoom. */
export const CLOSER = 2;
/** ms in which two thirds of a way are gone. */
const CALM_MS = 70;
/** Share of the span by which a way may still be off when it ends. */
const NEAR = 0.002;
/** Share of the window at its end where the page is turned already. */
const EDGE = 0.02;
/** ms of real time: what moves the playhead further at once is a jump. */
const JUMP_MS = 500;

/** About `at`, else about the playhead, where that is in sight. */
export function zoomBy(factor: number, at?: number): void {
  const { from, to } = shown.peek();
  const playhead = position.peek();
  const about = at ?? (playhead >= from && playhead <= to ? playhead : (from + to) / 2);
  const whole = wholeOf(duration.peek());
  const target = goal.peek() ?? whole;
  // What is pointed at stays under the pointer where the window is still on its way, too.
  const begin = about - ((about - from) / (to - from)) * (target.to - target.from);
  go(zoomAbout({ from: begin, to: begin + target.to - target.from }, whole.to, about, factor));
}

export function pan(ms: number): void {
  go(panBy(goal.peek() ?? shown.peek(), duration.peek(), ms), false);
}

export function showWhole(): void {
  go(wholeOf(duration.peek()));
}

function go(window: TimeWindow, isCalm = true): void {
  batch(() => {
    const from = shown.peek();
    goal.value = isWhole(window, duration.peek()) ? null : window;
    const isOnItsWay = passing.peek() !== null;
    passing.value = isCalm && !isStill.peek() ? from : null;
    if (passing.peek() && !isOnItsWay) {
      let last = performance.now();
      requestAnimationFrame(function step(now: number) {
        approach(Math.max(0, now - last));
        last = now;
        if (passing.peek()) requestAnimationFrame(step);
      });
    }
  });
}

function approach(ms: number): void {
  const from = passing.peek();
  const to = goal.peek() ?? wholeOf(duration.peek());
  if (!from) return;
  const share = 1 - Math.exp(-ms / CALM_MS);
  const next = { from: from.from + (to.from - from.from) * share, to: from.to + (to.to - from.to) * share };
  const off = Math.max(Math.abs(next.from - to.from), Math.abs(next.to - to.to));
  passing.value = off < NEAR * (to.to - to.from) ? null : next;
}

/** Keeps the playhead in sight, unless the user looked away from it himself; returns stop. */
export function followPlayhead(): () => void {
  let before = position.peek();
  let session: string | null = null;
  return effect(() => {
    const at = position.value;
    const open = recording.value?.session.session_id ?? null;
    untracked(() => {
      if (open !== session) {
        session = open;
        goal.value = passing.value = null;
      }
      const window = goal.peek();
      if (window && at !== before) keepInSight(window, at, before);
      before = at;
    });
  });
}

function keepInSight(window: TimeWindow, at: number, before: number): void {
  const { from, to } = window;
  const end = to < duration.peek() ? to - EDGE * (to - from) : to;
  const isSeen = (time: number) => time >= from && time <= end;
  if (isSeen(at)) return;
  if (isScrubbing.peek()) go(reveal(window, duration.peek(), at), false);
  else if (isSeen(before) || !isPlaying.peek() || Math.abs(at - before) > JUMP_MS * speed.peek())
    go(turnTo(window, duration.peek(), at));
}
