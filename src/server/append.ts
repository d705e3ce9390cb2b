// Gives a batch to the hot store, and tells it where a session comes from that is not hot. Called by collect and fallback.
import type { EventBatch } from '../format/batch.ts';
import { beginSession } from './admission.ts';
import { isLogged } from './erasure-log.ts';
import type { Adoption, Arrival, Known, Ports, Receipt } from './ports.ts';
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
  const adoption = await adopt(ports, batch, arrival);
  if (!adoption) return { kind: 'erased' };
  if (adoption.kind === 'new') await begin();
  return ports.hot.append(batch, arrival, adoption);
}

/** Where a session that is not hot comes from; null: it was erased. */
async function adopt(ports: Ports, batch: EventBatch, arrival: Arrival): Promise<Adoption | null> {
  const { catalog, objects, clock } = ports;
  const { session_id } = arrival;
  const known = await catalog.known(session_id);
  if (await wasErased(ports, known, batch, arrival)) return null;
  const started_at = known.record?.started_at ?? (known.lacks === 'nothing' ? null : startOf(batch, arrival));
  if (started_at === null) return { kind: 'new' };
  const sealed = await sumObjects(objects, session_id, started_at);
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

/** Exact though the catalog may have lost what was erased: then the log is asked. */
export async function wasErased(ports: Ports, known: Known, batch: EventBatch, arrival: Arrival): Promise<boolean> {
  if (known.erased_at !== null) return true;
  if (known.record || known.lacks !== 'erasures') return false;
  const started_at = startOf(batch, arrival);
  return started_at !== null && isLogged(ports, arrival.session_id, started_at);
}

/** Epoch ms, as far as this batch alone tells; null: too long ago for any session to go on. */
function startOf(batch: EventBatch, arrival: Arrival): number | null {
  const session = beginSession(batch, arrival);
  return 'kind' in session ? null : session.started_at;
}
