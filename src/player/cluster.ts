// What lies too close together to be told apart becomes one mark: events as clusters, stretches as those that can be seen. Costs as much as is seen, not as there is.
import { firstFrom, lastAt, lastOf } from './search.ts';
import type { Stretch } from './stretches.ts';
import type { TimeWindow } from './time-window.ts';

/** Times [from, to) of a lane. */
export interface Cluster {
  readonly from: number;
  readonly to: number;
  /** Its first and its last time. */
  readonly first: number;
  readonly last: number;
}

/** Clusters after which the counting begins anew: what is one mark does not depend on where the window begins. */
const BLOCK = 64;

/** Those in the window, and next to it, in time order; within each all times are less than `near` ms after the first. Between two blocks they may be twice as long. */
export function clustersIn(times: ArrayLike<number>, window: TimeWindow, near: number): Cluster[] {
  const apart = Math.max(near, 1e-3);
  const block = apart * BLOCK;
  const found: Cluster[] = [];
  const begin = Math.floor(window.from / block) - 1;
  const stop = lastAt(times, window.to + apart) + 1;
  let i = firstFrom(times, begin * block);
  while (i < stop) {
    const first = times[i] as number;
    const end = (Math.floor(first / block) + 1) * block;
    const to = Math.max(i + 1, firstFrom(times, Math.min(first + apart, end), i));
    const cluster = { from: i, to, first, last: times[to - 1] as number };
    const previous = found.at(-1);
    if (previous && first - previous.first < apart)
      found[found.length - 1] = { ...cluster, from: previous.from, first: previous.first };
    else found.push(cluster);
    i = to;
  }
  return found.filter(({ last }) => last >= window.from - apart);
}

/** Of stretches in time order what is seen in the window: of those that would lie on the same `least` ms only the first. */
export function stretchesIn<S extends Stretch>(stretches: readonly S[], window: TimeWindow, least: number): S[] {
  const found: S[] = [];
  const endOf = ({ to }: S) => to;
  let i = lastOf(stretches, window.from, endOf) + 1;
  while (i < stretches.length && (stretches[i] as S).from <= window.to) {
    const stretch = stretches[i] as S;
    found.push(stretch);
    i = Math.max(i, lastOf(stretches, Math.max(stretch.to, stretch.from + least), endOf)) + 1;
  }
  return found;
}
