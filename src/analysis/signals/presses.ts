// Clicks as a hand makes them, and what lies after one. Called by the signals that look at clicks.
import type { Act, Click } from './acts.ts';

/** ms: no hand clicks twice in less; a key that is held down does, and a script. */
const HAND_MS = 50;
/** ms between the clicks of a double or triple click, at most. */
export const DOUBLE_MS = 500;

/** In order of time; without those that follow another one of their element sooner than a hand could. */
export function byHand(clicks: readonly Click[]): Click[] {
  return clicks.filter((click, i) => {
    const before = clicks[i - 1];
    return !(before && before.element === click.element && click.at - before.at < HAND_MS);
  });
}

export function sameSpot(a: Click, b: Click, px: number): boolean {
  return a.page === b.page && Math.hypot(a.x - b.x, a.y - b.y) <= px;
}

/** Of acts in order of time the first after `at`. */
export function firstAfter<A extends Act>(acts: readonly A[], at: number): A | undefined {
  return acts[indexAfter(acts, at)];
}

/** Of acts in order of time the last at `at` or before. */
export function lastUntil<A extends Act>(acts: readonly A[], at: number): A | undefined {
  return acts[indexAfter(acts, at) - 1];
}

/** Of acts in order of time, how many are at `at` or before. */
export function indexAfter(acts: readonly Act[], at: number): number {
  let low = 0;
  for (let high = acts.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (acts[middle]!.at <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
