// What the facets do not tell, as conditions on a row `f` of session_facts. Used by sql-ended.ts and sql-ordered.ts.
import type { Asked } from './list-place.ts';
import type { SqlValue } from './sql-database.ts';

export interface Condition {
  sql: string;
  params: SqlValue[];
}

/** Of numbers, of what this person has watched, and of how long it is kept. */
export function conditionsOf({ filter, kept_since, person }: Asked, someExpired: boolean): Condition[] {
  const all = Object.entries(filter.ranges).map(([measure, range]): Condition => {
    return { sql: `f.${measure} BETWEEN ? AND ?`, params: range };
  });
  if (someExpired) all.push({ sql: 'f.kept_from >= ?', params: [kept_since!] });
  const isWatched = 'EXISTS (SELECT 1 FROM watched AS w WHERE w.person = ? AND w.session_id = f.session_id)';
  if (filter.watched !== undefined)
    all.push({ sql: `${isWatched} = ?`, params: [person ?? '', Number(filter.watched)] });
  return all;
}

/** Of the words of `q`: none, or one. */
export function wordConditions({ words }: Asked): Condition[] {
  const all = [...words.long, ...words.short];
  if (all.length === 0) return [];
  // In parts: D1 takes no expression deeper than 100.
  const parts = Array.from({ length: Math.ceil(all.length / PART) }, (_, i) => all.slice(i * PART, (i + 1) * PART));
  const has = parts.map((part) => `(${part.map(() => 'instr(lower(s.words), ?) > 0').join(' AND ')})`).join(' AND ');
  return [{ sql: `EXISTS (SELECT 1 FROM session AS s WHERE s.session_id = f.session_id AND ${has})`, params: all }];
}
const PART = 8;
