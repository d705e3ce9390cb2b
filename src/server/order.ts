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
}

/** Batches that a page load sent in between and that never arrived. Takes batches in the order of `compareBatches`. */
export function lostBatches(batches: readonly Span[]): Gap[] {
  const gaps: Gap[] = [];
  for (let i = 1; i < batches.length; i++) {
    const before = batches[i - 1]!;
    const after = batches[i]!;
    if (before.page_id !== after.page_id || after.seq <= before.seq + 1) continue;
    const { last_at: from } = before;
    const { first_at: to } = after;
    if (from !== undefined && to !== undefined) gaps.push({ from: Math.min(from, to), to, reason: 'lost' });
  }
  return gaps;
}

export function orderGaps(gaps: Gap[]): Gap[] {
  return [...gaps].sort((a, b) => a.from - b.from || a.to - b.to);
}
