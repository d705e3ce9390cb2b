// A page of the catalog's list in SQL: how many rows match, and those of the page by the way that is soonest there. Called by sql-catalog.ts.
import type { CatalogQuery } from './ports.ts';
import type { SqlDatabase, SqlValue } from './sql-database.ts';
import { expiredRows, type Filter, filterOf, rowsWith, type Words, wordsOf } from './sql-filter.ts';
import { ROW } from './sql-record.ts';

/** More matches than this are common. */
const COMMON = 2000;
const NEWEST_FIRST = 'ORDER BY started_at DESC, session_id DESC';
const OLDEST_FIRST = 'ORDER BY started_at, session_id';

type Row = Record<string, unknown>;

/** The rows of a page, each with the columns of `ROW`, and how many match on all pages. */
export async function listRows(db: SqlDatabase, query: CatalogQuery): Promise<{ rows: Row[]; total: number }> {
  const words = wordsOf(query.q);
  const { total, expired } = await countRows(db, query, words);
  const filter = filterOf(query, words, total > COMMON, expired > 0);
  const rows = query.after
    ? await pageAfter(db, query.after, query.limit, filter)
    : await pageAt(db, query.offset, query.limit, total, filter);
  return { rows, total };
}

/** What matches, and how many rows of the whole index are expired. */
export async function countRows(
  db: SqlDatabase,
  query: CatalogQuery,
  words: Words = wordsOf(query.q),
): Promise<{ total: number; expired: number }> {
  const gone = query.kept_since === undefined ? null : expiredRows(query.kept_since);
  const expired = gone ? `(SELECT count(*) FROM (${gone.sql}))` : '0';
  const goneParams = gone?.params ?? [];
  if (query.visitor_id !== undefined || words.short.length > 0) {
    const { where, params } = filterOf(query, words, false, true);
    const sql = `SELECT count(*) AS total, ${expired} AS expired FROM session ${where}`;
    return counted(await db.all(sql, [...goneParams, ...params]));
  }
  if (words.long.length > 0) {
    const found = rowsWith(words.long);
    const kept = gone ? ` WHERE id NOT IN (${gone.sql})` : '';
    const sql = `SELECT count(*) AS total, ${expired} AS expired FROM (${found.sql})${kept}`;
    return counted(await db.all(sql, [...goneParams, ...found.params, ...goneParams]));
  }
  const sql = `SELECT value AS total, ${expired} AS expired FROM catalog_state WHERE name = 'sessions'`;
  const all = counted(await db.all(sql, goneParams));
  return { total: all.total - all.expired, expired: all.expired };
}

function counted([row]: Row[]): { total: number; expired: number } {
  return { total: Number(row?.total ?? 0), expired: Number(row?.expired ?? 0) };
}

/** The rows after a given one: found by index, however far down. */
function pageAfter(db: SqlDatabase, after: NonNullable<CatalogQuery['after']>, limit: number, filter: Filter) {
  const where = `${filter.where || 'WHERE 1'} AND (started_at, session_id) < (?, ?)`;
  const params: SqlValue[] = [...filter.params, after.started_at, after.session_id, limit];
  return db.all(`SELECT ${ROW} FROM session ${where} ${NEWEST_FIRST} LIMIT ?`, params);
}

/** The rows at an offset: counted along the index alone, from whichever end is nearer; only the page itself is read. */
async function pageAt(db: SqlDatabase, offset: number, limit: number, total: number, filter: Filter): Promise<Row[]> {
  const left = total - offset;
  if (limit === 0 || left <= 0) return [];
  const fromOldest = offset > total / 2;
  // One that was added since they were counted must not push another off the page.
  const wanted = fromOldest ? Math.min(limit, left) : limit;
  const skip = fromOldest ? total - offset - wanted : offset;
  const ids = `SELECT id FROM session ${filter.where} ${fromOldest ? OLDEST_FIRST : NEWEST_FIRST} LIMIT ? OFFSET ?`;
  const sql = `SELECT ${ROW} FROM session WHERE id IN (${ids}) ${NEWEST_FIRST}`;
  return db.all(sql, [...filter.params, wanted, skip]);
}
