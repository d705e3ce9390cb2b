// Reads one session whole: its objects, and what is not there yet from the hot store. Called by the API, export, import and seal.
import { digestOf } from '../analysis/digest.ts';
import { summarize } from '../analysis/summary.ts';
import type { StoredBatch } from '../format/batch.ts';
import type { SessionEvent } from '../format/event.ts';
import type { Gap, SessionOrigin, SessionRecord } from '../format/session.ts';
import type { App } from './context.ts';
import { sessionFrom, storedFrom } from './fallback.ts';
import { originOf } from './hot-session.ts';
import { lostBatches, orderEvents, orderGaps, uniqueBatches } from './order.ts';
import type { Ports } from './ports.ts';
import { getObjects } from './session-objects.ts';

export interface WholeSession {
  session: SessionRecord;
  events: SessionEvent[];
  gaps: Gap[];
}

/** The session with every acknowledged event, in time order; null: there is none, or it was erased. */
export async function readSession(ports: Ports, sessionId: string): Promise<WholeSession | null> {
  const { catalog } = ports;
  // Kept batches before the tail, the tail before the objects: what is moved meanwhile is then seen twice, never not at all.
  const kept = await catalog.kept(sessionId);
  const tail = await tailOf(ports, sessionId);
  const row = await catalog.find(sessionId);
  const known = tail?.session ?? row ?? storedFrom(kept, null)?.session;
  if (!known || (await catalog.erasedAt(sessionId)) !== null) return null;

  const sealed = await getObjects(ports.objects, sessionId, known.started_at);
  const newest = sealed.objects.at(-1);
  const late = storedFrom(kept, tail?.session ?? (newest ? sessionFrom(newest.session, newest.clock_offset) : null));
  const origin = tail
    ? originOf(tail.session)
    : (sealed.objects[0]?.session ?? (late && originOf(late.session)) ?? row!);
  const batches = uniqueBatches([
    ...sealed.objects.flatMap((object) => object.batches),
    ...(tail?.batches ?? []),
    ...(late?.batches ?? []),
  ]);
  if (batches.length === 0 && sealed.gaps.length === 0 && !row) return null;
  const events = orderEvents(batches);
  const gaps = orderGaps([
    ...sealed.gaps,
    ...sealed.objects.flatMap((object) => object.gaps ?? []),
    ...(sealed.gaps.length > 0 ? [] : lostBatches(batches)),
  ]);
  return { session: recordOf(origin, events, tail || late ? 'live' : 'ended', row), events, gaps };
}

/** Null: not hot. A session that ended is read from its objects though the hot store does not answer. */
async function tailOf({ hot, catalog }: Ports, sessionId: string): ReturnType<Ports['hot']['tail']> {
  try {
    return await hot.tail(sessionId);
  } catch (error) {
    if ((await catalog.find(sessionId))?.status === 'ended') return null;
    throw error;
  }
}

/** As `readSession`; null also for what is expired and not yet removed. */
export async function readKept({ ports, keptSince }: Pick<App, 'ports' | 'keptSince'>, sessionId: string) {
  const whole = await readSession(ports, sessionId);
  return whole && (whole.session.imported_at ?? whole.session.ended_at) >= keptSince() ? whole : null;
}

/** What the events come to; a session of which nothing is readable any more keeps what the catalog knew. */
function recordOf(
  origin: SessionOrigin,
  events: SessionEvent[],
  status: 'live' | 'ended',
  row: SessionRecord | null,
): SessionRecord {
  if (events.length === 0 && row) return { ...row, status };
  return summarize(origin, digestOf(events), status);
}

/** Batches of a session that lie in objects, as a session that comes back from them needs them. */
export function namesOf(batches: StoredBatch[]): Omit<StoredBatch, 'events'>[] {
  return batches.map(({ events: _, ...name }) => name);
}
