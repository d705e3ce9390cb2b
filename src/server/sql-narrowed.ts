// A list that is narrowed by filters, or in another order than by time: bounded work, whatever is asked. Called by sql-catalog.ts.
import { isEmpty, type Row } from './list-filter.ts';
import { type Asked, askedOf, type Count, type Found, pageOf, placesOf } from './list-place.ts';
import type { CatalogQuery, ListPlace } from './ports.ts';
import type { SqlDatabase, SqlValue } from './sql-database.ts';
import { Ended, LOOKED_AT_MAX, SCANNED_MAX } from './sql-ended.ts';
import { expiredRows, rowsWith } from './sql-filter.ts';
import { fitting, LOOKED_AT, rowsOf } from './sql-fitting.ts';
import { countRows } from './sql-list.ts';
import { byIndex } from './sql-ordered.ts';
import { LIMITS, type Limits, planOf } from './sql-plan.ts';
import { recordOf } from './sql-record.ts';

export interface Narrowed {
  rows: Row[];
  total: number;
  /** There may be more than `total`. */
  isFloor: boolean;
  /** The rows so far are all there are up to here; more may come after it. */
  stopped: ListPlace | null;
  /** The order is that of so many of the newest alone; null: of all. */
  sortedOf: number | null;
}

/** Whether the list by time, for which there are indexes, cannot answer. */
export function isNarrowed(query: CatalogQuery): boolean {
  const asked = askedOf(query);
  return asked.sort !== 'started_at' || asked.ascending || !isIndexed(asked);
}

/** Whether all, those of a visitor, or those with words each at least a trigram are asked for. */
function isIndexed({ filter, visitor_id, words: { long, short } }: Asked): boolean {
  return isEmpty(filter) && short.length === 0 && (long.length === 0 || visitor_id === undefined);
}

/** `known`: what was counted already, or is asked for by nobody. */
export async function listNarrowed(
  db: SqlDatabase,
  query: CatalogQuery,
  limits = LIMITS,
  known?: Count,
): Promise<Narrowed> {
  const asked = askedOf(query);
  const few = await fewRows(db, asked, limits.few);
  if (few) return whole(asked, few, false);
  const live = await liveRows(db, asked);
  if (asked.filter.status === 'live') return whole(asked, live.rows, live.isCut);
  const someExpired = await hasExpired(db, asked);
  const plan = await planOf(db, asked, limits);
  const ended = new Ended(db, asked, plan, someExpired);
  if (plan.isRare) return whole(asked, [...live.rows, ...(await ended.few())], live.isCut);
  const count = async (): Promise<Count> => {
    const all = known ?? (isIndexed(asked) ? await countRows(db, query) : null);
    return all ? { ...all, fit: Math.max(0, all.fit - live.rows.length) } : ended.count();
  };
  const { found, fit, isCut, sortedOf } =
    asked.sort === 'started_at'
      ? await byTime(ended, count)
      : await byNumber(db, asked, ended, count, someExpired, limits);
  const page = pageOf(asked, { ...found, places: [...placesOf(asked, live.rows), ...found.places] });
  const isRunning = new Set(live.rows.map(({ record }) => record.session_id));
  const read = await rowsOf(
    db,
    page.ids.filter((id) => !isRunning.has(id)),
  );
  const rows = inOrder(page.ids, [...live.rows, ...read.flatMap(rowOf)]);
  const total = Math.max(live.rows.length + fit, rows.length);
  return { rows, total, isFloor: live.isCut || isCut, stopped: page.stopped, sortedOf };
}

/** All that fit are there. */
function whole(asked: Asked, rows: Row[], isFloor: boolean): Narrowed {
  const { ids } = pageOf(asked, { places: placesOf(asked, rows), stopped: null });
  return { rows: inOrder(ids, rows), total: rows.length, isFloor, stopped: null, sortedOf: null };
}

type Answer = Count & { found: Found; sortedOf: number | null };

