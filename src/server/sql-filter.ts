// What a list asks for, as conditions in SQL. Called by sql-list.ts.
import type { CatalogQuery } from './ports.ts';
import type { SqlValue } from './sql-database.ts';

const TRIGRAM = 3;
/** Different words that are looked for, each a parameter and a condition: D1 takes 100 of both. */
const WORDS_MAX = 60;

export interface Filter {
  where: string;
  params: SqlValue[];
}

/** What `q` asks for, lower case; every word must occur. */
export interface Words {
  long: string[];
  /** Shorter than a trigram: the index of words cannot find these. */
  short: string[];
}

export function wordsOf(q = ''): Words {
  const words = [...new Set(q.toLowerCase().split(/\s+/).filter(Boolean))].slice(0, WORDS_MAX);
  const isLong = (word: string) => [...word].length >= TRIGRAM;
  return { long: words.filter(isLong), short: words.filter((word) => !isLong(word)) };
}

/** Ids of rows whose time is over. A running session cannot have ended before it began: only old starts are looked at. */
const EXPIRED = `SELECT id FROM session WHERE status = 'ended' AND kept_from < ?
UNION ALL SELECT id FROM session WHERE status = 'live' AND started_at < ? AND kept_from < ?`;

/** `EXPIRED` and its parameters. */
export function expiredRows(before: number): { sql: string; params: SqlValue[] } {
  return { sql: EXPIRED, params: [before, before, before] };
}

/** Ids of rows that have all these words, each at least a trigram: of those that ended by index, of running ones by looking. */
export function rowsWith(words: string[]): { sql: string; params: SqlValue[] } {
  const phrases = words.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND ');
  const inRow = words.map(() => ' AND instr(lower(words), ?) > 0').join('');
  return {
    sql: `SELECT rowid AS id FROM session_words WHERE session_words MATCH ?
UNION ALL SELECT id FROM session WHERE status = 'live'${inRow}`,
    params: [phrases, ...words],
  };
}

/** `someExpired`: false where it is known that no row is. */
export function filterOf({ visitor_id, kept_since }: CatalogQuery, words: string[], someExpired: boolean): Filter {
  const conditions: string[] = [];
  const params: SqlValue[] = [];
  if (visitor_id !== undefined) {
    conditions.push('visitor_id = ?');
    params.push(visitor_id);
  }
  if (words.length > 0) {
    const rows = rowsWith(words);
    conditions.push(`id IN (${rows.sql})`);
    params.push(...rows.params);
  }
  if (kept_since !== undefined && someExpired) {
    const rows = expiredRows(kept_since);
    conditions.push(`id NOT IN (${rows.sql})`);
    params.push(...rows.params);
  }
  return { where: conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '', params };
}
