// What a list asks for, as conditions in SQL. Called by sql-catalog.ts.
import type { CatalogQuery } from './ports.ts';
import type { SqlValue } from './sql-database.ts';

const TRIGRAM = 3;

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
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const isLong = (word: string) => [...word].length >= TRIGRAM;
  return { long: words.filter(isLong), short: words.filter((word) => !isLong(word)) };
}

export function phrases(words: string[]): string {
  return words.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND ');
}

/** `common`: so many rows match that those of a page are found sooner by looking at one row after the other. */
export function filterOf({ visitor_id }: CatalogQuery, { long, short }: Words, common: boolean): Filter {
  const conditions: string[] = [];
  const params: SqlValue[] = [];
  if (visitor_id !== undefined) {
    conditions.push('visitor_id = ?');
    params.push(visitor_id);
  }
  if (long.length > 0 && !common) {
    conditions.push('id IN (SELECT rowid FROM session_words WHERE session_words MATCH ?)');
    params.push(phrases(long));
  }
  for (const word of common ? [...long, ...short] : short) {
    conditions.push('instr(words, ?) > 0');
    params.push(word);
  }
  return { where: conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '', params };
}
