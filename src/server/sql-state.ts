// What the catalog knows of itself and of one session, in SQL: whether the index is complete, else how far its rebuilding has come. Called by sql-catalog.ts.
import type { Known, Rebuilding } from './ports.ts';
import { type SqlDatabase, type SqlStatement, statement } from './sql-database.ts';
import { ROW, recordOf } from './sql-record.ts';

/** A row of `catalog_state` while the index is not complete: 0, or the Rebuilding as JSON. */
const INCOMPLETE = 'incomplete';

const NOT_BEGUN: Rebuilding = { id: '', phase: 'begin', after: '', sessions: 0, unreadable: 0 };

export async function rebuilding(db: SqlDatabase): Promise<Rebuilding | null> {
  const [row] = await db.all('SELECT value FROM catalog_state WHERE name = ?', [INCOMPLETE]);
  if (!row) return null;
  return typeof row.value === 'string' ? (JSON.parse(row.value) as Rebuilding) : NOT_BEGUN;
}

/** `from` null: it has not begun. */
export function markIncomplete(from: Rebuilding | null): SqlStatement {
  const value = from ? JSON.stringify(from) : 0;
  return statement('INSERT OR REPLACE INTO catalog_state VALUES (?, ?)', INCOMPLETE, value);
}

export function markComplete(): SqlStatement {
  return statement('DELETE FROM catalog_state WHERE name = ?', INCOMPLETE);
}

/** Nothing where another rebuilding has begun since. */
export function advance(to: Rebuilding): SqlStatement {
  const isThis = "WHERE name = ? AND (value ->> 'id') = ?";
  if (to.phase === 'done') return statement(`DELETE FROM catalog_state ${isThis}`, INCOMPLETE, to.id);
  return statement(`UPDATE catalog_state SET value = ? ${isThis}`, JSON.stringify(to), INCOMPLETE, to.id);
}

export async function known(db: SqlDatabase, sessionId: string): Promise<Known> {
  const sql = `SELECT (SELECT at FROM erased WHERE erased.session_id = ?) AS erased_at,
(SELECT coalesce(value ->> 'phase', 'begin') FROM catalog_state WHERE name = ?) AS phase, ${ROW}
FROM (SELECT 1) LEFT JOIN session ON session.session_id = ?`;
  const [row] = await db.all(sql, [sessionId, INCOMPLETE, sessionId]);
  const { erased_at, phase } = row!;
  return {
    erased_at: erased_at === null ? null : Number(erased_at),
    record: recordOf(row!),
    lacks: phase === null ? 'nothing' : phase === 'begin' || phase === 'erasures' ? 'erasures' : 'sessions',
  };
}
