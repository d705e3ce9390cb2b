// Rebuilds the catalog from the objects, the erasure log and the hot store alone. Called by the CLI, by Cloudflare's cron, and at start where the index is gone.
import { readErasures } from './erasure-log.ts';
import { indexKept } from './fallback.ts';
import { rowOf } from './hot-session.ts';
import type { CatalogRow, Ports, Rebuilding, Writer } from './ports.ts';
import { deleteObjects, parseObjectKey, SESSIONS_PREFIX, sealedRow } from './session-objects.ts';
import { indexMarks } from './watched.ts';

/** Rows written in one go. */
const ROWS = 200;
/** What a step reads for each session of its limit, where sessions have so many: objects, and objects of the erasure log. */
const OBJECTS = 4;
const ERASURES = 2;
/** Marks in a step, at the most and for each session of the limit: to find that one is left over costs no more than its row. */
const MARKS = 1000;
const MARKS_EACH = 20;
/** Objects that are read of one session, for each session of the limit: of one that has more, the row counts what lies in these. */
const SESSION_OBJECTS = 7;

/** How many sessions the index holds afterwards, those without a single readable object left out and counted. */
export async function reindex(ports: Ports, writer: Writer): Promise<{ sessions: number; unreadable: number }> {
  let to = await reindexStep(ports, writer, Number.POSITIVE_INFINITY);
  while (to.phase !== 'done') to = await reindexStep(ports, writer, Number.POSITIVE_INFINITY, to);
  const { sessions, unreadable } = to;
  return { sessions, unreadable };
}

/**
 * One step, of at most about `limit` sessions; the first, which empties the index, where there is nothing to go on from. Every
 * step can be repeated, and be done by two at once; the catalog remembers how far it has come.
 */
export async function reindexStep(ports: Ports, writer: Writer, limit: number, from?: Rebuilding): Promise<Rebuilding> {
  return writer.alone(async () => {
    if (!from || from.phase === 'begin') {
      const begun: Rebuilding = {
        id: crypto.randomUUID(),
        phase: 'erasures',
        after: '',
        sessions: 0,
        unreadable: 0,
      };
      await ports.catalog.reset(begun);
      return begun;
    }
    const to = await stepOf(ports, limit, from);
    await ports.catalog.advance(to);
    return to;
  });
}

/** Goes on with a rebuilding where the catalog says that its index is not complete; false: it is. */
export async function continueReindex(ports: Ports, writer: Writer, limit: number): Promise<boolean> {
  const from = await ports.catalog.rebuilding();
  if (from) await reindexStep(ports, writer, limit, from);
  return from !== null;
}

/** New tables lack nothing where nothing is stored. */
export async function completeWhereEmpty({ hot, objects, catalog }: Omit<Ports, 'clock'>): Promise<void> {
  for await (const _ of hot.sessions()) return;
  // Keys and the audit log are in no index. One question: they stand before and between the others.
  for await (const key of objects.list('', 'audit/~')) if (!key.startsWith('keys/')) return;
  if ((await catalog.keptSessions(1)).length === 0) await catalog.markComplete();
}

function stepOf(ports: Ports, limit: number, from: Rebuilding): Promise<Rebuilding> {
  switch (from.phase) {
    case 'erasures':
      return learnErased(ports, limit, from);
    case 'objects':
      return indexObjects(ports, limit, from);
    case 'running':
      return indexRunning(ports, limit, from);
    case 'kept':
      return indexRest(ports, limit, from);
    default:
      return indexWatched(ports, limit, from);
  }
}

async function learnErased(ports: Ports, limit: number, from: Rebuilding): Promise<Rebuilding> {
  const { catalog } = ports;
  const erased: string[] = [];
  let read = 0;
  let last = Number(from.after || Number.NEGATIVE_INFINITY);
  let isMore = false;
  // What was erased in the same millisecond stays in one step.
  for await (const erasures of readErasures(ports, Number.isFinite(last) ? last + 1 : 0)) {
    const { at } = erasures[0]!;
    isMore = read >= ERASURES * limit && at > last;
    if (isMore) break;
    const ids = erasures.map(({ session_id }) => session_id);
    await catalog.markErased(ids, at);
    erased.push(...ids);
    last = Math.max(last, at);
    read++;
  }
  // While the catalog did not know, somebody may have written their rows.
  if (erased.length > 0) await catalog.remove(erased);
  return isMore ? { ...from, after: String(last) } : { ...from, phase: 'objects', after: '' };
}

