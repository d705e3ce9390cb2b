// Who has watched what, in SQL; the truth are objects, see watched.ts. Called by sql-catalog.ts and sql-narrowed.ts.
import type { Mark } from './ports.ts';
import { type SqlDatabase, statement } from './sql-database.ts';
import { LISTED, portions } from './sql-lists.ts';

/** Those of the sessions that the person has watched. */
export async function watchedOf(db: SqlDatabase, person: string, sessionIds: string[]): Promise<Set<string>> {
  const watched = new Set<string>();
  for (const ids of portions(sessionIds)) {
    const sql = `SELECT session_id FROM watched WHERE person = ? AND session_id IN ${LISTED}`;
    for (const row of await db.all(sql, [person, ids])) watched.add(String(row.session_id));
  }
  return watched;
}

export async function marksOf(db: SqlDatabase, sessionIds: string[]): Promise<Mark[]> {
  const marks: Mark[] = [];
  for (const ids of portions(sessionIds)) {
    const rows = await db.all(`SELECT person, session_id FROM watched WHERE session_id IN ${LISTED}`, [ids]);
    for (const { person, session_id } of rows) marks.push({ person: String(person), session_id: String(session_id) });
  }
  return marks;
}

export async function watch(db: SqlDatabase, marks: Mark[]): Promise<void> {
  const sql = `INSERT OR IGNORE INTO watched (person, session_id)
SELECT value ->> 'person', value ->> 'session_id' FROM json_each(?)`;
  for (const part of portions(marks)) await db.batch([statement(sql, part)]);
}

export async function unwatch(db: SqlDatabase, marks: Mark[]): Promise<void> {
  const sql = `DELETE FROM watched WHERE (person, session_id) IN
(SELECT value ->> 'person', value ->> 'session_id' FROM json_each(?))`;
  for (const part of portions(marks)) await db.batch([statement(sql, part)]);
}
