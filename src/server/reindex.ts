// Rebuilds the catalog from the objects, the erasure log and the hot store alone. Called by the CLI, and at start where the index is gone.
import { readErasures } from './erase.ts';
import { indexKept } from './fallback.ts';
import { rowOf } from './hot-session.ts';
import type { CatalogRow, Ports, Writer } from './ports.ts';
import { deleteObjects, parseObjectKey, SESSIONS_PREFIX, sealedRow } from './session-objects.ts';

/** How far a rebuilding has come. */
export interface Progress {
  phase: 'erasures' | 'objects' | 'running' | 'done';
  /** Where the phase goes on: after this time of erasure, object key or session id; empty at its begin. */
  after: string;
  /** In the index so far. */
  sessions: number;
  /** Without a single readable object, and left out. */
  unreadable: number;
}

/** Rows written in one go. */
const ROWS = 200;

/** How many sessions the index holds afterwards, those without a single readable object left out and counted. */
export async function reindex(ports: Ports, writer: Writer): Promise<{ sessions: number; unreadable: number }> {
  let progress = await reindexStep(ports, writer, Number.POSITIVE_INFINITY);
  while (progress.phase !== 'done') progress = await reindexStep(ports, writer, Number.POSITIVE_INFINITY, progress);
  const { sessions, unreadable } = progress;
  return { sessions, unreadable };
}

/** One step, of at most about `limit` sessions; the first, which empties the index, where there is no progress yet. */
export async function reindexStep(ports: Ports, writer: Writer, limit: number, from?: Progress): Promise<Progress> {
  return writer.alone(async () => {
    if (!from) {
      await ports.catalog.reset();
      return learnErased(ports, limit, { phase: 'erasures', after: '', sessions: 0, unreadable: 0 });
    }
    if (from.phase === 'erasures') return learnErased(ports, limit, from);
    if (from.phase === 'objects') return indexObjects(ports, limit, from);
    return indexRunning(ports, limit, from);
  });
}

async function learnErased(ports: Ports, limit: number, from: Progress): Promise<Progress> {
  let ids = 0;
  let last = Number(from.after || Number.NEGATIVE_INFINITY);
  // What was erased in the same millisecond stays in one step.
  for await (const erasures of readErasures(ports, Number.isFinite(last) ? last + 1 : 0)) {
    const { at } = erasures[0]!;
    if (ids >= limit && at > last) return { ...from, after: String(last) };
    await ports.catalog.markErased(
      erasures.map((erasure) => erasure.session_id),
      at,
    );
    last = Math.max(last, at);
    ids += erasures.length;
  }
  return { ...from, phase: 'objects', after: '' };
}

async function indexObjects(ports: Ports, limit: number, from: Progress): Promise<Progress> {
  const { catalog, objects } = ports;
  let progress = { ...from };
  let found: { sessionId: string; day: number }[] = [];
  let end = from.after;
  const index = async () => {
    const erased = await catalog.erasedOf(found.map(({ sessionId }) => sessionId));
    const rows: CatalogRow[] = [];
    for (const { sessionId, day } of found) {
      // A restored backup has brought it back.
      if (erased.has(sessionId)) await deleteObjects(objects, sessionId, day);
      else {
        const row = await sealedRow(objects, sessionId, day);
        if (row) rows.push(row);
        else progress.unreadable++;
      }
    }
    // A row that is there was written since the reset, by a seal that saw more.
    const newer = await catalog.findMany(rows.map(({ record }) => record.session_id));
    await catalog.upsert(rows.filter(({ record }) => !newer.has(record.session_id)));
    progress = { ...progress, sessions: progress.sessions + rows.length, after: end };
  };
  let handled = 0;
  // Keys come in order, so those of a session lie together.
  for await (const key of objects.list(SESSIONS_PREFIX, from.after)) {
    const named = parseObjectKey(key);
    if (!named || Number.isNaN(named.day)) continue;
    if (named.session_id !== found.at(-1)?.sessionId) {
      if (handled >= limit) break;
      if (found.length >= ROWS) {
        await index();
        found = [];
      }
      found.push({ sessionId: named.session_id, day: named.day });
      handled++;
    }
    end = key;
  }
  if (found.length > 0) await index();
  return handled >= limit ? progress : { ...progress, phase: 'running', after: '' };
}

async function indexRunning({ catalog, hot }: Ports, limit: number, from: Progress): Promise<Progress> {
  const progress = { ...from };
  const index = async (ids: string[]) => {
    const erased = await catalog.erasedOf(ids);
    for (const id of erased) await hot.erase(id);
    const running = await hot.digests(ids.filter((id) => !erased.has(id)));
    const known = await catalog.findMany([...running.keys()]);
    progress.sessions += running.size - known.size;
    progress.after = ids.at(-1)!;
    await catalog.upsert([...running.values()].map((session) => rowOf(session, 'live')));
  };
  let ids: string[] = [];
  for await (const id of hot.sessions(from.after)) {
    ids.push(id);
    if (ids.length < Math.min(limit, ROWS)) continue;
    await index(ids);
    if (limit <= ROWS) return progress;
    ids = [];
  }
  if (ids.length > 0) await index(ids);
  progress.sessions += await indexKept(catalog);
  await catalog.markComplete();
  return { ...progress, phase: 'done' };
}
