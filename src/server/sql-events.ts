// Batches that the hot store could not take, in the catalog's table `events`. Called by sql-catalog.ts.
import type { KeptBatch } from './ports.ts';
import { type SqlDatabase, statement } from './sql-database.ts';
import { LISTED, portions } from './sql-lists.ts';
import { inTurnAgain } from './sql-unfinished.ts';

const KEEP = `INSERT INTO events SELECT ?, ?, ?, ?, ?, ?, ?
WHERE NOT EXISTS (SELECT 1 FROM erased WHERE session_id = ?) ON CONFLICT DO NOTHING`;

/** The answer that stands; null: the session was erased. */
export async function keepBatch(
  db: SqlDatabase,
  kept: KeptBatch,
): Promise<{ accepted: number; rejected: number } | null> {
  const { batch, arrival, accepted, rejected } = kept;
  const { session_id, received_at } = arrival;
  const { page_id, seq } = batch;
  const text = JSON.stringify({ batch, arrival });
  await db.run(statement(KEEP, session_id, page_id, seq, received_at, accepted, rejected, text, session_id));
  const name = 'session_id = ? AND page_id = ? AND seq = ?';
  const [row] = await db.all(`SELECT accepted, rejected FROM events WHERE ${name}`, [session_id, page_id, seq]);
  return row ? { accepted: Number(row.accepted), rejected: Number(row.rejected) } : null;
}

export async function keptSize(db: SqlDatabase, sessionId: string, since: number) {
  const sql = `SELECT count(*) AS batches, count(*) FILTER (WHERE received_at > ?) AS recent,
coalesce(sum(accepted), 0) AS events, coalesce(sum(length(batch)), 0) AS size FROM events WHERE session_id = ?`;
  const [row] = await db.all(sql, [since, sessionId]);
  const number = (name: string) => Number(row?.[name] ?? 0);
  return { batches: number('batches'), recent: number('recent'), events: number('events'), size: number('size') };
}

export async function keptEvents(db: SqlDatabase, sessionIds: string[]): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const sql = `SELECT session_id, sum(accepted) AS events FROM events WHERE session_id IN ${LISTED} GROUP BY session_id`;
  for (const ids of portions(sessionIds))
    for (const row of await db.all(sql, [ids])) found.set(String(row.session_id), Number(row.events));
  return found;
}

/** A negative `limit` is none. */
export async function keptBatches(db: SqlDatabase, sessionId: string, limit = -1): Promise<KeptBatch[]> {
  const order = 'ORDER BY received_at, page_id, seq LIMIT ?';
  const sql = `SELECT accepted, rejected, batch FROM events WHERE session_id = ? ${order}`;
  const rows = await db.all(sql, [sessionId, limit]);
  return rows.map(({ accepted, rejected, batch }) => ({
    ...(JSON.parse(String(batch)) as Pick<KeptBatch, 'batch' | 'arrival'>),
    accepted: Number(accepted),
    rejected: Number(rejected),
  }));
}

export async function keptSessions(db: SqlDatabase, limit: number, after: string): Promise<string[]> {
  const sql = 'SELECT DISTINCT session_id FROM events WHERE session_id > ? ORDER BY session_id LIMIT ?';
  return (await db.all(sql, [after, limit])).map((row) => String(row.session_id));
}

export async function removeKept(
  db: SqlDatabase,
  sessionId: string,
  names: { page_id: string; seq: number }[],
): Promise<void> {
  const list = JSON.stringify(names.map(({ page_id, seq }) => [page_id, seq]));
  const sql = `DELETE FROM events WHERE session_id = ?
AND (page_id, seq) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`;
  await db.batch([statement(sql, sessionId, list), inTurnAgain(JSON.stringify([sessionId]))]);
}
