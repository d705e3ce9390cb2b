// A list that is narrowed by filters, or in another order than by time: bounded work, whatever is asked. Called by sql-catalog.ts.
import { facetGroups } from './facets.ts';
import { isEmpty, type Row } from './list-filter.ts';
import { type Asked, askedOf, EVERYTHING, type Found, pageOf, placesOf } from './list-place.ts';
import type { CatalogQuery, ListPlace } from './ports.ts';
import type { SqlDatabase, SqlValue } from './sql-database.ts';
import { boundsOf, Ended, LOOKED_AT_MAX, NONE, SCANNED_MAX } from './sql-ended.ts';
import { expiredRows, rowsWith } from './sql-filter.ts';
import { fitting, LOOKED_AT, rowsOf } from './sql-fitting.ts';
import { countRows } from './sql-list.ts';
import { byIndex } from './sql-ordered.ts';
import { LIMITS, planOf } from './sql-plan.ts';
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
export function isNarrowed({ filter = EVERYTHING, sort = 'started_at', ascending = false }: CatalogQuery): boolean {
  return !isEmpty(filter) || sort !== 'started_at' || ascending;
}

/** `isCounted`: false where nobody asks for the total of a list by time. */
export async function listNarrowed(
  db: SqlDatabase,
  query: CatalogQuery,
  limits = LIMITS,
  isCounted = true,
): Promise<Narrowed> {
  const asked = askedOf(query);
  const whole = (rows: Row[], isFloor: boolean): Narrowed => {
    const { ids } = pageOf(asked, { places: placesOf(asked, rows), stopped: null });
    return { rows: inOrder(ids, rows), total: rows.length, isFloor, stopped: null, sortedOf: null };
  };
  const few = await fewRows(db, asked, limits.few);
  if (few) return whole(few, false);
  const live = await liveRows(db, asked);
  const groups = facetGroups(asked.filter, asked.visitor_id);
  const plan = await planOf(db, groups, boundsOf(asked.filter), limits);
  const isLive = asked.filter.status === 'live';
  const someExpired = !isLive && (await hasExpired(db, asked));
  const ended = isLive ? NONE : new Ended(asked, plan, someExpired);
  if (plan.isRare) return whole([...live.rows, ...(await ended.few(db))], live.isCut);
  const isAll = isEmpty(asked.filter);
  const counted = () => (isAll ? exactly(db, query, live.rows.length) : ended.count(db));
  const count = isCounted ? await counted() : { fit: 0, isCut: false };
  const isMany = count.isCut || count.fit > limits.many;
  const isWhole = isAll && groups.length === 0 && asked.q === undefined;
  let found: Found | null = null;
  let sortedOf: number | null = null;
  if (asked.sort === 'started_at') found = await ended.byTime(db);
  else if (!isLive && (isWhole || isMany) && !asked.after?.of_newest) {
    found = await byIndex(db, asked, someExpired, limits.read);
    // What fits lies far from where the order begins: better the newest alone than nothing.
    const isShort = found.stopped !== null && found.places.length < asked.offset + asked.limit;
    if (isShort && !asked.after) found = null;
  }
  if (!found) {
    found = await ended.byValue(db);
    if (isMany) sortedOf = Math.min(SCANNED_MAX, count.fit);
  }
  const page = pageOf(asked, { ...found, places: [...placesOf(asked, live.rows), ...found.places] });
  const isRunning = new Set(live.rows.map(({ record }) => record.session_id));
  const read = await rowsOf(
    db,
    page.ids.filter((id) => !isRunning.has(id)),
  );
  const rows = inOrder(page.ids, [...live.rows, ...read.flatMap(rowOf)]);
  const total = Math.max(live.rows.length + count.fit, rows.length);
  return { rows, total, isFloor: live.isCut || count.isCut, stopped: page.stopped, sortedOf };
}

function rowOf(row: Record<string, unknown>): Row[] {
  const record = recordOf(row);
  return record ? [{ record, search_text: String(row.words) }] : [];
}

/** Nothing is left out for which counting would need to look at more than an index. */
async function exactly(db: SqlDatabase, query: CatalogQuery, live: number): Promise<{ fit: number; isCut: boolean }> {
  const { total } = await countRows(db, query);
  return { fit: total - live, isCut: false };
}

/** The newest sessions of a list, at most `limit`, to be counted by what they have in common. */
export async function newestRows(db: SqlDatabase, query: CatalogQuery): Promise<{ rows: Row[]; isAll: boolean }> {
  const { rows, stopped } = await listNarrowed(db, { ...query, limit: query.limit + 1, offset: 0 }, LIMITS, false);
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
