// Batches that the hot store cannot take: kept in the catalog, durably, and moved to the hot store once it answers. Called by collect, read, reindex and the schedule.
import type { EventBatch, StoredBatch } from '../format/batch.ts';
import type { SessionOrigin } from '../format/session.ts';
import { beginSession, HotState, offsetOf } from './admission.ts';
import { appendBatch, wasErased } from './append.ts';
import { attemptEach } from './attempt-each.ts';
import type { App } from './context.ts';
import { rowOf } from './hot-session.ts';
import {
  type Arrival,
  type Catalog,
  type HotSession,
  type KeptBatch,
  type Ports,
  type Receipt,
  StoreBusy,
  StoreUnavailable,
} from './ports.ts';
import { SESSION_BATCHES } from './rate-limit.ts';

/** Sessions looked at in one go. */
const SESSIONS = 100;
/** Batches that a step moves for each session of its limit. */
const BATCHES = 4;

/** Whether a batch that met this error is to be kept: the hot store is away. A full disk, or too much at once, is the sender's to wait for. */
export function isHotAway(error: unknown): boolean {
  return error instanceof StoreUnavailable && error.store === 'hot' && !error.full && !(error instanceof StoreBusy);
}

/** Judges a batch without the hot store, and keeps it. `begin` is called before a session begins that was never here; it may throw. */
export async function keepBatch(
  { ports, counters }: App,
  batch: EventBatch,
  arrival: Arrival,
  begin: () => Promise<void>,
): Promise<Receipt> {
  const { catalog } = ports;
  const { session_id, received_at } = arrival;
  const known = await catalog.known(session_id);
  if (await wasErased(ports, known, batch, arrival)) return { kind: 'erased' };
  const row = known.record;
  const size = await catalog.keptSize(session_id, received_at - SESSION_BATCHES.ms);
  if (!row && size.batches === 0) await begin();
  if (arrival.limited && size.recent >= SESSION_BATCHES.count) {
    return { kind: 'refused', limit: 'rate', seconds: SESSION_BATCHES.ms / 1000 };
  }
  const session = row ? sessionFrom(row, row.started_at - batch.key_start) : beginSession(batch, arrival);
  if ('kind' in session) return session;
  session.event_count = (row?.event_count ?? 0) + size.events;
  session.byte_count = size.size;
  const state = new HotState(session);
  const decision = state.admit(batch, { ...arrival, limited: false });
  if (decision.kind !== 'admitted') return decision;

  const { accepted, rejected } = decision.batch;
  const offset = offsetOf(batch, received_at, session.clock_offset);
  const events = decision.batch.events.map((event) => ({ ...event, timestamp: event.timestamp - offset }));
  const judged = { ...batch, session_key: '', events, rejected };
  const answer = await catalog.keep({ batch: judged, arrival, accepted, rejected });
  if (!answer) return { kind: 'erased' };
  counters.add('batch_kept');
  // Before the answer: a session that can be read can be erased.
  if (!row) await catalog.upsert([rowOf({ session, digest: state.digest }, 'live')]);
  return { kind: 'stored', ...answer, first: false, grown: false };
}

/** Kept batches as the hot store will have them; `known`: the session, where hot store or objects have it. Null: there are none. */
export function storedFrom(
  kept: readonly KeptBatch[],
  known: HotSession | null,
): { session: HotSession; digest: HotState['digest']; batches: StoredBatch[] } | null {
  const first = kept[0];
  if (!first) return null;
  const session = known ? { ...known } : beginSession(first.batch, first.arrival);
  if ('kind' in session) return null;
  const state = new HotState(session);
  const batches: StoredBatch[] = [];
  for (const { batch, arrival } of kept) {
    const decision = state.admit(batch, { ...arrival, acknowledged: true });
    if (decision.kind === 'admitted') batches.push(decision.batch);
  }
  return { session, digest: state.digest, batches };
}

/** Writes rows of sessions of which nothing but kept batches is here, of at most `limit` after `after`; the last of them, or null: there are no more. */
export async function indexKept(catalog: Catalog, limit: number, after: string): Promise<string | null> {
  const ids = await catalog.keptSessions(Math.min(SESSIONS, limit), after);
  if (ids.length === 0) return null;
  const rows = await catalog.findMany(ids);
  const erased = await catalog.erasedOf(ids);
  if (erased.size > 0) await catalog.remove([...erased]);
  for (const id of ids.filter((id) => !rows.has(id) && !erased.has(id))) {
    const stored = storedFrom(await catalog.kept(id), null);
    if (stored) await catalog.fill([rowOf(stored, 'live')]);
  }
  return ids.at(-1)!;
}

/** A session of which only this is known, so that a batch can be judged by its times. */
export function sessionFrom(origin: SessionOrigin, clock_offset: number): HotSession {
  return {
    ...origin,
    clock_offset,
    touched_at: 0,
    event_count: 0,
    byte_count: 0,
    sealed_batches: [],
    sealed_event_ids: [],
    next_object: 1,
  };
}

/**
 * Moves kept batches to the hot store, a bounded step: of at most `limit` sessions some `BATCHES` times as many; true: some were
 * moved, and there may be more. A session that cannot be moved holds up no other. Every step can be repeated.
 */
export async function moveKept({ ports, writer }: Pick<App, 'ports' | 'writer'>, limit: number): Promise<boolean> {
  const { catalog, clock } = ports;
  let left = BATCHES * limit;
  const ids = await catalog.keptToMove(Math.min(SESSIONS, limit));
  const moveSession = async (id: string) => {
    if (left <= 0) return;
    const kept = await catalog.kept(id, left);
    left -= kept.length;
    const moved: EventBatch[] = [];
    try {
      for (const { batch, arrival } of kept) {
        await move(ports, batch, { ...arrival, acknowledged: true });
        moved.push(batch);
      }
    } finally {
      // Those before the one that failed are not moved again.
      if (moved.length > 0) {
        writer.note(id);
        await writer.flush();
        await catalog.removeKept(id, moved);
      }
    }
  };
  await attemptEach(ids, moveSession, (failed) => catalog.postpone(failed, clock.now()));
  return ids.length > 0;
}

/** Ends where the hot store has the batch, or its session was erased. */
async function move(ports: Ports, batch: EventBatch, arrival: Arrival): Promise<void> {
  const receipt = await appendBatch(ports, batch, arrival);
  if (receipt.kind === 'stored' || receipt.kind === 'duplicate' || receipt.kind === 'erased') return;
  throw new Error(`a kept batch cannot be moved: ${receipt.kind}`);
}
