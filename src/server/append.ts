// Gives a batch to the hot store, and tells it where a session comes from that is not hot. Called by collect and fallback.
import type { EventBatch } from '../format/batch.ts';
import type { Adoption, Arrival, Ports, Receipt } from './ports.ts';
import { sumObjects } from './session-objects.ts';

/** `begin` is called before a session begins that was never here; it may throw. */
export async function appendBatch(
  ports: Ports,
  batch: EventBatch,
  arrival: Arrival,
  begin: () => Promise<void> = async () => {},
): Promise<Receipt> {
  const receipt = await ports.hot.append(batch, arrival);
  if (receipt.kind !== 'unknown') return receipt;
  const adoption = await adopt(ports, arrival.session_id);
  if (!adoption) return { kind: 'erased' };
  if (adoption.kind === 'new') await begin();
  return ports.hot.append(batch, arrival, adoption);
}

/** Where a session that is not hot comes from; null: it was erased. */
async function adopt({ catalog, objects, clock }: Ports, sessionId: string): Promise<Adoption | null> {
  if ((await catalog.erasedAt(sessionId)) !== null) return null;
  const row = await catalog.find(sessionId);
  if (!row) return { kind: 'new' };
  const sealed = await sumObjects(objects, sessionId, row.started_at);
  if (!sealed.newest) return { kind: 'new' };
  const session = {
    ...sealed.newest.session,
    clock_offset: sealed.newest.clock_offset,
    touched_at: clock.now(),
    event_count: sealed.event_count,
    byte_count: sealed.byte_count,
    sealed_batches: sealed.batches,
    sealed_event_ids: sealed.client_ids,
    next_object: sealed.next_object,
  };
  return { kind: 'sealed', session, digest: sealed.digest };
}
