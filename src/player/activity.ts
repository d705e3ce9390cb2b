// How much happened when: events counted into columns of equal time, so that 3 or 100,000 of them draw as fast and read as well. The timeline calls it.
import { firstFrom } from './search.ts';
import type { TimeWindow } from './time-window.ts';

export interface Columns {
  /** ms of a column; column i begins at (`first` + i) × ms, wherever the window does. */
  readonly ms: number;
  readonly first: number;
  readonly counts: Uint32Array;
}

/** Those that the window shows, and one more on each side; `least` ms of a column at least, twice that at most. */
export function columnsIn(times: ArrayLike<number>, window: TimeWindow, least: number): Columns {
  const ms = 2 ** Math.ceil(Math.log2(Math.max(least, 1e-3)));
  const first = Math.floor(window.from / ms) - 1;
  const counts = new Uint32Array(Math.floor(window.to / ms) + 2 - first);
  let from = firstFrom(times, first * ms);
  for (let i = 0; i < counts.length; i++) {
    const to = firstFrom(times, (first + i + 1) * ms, from);
    counts[i] = to - from;
    from = to;
  }
  return { ms, first, counts };
}

/** The most events that one column of `ms` holds anywhere: the same for every window, so that nothing grows or shrinks while it moves. */
export function mostIn(times: ArrayLike<number>, ms: number): number {
  let most = 0;
  for (let i = 0; i < times.length; ) {
    const column = Math.floor((times[i] as number) / ms);
    let to = i + 1;
    while (to < times.length && (times[to] as number) < (column + 1) * ms) to++;
    most = Math.max(most, to - i);
    i = to;
  }
  return most;
}
