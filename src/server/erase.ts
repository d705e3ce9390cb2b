// Removes sessions from every store: by wish of an owner, or because their time is over. Called by the API, the CLI and the schedule.
import { attemptEach } from './attempt-each.ts';
import type { App } from './context.ts';
import { type Erasure, logErasures, readErasures } from './erasure-log.ts';
import {
  type Catalog,
  type Clock,
  type Ports,
  type Running,
  StoreUnavailable,
  type Unfinished,
  type Writer,
} from './ports.ts';
import { deleteObjects } from './session-objects.ts';
import { removeShares } from './shares.ts';
import { removeMarks } from './watched.ts';

/** How much was removed, by kind; `rows` counts those of hot store and catalog. */
export interface EraseReceipt {
  erased: { sessions: number; events: number; objects: number; rows: number };
  /** Epoch ms. */
  at: number;
}

/** Sessions in one go. */
const SESSIONS = 500;
const DAY_MS = 86_400_000;

type Stored = Pick<App, 'ports' | 'writer'>;

/**
 * Erases those of `sessionIds` that exist: all are unreadable from here on, whatever happens, and what `limit` of them have stored
 * is removed, unless more than that run; the rest is left to `continueErasing`. The receipt counts the sessions and events of all, the objects and rows that went.
 */
export async function eraseSessions(
  { ports, writer }: Stored,
  sessionIds: string[],
  reason: Erasure['reason'],
  limit: number,
): Promise<EraseReceipt> {
  const at = ports.clock.now();
  const receipt: EraseReceipt = { erased: { sessions: 0, events: 0, objects: 0, rows: 0 }, at };
  const { erased } = receipt;
  let left = limit;
  for (let i = 0; i < sessionIds.length; i += SESSIONS) {
    const found = await findSessions(ports, sessionIds.slice(i, i + SESSIONS), left);
    if (found.length === 0) continue;
    const erasures = found.map(({ session_id, started_at }) => ({ session_id, started_at, at, reason }));
    await logErasures(ports.objects, erasures);
    erased.sessions += found.length;
    for (const { event_count } of found) erased.events += event_count;
    await writer.alone(async () => {
      erased.rows += await forget(ports, erasures);
      try {
        // Where there are running ones beyond the limit, twice as many are closed at least: from here on their batches are answered 410.
        const closesOnly = found.slice(left, 2 * left).some(({ is_live }) => is_live);
        if (closesOnly) {
          for (const { session_id, is_live } of found.slice(0, 2 * left))
            if (is_live) erased.rows += (await ports.hot.erase(session_id)).rows;
        } else await removeStored(ports, erasures.slice(0, left), erased);
      } catch (error) {
        // It is promised by now: what is left is removed once the store answers.
        if (!(error instanceof StoreUnavailable)) throw error;
      }
    });
    left = Math.max(0, left - found.length);
  }
  return receipt;
}

interface Found extends Unfinished {
  event_count: number;
  is_live: boolean;
}

/** The sessions that exist, running ones first: they are not to take another batch. Of running ones `limit` are asked what they come to by now, of the others their row tells. */
async function findSessions({ hot, catalog }: Ports, ids: string[], limit: number): Promise<Found[]> {
  const rows = await catalog.findMany(ids);
  const isKnown = (id: string) => rows.get(id)?.status === 'ended';
  const notEnded = ids.filter((id) => !isKnown(id));
  const most = Math.max(1, limit);
  const running = await hot.digests(notEnded.slice(0, most));
  const unasked = new Set(notEnded.slice(most));
  const keptEvents = await catalog.keptEvents(ids);
  const found: Found[] = [];
  const isLive = (id: string) => running.has(id) || rows.get(id)?.status === 'live';
  const ordered = [...ids.filter(isLive), ...ids.filter((id) => !isLive(id))];
  for (const session_id of ordered) {
    const now = running.get(session_id);
    const row = rows.get(session_id);
    const started_at = now?.session.started_at ?? row?.started_at;
    if (started_at === undefined) continue;
    const kept = unasked.has(session_id) ? 0 : (keptEvents.get(session_id) ?? 0);
    // The row of a session that runs nowhere was made of its first kept batch.
    const stored = now ? now.digest.event_count : row!.status === 'live' && kept > 0 ? 0 : row!.event_count;
    found.push({ session_id, started_at, event_count: stored + kept, is_live: isLive(session_id) });
  }
  return found;
}

/** From here on the sessions are in no list, cannot be read, and take no batch; how many rows went. */
async function forget({ catalog }: Ports, erasures: Erasure[]): Promise<number> {
  const ids = erasures.map((erasure) => erasure.session_id);
  await catalog.beginErasing(erasures);
  await catalog.markErased(ids, erasures[0]!.at);
  return catalog.remove(ids);
}

