// Stretches in which there is nothing to watch (idle, hidden, missing) and moments worth naming; for frames and the timeline.
import type { Gap } from '../format/session.ts';
import { lastOf } from './search.ts';

/** ms from the start, `from` < `to`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export type MomentKind = 'click' | 'page' | 'hidden' | 'visible' | 'error' | 'custom';

/** Something that happened and has a name: an element, a page, an error. */
export interface Moment {
  readonly at: number;
  readonly kind: MomentKind;
  readonly label: string;
  /** Clicks of one burst on one element are one moment. */
  readonly count: number;
  /** Clicks after none of which anything happened. */
  readonly idle?: true;
}

/** ms without activity that make an idle stretch. */
export const IDLE_MS = 10_000;
/** ms for which the last activity before an idle stretch is still being looked at. */
export const IDLE_LEAD_MS = 1500;
/** ms before the next activity at which a skip sets down. */
export const IDLE_TAIL_MS = 1000;
/** A tab that is hidden for less is on its way to another page. */
const HIDDEN_MS = 1000;
const GAPS_MAX = 1000;

/** Stretches in which nothing moved; `reading.ts` tells which of them are idle. */
export function stillStretches(activity: Float64Array, duration: number): Stretch[] {
  const stretches: Stretch[] = [];
  let from = 0;
  for (const at of activity) {
    if (at - from >= IDLE_MS) stretches.push({ from, to: at });
    from = at;
  }
  if (duration - from >= IDLE_MS) stretches.push({ from, to: duration });
  return stretches;
}

/** `turns`: times at which the watched tab was hidden, shown, hidden …, starting with hidden. */
export function hiddenStretches(turns: readonly number[], duration: number): Stretch[] {
  const stretches: Stretch[] = [];
  for (let i = 0; i < turns.length; i += 2) {
    const from = turns[i] as number;
    const to = turns[i + 1] ?? duration;
    if (to - from >= HIDDEN_MS) stretches.push({ from, to });
  }
  return stretches;
}

/** Served gaps (epoch ms) as stretches of the recording, in time order; what makes no sense is left out. */
export function gapsOf(value: unknown, startedAt: number, duration: number): Gap[] {
  if (!Array.isArray(value)) return [];
  const gaps: Gap[] = [];
  for (const gap of value.slice(0, GAPS_MAX)) {
    const { from, to, reason } = (gap ?? {}) as Record<string, unknown>;
    if (typeof from !== 'number' || typeof to !== 'number') continue;
    if (reason !== 'lost' && reason !== 'damaged' && reason !== 'dropped') continue;
    const begin = Math.max(0, from - startedAt);
    const end = Math.min(duration, to - startedAt);
    if (begin <= end) gaps.push({ from: begin, to: end, reason });
  }
  return gaps.sort((a, b) => a.from - b.from);
}

/** The stretch that holds `position`, or null; `stretches` in time order. */
export function stretchAt<S extends Stretch>(stretches: readonly S[], position: number): S | null {
  const stretch = stretches[lastOf(stretches, position, ({ from }) => from)];
  return stretch && position < stretch.to ? stretch : null;
}

/** Where playing on from `position` leads when idle time is skipped: the same position, or shortly before the next activity. */
export function skipIdle(idle: readonly Stretch[], position: number, duration: number): number {
  const stretch = stretchAt(idle, position);
  if (!stretch) return position;
  const target = stretch.to >= duration ? stretch.to : stretch.to - IDLE_TAIL_MS;
  return position >= stretch.from + IDLE_LEAD_MS && position < target ? target : position;
}

/** The first moment after `position`, or null. */
export function nextMoment(moments: readonly Moment[], position: number): Moment | null {
  return moments[lastOf(moments, position, ({ at }) => at) + 1] ?? null;
}