/** A session as its keys tell. */
interface Found {
  sessionId: string;
  day: number;
  lastKey: string;
}

async function indexObjects(ports: Ports, limit: number, from: Rebuilding): Promise<Rebuilding> {
  let to = from;
  let found: Found[] = [];
  const index = async () => {
    if (found.length > 0)
      to = { ...to, unreadable: to.unreadable + (await indexFound(ports, found, SESSION_OBJECTS * limit)) };
    to = { ...to, after: found.at(-1)?.lastKey ?? to.after };
    found = [];
  };
  let sessions = 0;
  let objects = 0;
  let isMore = false;
  // Keys come in order, so those of a session lie together.
  for await (const key of ports.objects.list(SESSIONS_PREFIX, from.after)) {
    const named = parseObjectKey(key);
    if (!named || Number.isNaN(named.day)) continue;
    if (named.session_id !== found.at(-1)?.sessionId) {
      isMore = sessions >= limit;
      if (isMore) break;
      if (found.length >= ROWS) await index();
      found.push({ sessionId: named.session_id, day: named.day, lastKey: key });
      sessions++;
    }
    found.at(-1)!.lastKey = key;
    objects++;
    // The next step begins with this one: a session of many objects is a step of its own.
    isMore = objects > OBJECTS * limit && sessions > 1;
    if (isMore) {
      found.pop();
      break;
    }
  }
  await index();
  return isMore ? to : { ...to, phase: 'running', after: '' };
}

/** How many have no readable object. */
async function indexFound(ports: Ports, found: Found[], most: number): Promise<number> {
  const { catalog, objects } = ports;
  const erased = await catalog.erasedOf(found.map(({ sessionId }) => sessionId));
  const rows: CatalogRow[] = [];
  let unreadable = 0;
  for (const { sessionId, day } of found) {
    // A restored backup has brought it back.
    if (erased.has(sessionId)) await deleteObjects(objects, sessionId, day);
    else {
      const row = await sealedRow(ports, sessionId, day, most);
      if (row) rows.push(row);
      else unreadable++;
    }
  }
  // A row that is there was written since the reset, perhaps by a seal that saw more.
  if (rows.length > 0) await catalog.fill(rows);
  return unreadable;
}

async function indexRunning({ catalog, hot }: Ports, limit: number, from: Rebuilding): Promise<Rebuilding> {
  const index = async (ids: string[]) => {
    const erased = await catalog.erasedOf(ids);
    for (const id of erased) await hot.erase(id);
    const running = await hot.digests(ids.filter((id) => !erased.has(id)));
    // One that was sealed since the question has its last row already.
    if (running.size > 0) await catalog.fill([...running.values()].map((one) => rowOf(one, 'live')));
  };
  let sessions = 0;
  let ids: string[] = [];
  for await (const id of hot.sessions(from.after)) {
    ids.push(id);
    sessions++;
    if (ids.length < ROWS && sessions < limit) continue;
    await index(ids);
    if (sessions >= limit) return { ...from, after: id };
    ids = [];
  }
  if (ids.length > 0) await index(ids);
  return { ...from, phase: 'kept', after: '' };
}

async function indexRest({ catalog }: Ports, limit: number, from: Rebuilding): Promise<Rebuilding> {
  const after = await indexKept(catalog, limit, from.after);
  return after === null ? { ...from, phase: 'watched', after: '' } : { ...from, after };
}

async function indexWatched(ports: Ports, limit: number, from: Rebuilding): Promise<Rebuilding> {
  const after = await indexMarks(ports, Math.min(MARKS, MARKS_EACH * limit), from.after);
  if (after !== null) return { ...from, after };
  const { total } = await ports.catalog.list({ limit: 0, offset: 0 });
  return { ...from, phase: 'done', after: '', sessions: total };
}
