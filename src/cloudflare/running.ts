// Statements of D1's table `running`: which sessions have a Durable Object that holds something. Used by durable-hot-store.ts and session-object.ts.
import { type SqlStatement, statement } from '../server/sql-database.ts';

export function register(id: string): SqlStatement {
  return statement('INSERT INTO running VALUES (?) ON CONFLICT DO NOTHING', id);
}

export function unregister(id: string): SqlStatement {
  return statement('DELETE FROM running WHERE session_id = ?', id);
}
