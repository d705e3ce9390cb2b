// The order of a session's batches and gaps; the same whatever the order of arrival. Called by whoever reads or stores them.
import type { Gap } from '../format/session.ts';

interface Name {
  page_id: string;
  seq: number;
}

/** By tab and number; in this order batches go into objects. */
export function compareBatches(a: Name, b: Name): number {
  if (a.page_id !== b.page_id) return a.page_id < b.page_id ? -1 : 1;
  return a.seq - b.seq;
}

/** Of a batch; epoch ms, undefined where it has no events. */
export interface Span extends Name {
  first_at: number | undefined;
  last_at: number | undefined;
  /** What the tracker had given up before it, in this page load. */
  dropped: number;
}

/**
 * What is missing between the batches of each page load: batches that never arrived, and what the tracker says that it
 * gave up. Takes batches in the order of `compareBatches`; `startedAt`: of the session, epoch ms.
 */
export function lostBatches(batches: readonly Span[], startedAt: number): Gap[] {
  const gaps: Gap[] = [];
  let ends: number[] | undefined;
  /** The last that is known of the session before a page load of which the first batches are missing. */
  const begun = ({ first_at }: Span): number => {
    ends ??= batches.map(({ last_at = startedAt }) => last_at).sort((a, b) => a - b);
    let low = 0;
    for (let high = ends.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (ends[middle]! < (first_at ?? startedAt)) low = middle + 1;
      else high = middle;
    }
    return Math.max(startedAt, ends[low - 1] ?? startedAt);
  };
  for (let first = 0, end = 0; first < batches.length; first = end) {
    while (batches[end]?.page_id === batches[first]!.page_id) end++;
    gaps.push(...lostOf(batches.slice(first, end), begun));
  }
  return gaps;
}

/** Of one page load. */
function lostOf(batches: readonly Span[], begun: (first: Span) => number): Gap[] {
  const gaps: Gap[] = [];
  const told = batches.reduce((most, { dropped }) => Math.max(most, dropped), 0);
  const missing = batches.at(-1)!.seq + 1 - batches.length;
  // Batches that were given up are missing; if more was given up than is missing, mouse samples were, too.
  const reason = told > 0 && told >= missing ? 'dropped' : 'lost';
  batches.forEach((after, i) => {
    const last = batches[i - 1];
    const isMissing = after.seq > (last ? last.seq + 1 : 0) && (last || reason === 'dropped');
    const isThinned = told > missing && after.dropped > (last?.dropped ?? 0);
    if (!isMissing && !isThinned) return;
    const from = last ? last.last_at : begun(after);
    const to = isThinned ? after.last_at : after.first_at;
    if (from !== undefined && to !== undefined) gaps.push({ from: Math.min(from, to), to, reason });
  });
  return gaps;
}

export function orderGaps(gaps: Gap[]): Gap[] {
  return [...gaps].sort((a, b) => a.from - b.from || a.to - b.to);
}
