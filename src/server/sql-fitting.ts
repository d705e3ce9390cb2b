// Rows of sessions, read and looked at one by one. Called by sql-narrowed.ts and the files beside it.
import { matches, type Row } from './list-filter.ts';
import type { Asked } from './list-place.ts';
import type { SqlDatabase } from './sql-database.ts';
import { LISTED, portions } from './sql-lists.ts';
import { ROW, recordOf } from './sql-record.ts';
import { watchedOf } from './sql-watched.ts';

/** Columns of the rows that `fitting` takes. */
export const LOOKED_AT = `${ROW}, words`;

/** Those that fit. */
export async function fitting(db: SqlDatabase, asked: Asked, rows: Record<string, unknown>[]): Promise<Row[]> {
  const { filter, visitor_id, kept_since, person = '', words } = asked;
  const all = [...words.long, ...words.short];
  const hasAll = (text: string) => all.every((word) => text.includes(word));
  const ids = rows.map(({ session_id }) => String(session_id));
  const watched = filter.watched === undefined ? new Set<string>() : await watchedOf(db, person, ids);
  return rows.flatMap((row) => {
    const record = recordOf(row);
    const search_text = String(row.words);
    if (!record || (visitor_id !== undefined && record.visitor_id !== visitor_id)) return [];
    if ((record.imported_at ?? record.ended_at) < (kept_since ?? Number.NEGATIVE_INFINITY)) return [];
    if (all.length > 0 && !hasAll(search_text.toLowerCase())) return [];
    const isWatched = watched.has(record.session_id);
    return matches({ record, search_text }, filter, isWatched) ? [{ record, search_text }] : [];
  });
}

export async function rowsOf(db: SqlDatabase, sessionIds: string[]): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for (const ids of portions(sessionIds)) {
    found.push(...(await db.all(`SELECT ${LOOKED_AT} FROM session WHERE session_id IN ${LISTED}`, [ids])));
  }
  return found;
}
