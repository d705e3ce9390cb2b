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

/** Of the words of `q`. */
export function wordConditions({ words }: Asked): Condition[] {
  const has = 'SELECT 1 FROM session AS s WHERE s.session_id = f.session_id AND instr(s.words, ?) > 0';
  return [...words.long, ...words.short].map((word) => ({ sql: `EXISTS (${has})`, params: [word] }));
}
