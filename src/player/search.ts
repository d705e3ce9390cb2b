// Finding a position in sorted times; everything that reads a recording's tracks goes through it.

/** Index of the last time at or before `position` in `times[from, to)`; `from - 1` where all are later. */
export function lastAt(times: ArrayLike<number>, position: number, from = 0, to = times.length): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) <= position) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** As `lastAt`, of things in the order of a time of theirs. */
export function lastOf<T>(things: readonly T[], position: number, timeOf: (thing: T) => number): number {
  let low = 0;
  let high = things.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timeOf(things[middle] as T) <= position) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Index of the first time at or after `position` in `times[from, …)`; `times.length` where all are earlier. */
export function firstFrom(times: ArrayLike<number>, position: number, from = 0): number {
  let low = from;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
