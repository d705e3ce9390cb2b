// The total order of a session's events: by time, then tab, batch and place in it; the same whatever the order of arrival.
import type { StoredBatch } from '../format/batch.ts';
import type { SessionEvent } from '../format/event.ts';
import type { Gap } from '../format/session.ts';

/** By tab and number; in this order batches go into objects. */
export function compareBatches(a: StoredBatch, b: StoredBatch): number {
  if (a.page_id !== b.page_id) return a.page_id < b.page_id ? -1 : 1;
  return a.seq - b.seq;
}

/** Each batch once, whichever store it was read from. */
export function uniqueBatches(batches: StoredBatch[]): StoredBatch[] {
  const byName = new Map<string, StoredBatch>();
  for (const batch of batches) {
    const name = `${batch.page_id}.${batch.seq}`;
    if (!byName.has(name)) byName.set(name, batch);
  }
  return [...byName.values()].sort(compareBatches);
}

/** Every event once, in the total order. Takes batches in the order of `compareBatches`. */
export function orderEvents(batches: StoredBatch[]): SessionEvent[] {
  const seen = new Set<string>();
  const events: SessionEvent[] = [];
  for (const batch of batches) {
    for (const event of batch.events) {
      if (seen.has(event.event_id)) continue;
      seen.add(event.event_id);
      events.push(event);
    }
  }
  // Array sort is stable: events of the same ms keep the order of their batches.
  return events.sort((a, b) => a.timestamp - b.timestamp);
}

/** Batches that a page load sent in between and that never arrived. Takes batches in the order of `compareBatches`. */
export function lostBatches(batches: StoredBatch[]): Gap[] {
  const gaps: Gap[] = [];
  for (let i = 1; i < batches.length; i++) {
    const before = batches[i - 1]!;
    const after = batches[i]!;
    if (before.page_id !== after.page_id || after.seq <= before.seq + 1) continue;
    const from = before.events.at(-1)?.timestamp;
    const to = after.events[0]?.timestamp;
    if (from !== undefined && to !== undefined) gaps.push({ from: Math.min(from, to), to, reason: 'lost' });
  }
  return gaps;
}

export function orderGaps(gaps: Gap[]): Gap[] {
  return [...gaps].sort((a, b) => a.from - b.from || a.to - b.to);
}