async function byTime(ended: Ended, count: () => Promise<Count>): Promise<Answer> {
  const found = await ended.byTime();
  return { found, ...(found.count ?? (await count())), sortedOf: null };
}

async function byNumber(
  db: SqlDatabase,
  asked: Asked,
  ended: Ended,
  count: () => Promise<Count>,
  someExpired: boolean,
  limits: Limits,
): Promise<Answer> {
  const isAll = isEmpty(asked.filter) && asked.visitor_id === undefined && asked.q === undefined;
  if (!asked.after?.of_newest && (isAll || (await ended.isMany(limits.many)))) {
    const found = await byIndex(db, asked, someExpired, limits.read);
    const isShort = found.stopped !== null && found.places.length < asked.offset + asked.limit;
    if (!isShort || asked.after) return { found, ...(await count()), sortedOf: null };
  }
  // What fits is not many, or lies far from where the order begins: better the newest alone than nothing.
  const found = await ended.byValue();
  const { fit, isCut } = found.count;
  return { found, fit, isCut, sortedOf: isCut || fit > limits.many ? Math.min(SCANNED_MAX, fit) : null };
}

function rowOf(row: Record<string, unknown>): Row[] {
  const record = recordOf(row);
  return record ? [{ record, search_text: String(row.words) }] : [];
}

/** The newest sessions of a list, at most `limit`, to be counted by what they have in common. */
export async function newestRows(db: SqlDatabase, query: CatalogQuery): Promise<{ rows: Row[]; isAll: boolean }> {
  const { rows, stopped } = await listNarrowed(db, { ...query, limit: query.limit + 1, offset: 0 }, LIMITS, {
    fit: 0,
    isCut: false,
  });
  return { rows: rows.slice(0, query.limit), isAll: rows.length <= query.limit && stopped === null };
}

/** All rows that fit, where something asked for is rare: what a person has watched, or words; null: nothing is. */
async function fewRows(db: SqlDatabase, asked: Asked, most: number): Promise<Row[] | null> {
  const rare: { sql: string; params: SqlValue[] }[] = [];
  if (asked.filter.watched) {
    const sql = 'SELECT session.id FROM watched JOIN session USING (session_id) WHERE person = ?';
    rare.push({ sql, params: [asked.person ?? ''] });
  }
  if (asked.words.long.length > 0) rare.push(rowsWith(asked.words.long));
  for (const { sql, params } of rare) {
    const ids = `SELECT id FROM (${sql}) LIMIT ?`;
    const [counted] = await db.all(`SELECT count(*) AS count FROM (${ids})`, [...params, most + 1]);
    if (Number(counted?.count) > most) continue;
    const rows = await db.all(`SELECT ${LOOKED_AT} FROM session WHERE id IN (${ids})`, [...params, most]);
    return fitting(db, asked, rows);
  }
  return null;
}

async function liveRows(db: SqlDatabase, asked: Asked): Promise<{ rows: Row[]; isCut: boolean }> {
  if (asked.filter.status === 'ended') return { rows: [], isCut: false };
  const order = 'ORDER BY started_at DESC, session_id DESC LIMIT ?';
  const rows = await db.all(`SELECT ${LOOKED_AT} FROM session WHERE status = 'live' ${order}`, [LOOKED_AT_MAX + 1]);
  return { rows: await fitting(db, asked, rows.slice(0, LOOKED_AT_MAX)), isCut: rows.length > LOOKED_AT_MAX };
}

async function hasExpired(db: SqlDatabase, { kept_since }: Asked): Promise<boolean> {
  if (kept_since === undefined) return false;
  const { sql, params } = expiredRows(kept_since);
  return (await db.all(`SELECT id FROM (${sql}) LIMIT 1`, params)).length > 0;
}

function inOrder(ids: string[], rows: Row[]): Row[] {
  const byId = new Map(rows.map((row) => [row.record.session_id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
