// What is found in a session at its seal: of batches that are here, and of those that lie in objects since an earlier one. Called by seal.ts and a session's own object on Cloudflare.
import { Acts } from '../analysis/signals/acts.ts';
import { findSignals } from '../analysis/signals/find.ts';
import type { Thresholds } from '../analysis/signals/thresholds.ts';
import type { Finding } from '../format/signal.ts';
import type { HotSession, ObjectStore, SealPart } from './ports.ts';
import { readObjects } from './session-objects.ts';

/** `here`: the last objects, as they were put; only what was before them is read back. `most`: see `readObjects`. */
export async function findingsAtSeal(
  store: ObjectStore,
  { session_id, started_at, next_object }: Pick<HotSession, 'session_id' | 'started_at' | 'next_object'>,
  here: readonly SealPart[],
  thresholds: Thresholds,
  most?: number,
): Promise<Finding[]> {
  const acts = new Acts();
  const first = here[0]?.object ?? next_object;
  if (first > 1) {
    for await (const { number, object } of readObjects(store, session_id, started_at, most)) {
      if (number < first) for (const { events } of object?.batches ?? []) acts.add(events);
    }
  }
  for (const { batches } of here) for (const { events } of batches) acts.add(events);
  return findSignals(acts, thresholds, true);
}
