// What is begun and not finished, in SQL: removals, and the order in which sessions are tried. Called by sql-catalog.ts.
import type { Unfinished } from './ports.ts';
import { type SqlDatabase, type SqlStatement, statement } from './sql-database.ts';
import { LISTED, portions } from './sql-lists.ts';

/** At most `limit`: first those that were not postponed, then the others, the longest ago first. */
export async function erasing(db: SqlDatabase, limit: number): Promise<Unfinished[]> {
  const rows = await inTurn(db, 'erasing', 'session_id, started_at', limit);
  return rows.map((row) => ({ session_id: String(row.session_id), started_at: Number(row.started_at) }));
}

/** Sessions with kept batches, in the same order. */
export async function keptToMove(db: SqlDatabase, limit: number): Promise<string[]> {
  return (await inTurn(db, 'events', 'DISTINCT session_id', limit)).map((row) => String(row.session_id));
}

/** Only those that were postponed are sorted: there are few. */
function inTurn(db: SqlDatabase, table: string, columns: string, limit: number) {
  const sql = `SELECT * FROM (
  SELECT ${columns}, 0 AS at FROM ${table} WHERE session_id NOT IN (SELECT session_id FROM postponed) LIMIT ?
) UNION ALL SELECT * FROM (
  SELECT ${columns}, at FROM postponed JOIN ${table} USING (session_id) ORDER BY at LIMIT ?
) ORDER BY at LIMIT ?`;
  return db.all(sql, [limit, limit, limit]);
}

export async function beginErasing(db: SqlDatabase, sessions: Unfinished[]): Promise<void> {
  const sql = `INSERT OR IGNORE INTO erasing
SELECT value ->> 'session_id', value ->> 'started_at' FROM json_each(?)`;
  for (const list of portions(sessions.map(({ session_id, started_at }) => ({ session_id, started_at }))))
    await db.batch([statement(sql, list)]);
}

export async function endErasing(db: SqlDatabase, sessionIds: string[]): Promise<void> {
  const sql = `DELETE FROM erasing WHERE session_id IN ${LISTED}`;
  for (const ids of portions(sessionIds)) await db.batch([statement(sql, ids), inTurnAgain(ids)]);
}

/** Only what is still to be done: of a failure it may be the answer alone that was lost. */
export async function postpone(db: SqlDatabase, sessionIds: string[], at: number): Promise<void> {
  const sql = `INSERT OR REPLACE INTO postponed SELECT value, ? FROM json_each(?)
WHERE value IN (SELECT session_id FROM erasing) OR value IN (SELECT session_id FROM events)`;
  for (const ids of portions(sessionIds)) await db.batch([statement(sql, at, ids)]);
}

/** `ids`: a JSON list. What was tried with success is postponed no more. */
export function inTurnAgain(ids: string): SqlStatement {
  return statement(`DELETE FROM postponed WHERE session_id IN ${LISTED}`, ids);
}
