// Gives a batch to the hot store, and tells it where a session comes from that is not hot. Called by collect and fallback.
import { digestOf } from '../analysis/digest.ts';
import type { EventBatch } from '../format/batch.ts';
import { bytesOf } from './admission.ts';
import { orderEvents, uniqueBatches } from './order.ts';
import type { Adoption, Arrival, Ports, Receipt } from './ports.ts';
import { namesOf } from './read-session.ts';
import { getObjects } from './session-objects.ts';

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
  const sealed = await getObjects(objects, sessionId, row.started_at);
  const newest = sealed.objects.at(-1);
  if (!newest) return { kind: 'new' };
  const batches = uniqueBatches(sealed.objects.flatMap((object) => object.batches));
  const events = orderEvents(batches);
  const session = {
    ...newest.session,
    clock_offset: newest.clock_offset,
    touched_at: clock.now(),
    event_count: events.length,
    byte_count: bytesOf(events),
    sealed_batches: namesOf(batches),
    sealed_event_ids: events.map((event) => event.event_id).filter((id) => !id.includes('.')),
    next_object: sealed.next_object,
  };
  return { kind: 'sealed', session, digest: digestOf(events) };
}