/** Removes what hot store and objects have of sessions, and counts it; one that fails holds up no other. Every step can be repeated. */
async function removeStored(
  { hot, objects, catalog, clock }: Ports,
  sessions: Unfinished[],
  removed = { rows: 0, objects: 0 },
): Promise<void> {
  const done: string[] = [];
  const remove = async ({ session_id, started_at }: Unfinished) => {
    removed.rows += (await hot.erase(session_id)).rows;
    removed.objects += await deleteObjects(objects, session_id, started_at);
    done.push(session_id);
  };
  const postpone = (failed: Unfinished[]) =>
    catalog.postpone(
      failed.map(({ session_id }) => session_id),
      clock.now(),
    );
  try {
    await attemptEach(sessions, remove, postpone);
  } finally {
    if (done.length > 0) {
      await removeShares(objects, done);
      await removeMarks({ objects, catalog }, done);
      await catalog.endErasing(done);
    }
  }
}

/** Goes on with erasures that were begun, a step of at most `limit` sessions: what it removed, and there may be more; null: nothing is left. */
export async function continueErasing(ports: Ports, limit: number): Promise<{ rows: number; objects: number } | null> {
  const sessions = await ports.catalog.erasing(Math.min(SESSIONS, limit));
  const removed = { rows: 0, objects: 0 };
  await removeStored(ports, sessions, removed);
  return sessions.length > 0 ? removed : null;
}

/** Does every erasure since `since` (epoch ms) again: a crash may have cut it short, a restored backup may have undone it. */
export async function repeatErasures(stored: Stored, since: number): Promise<void> {
  for await (const erasures of readErasures(stored.ports, since)) await repeat(stored, erasures);
}

/** Does those again that the catalog has not heard of, or not to the end: it is an older one that was restored, or a power cut undid its latest writes. */
export async function learnErasures(stored: Stored): Promise<void> {
  for await (const erasures of readErasures(stored.ports)) {
    const { catalog } = stored.ports;
    const ids = erasures.map(({ session_id }) => session_id);
    const known = await catalog.erasedOf(ids);
    const rows = await catalog.findMany(ids);
    if (rows.size > 0 || known.size < new Set(ids).size) await repeat(stored, erasures);
  }
}

async function repeat({ ports, writer }: Stored, erasures: Erasure[]): Promise<void> {
  await writer.alone(async () => {
    await forget(ports, erasures);
    await removeStored(ports, erasures);
  });
}

/** Throws StoreUnavailable while the index is rebuilt: what is not in it yet would be missed. */
export async function expectComplete(catalog: Catalog): Promise<void> {
  if (await catalog.rebuilding()) throw new StoreUnavailable('catalog');
}

/** The time (epoch ms) before which a session's last event, or its import, must lie for the session to be expired. */
export function retention(clock: Clock, days: number): () => number {
  return () => clock.now() - days * DAY_MS;
}

/**
 * Removes sessions whose last event, or import, lies before `keptSince()`, a bounded step; true: something was removed, and there
 * may be more. Nothing while the clock is not steady.
 */
export async function retain({
  ports,
  writer,
  options,
  keptSince,
}: Pick<App, 'ports' | 'writer' | 'options' | 'keptSince'>) {
  if (ports.clock.isSteady?.() === false) return false;
  const before = keptSince();
  const limit = Math.min(SESSIONS, options.sessionsAtOnce);
  await writer.flush();
  const ids = await runningBefore(ports, writer, before, limit);
  if (ids.length < limit) {
    for (const { session_id } of await ports.catalog.expired(before, limit - ids.length)) ids.push(session_id);
  }
  const { erased } = await eraseSessions({ ports, writer }, ids, 'expired', limit);
  return erased.sessions > 0;
}

/** Running sessions whose last event lies before `before`: there are some where they are sealed late and kept shortly. */
async function runningBefore(
  { hot, catalog }: Ports,
  writer: Writer,
  before: number,
  limit: number,
): Promise<string[]> {
  const ids = (await catalog.expiredRunning(before, limit)).map(({ session_id }) => session_id);
  if (ids.length === 0) return ids;
  const running = await hot.digests(ids);
  const isOver = (id: string) => {
    const now = running.get(id);
    return !now || lastOf(now) < before;
  };
  // The row of one that goes on was behind.
  for (const id of ids) if (!isOver(id)) writer.note(id);
  return ids.filter(isOver);
}

/** Epoch ms. */
function lastOf({ session, digest }: Running): number {
  return digest.last_at ?? session.started_at;
}

/**
 * Sessions, running ones included, whose last event lies before `before`. Of running ones `limit` are asked; how many were
 * not, though their rows, which may be behind, say the same of them, is `unasked`.
 */
export async function sessionsBefore(
  { catalog, hot }: Ports,
  before: number,
  limit: number,
): Promise<{ ids: string[]; unasked: number }> {
  const ids = await catalog.endedBefore(before);
  const rows = await catalog.findMany(ids);
  const live = ids.filter((id) => rows.get(id)?.status === 'live');
  const running = await hot.digests(live.slice(0, limit));
  const unasked = new Set(live.slice(limit));
  const isOver = (id: string) => {
    const now = running.get(id);
    return !unasked.has(id) && (!now || lastOf(now) < before);
  };
  return { ids: ids.filter(isOver), unasked: unasked.size };
}
