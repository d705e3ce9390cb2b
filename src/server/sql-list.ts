// A page of the catalog's list in SQL: how many rows match, and those of the page by the way that is soonest there. Called by sql-catalog.ts.
import type { Count } from './list-place.ts';
import type { CatalogQuery } from './ports.ts';
import type { SqlDatabase, SqlValue } from './sql-database.ts';
import { expiredRows, type Filter, filterOf, rowsWith, wordsOf } from './sql-filter.ts';
import { ROW } from './sql-record.ts';

/** More matches of words than these are not counted, nor put in order. */
const COUNTED_MAX = 10_000;
const NEWEST_FIRST = 'ORDER BY started_at DESC, session_id DESC';
const OLDEST_FIRST = 'ORDER BY started_at, session_id';

type Row = Record<string, unknown>;

/**
 * The rows of a page, each with the columns of `ROW`, and how many match on all pages; of all sessions, of a visitor, or of words each at
 * least a trigram. Rows null: so many have the words that a page is found sooner by looking at one session after the other.
 */
export async function listRows(db: SqlDatabase, query: CatalogQuery): Promise<{ rows: Row[] | null; count: Count }> {
  const { expired, ...count } = await countRows(db, query);
  if (count.isCut) return { rows: null, count };
  const filter = filterOf(query, wordsOf(query.q).long, expired > 0);
  const rows = query.after
    ? await pageAfter(db, query.after, query.limit, filter)
    : await pageAt(db, query.offset, query.limit, count.fit, filter);
  return { rows, count };
}

/** How many match, and how many rows of the whole index are expired. */
export async function countRows(db: SqlDatabase, query: CatalogQuery): Promise<Count & { expired: number }> {
  const gone = query.kept_since === undefined ? null : expiredRows(query.kept_since);
  const expired = gone ? `(SELECT count(*) FROM (${gone.sql}))` : '0';
  const goneParams = gone?.params ?? [];
  const words = wordsOf(query.q).long;
  if (words.length > 0) {
    const found = rowsWith(words);
    const kept = gone ? ` WHERE id NOT IN (${gone.sql})` : '';
    const sql = `SELECT count(*) AS fit, ${expired} AS expired FROM (SELECT id FROM (${found.sql})${kept} LIMIT ?)`;
    const params = [...goneParams, ...found.params, ...goneParams, COUNTED_MAX + 1];
    const { fit, expired: all } = counted(await db.all(sql, params));
    return { fit: Math.min(fit, COUNTED_MAX), isCut: fit > COUNTED_MAX, expired: all };
  }
  if (query.visitor_id !== undefined) {
    const { where, params } = filterOf(query, [], true);
    const sql = `SELECT count(*) AS fit, ${expired} AS expired FROM session ${where}`;
    return { ...counted(await db.all(sql, [...goneParams, ...params])), isCut: false };
  }
  const sql = `SELECT value AS fit, ${expired} AS expired FROM catalog_state WHERE name = 'sessions'`;
  const all = counted(await db.all(sql, goneParams));
  return { fit: all.fit - all.expired, isCut: false, expired: all.expired };
}

function counted([row]: Row[]): { fit: number; expired: number } {
  return { fit: Number(row?.fit ?? 0), expired: Number(row?.expired ?? 0) };
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
