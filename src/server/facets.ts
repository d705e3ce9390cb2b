// What a session that has ended is found by, as words of an index that holds nothing but their hashes: choices, and steps of numbers. Called by sql-rows.ts and sql-narrowed.ts.
import { CHOICES } from '../format/list.ts';
import { type ListFilter, MEASURES, type Row, valuesOf } from './list-filter.ts';
import { idFrom, PLACES } from './sql-places.ts';

/** Every session has it. */
const ALL = 'a';
const IDENTIFIED = 'i';
const ANONYMOUS = 'n';
/** Steps in which a number doubles. */
const STEPS = 2;

/** The words of one session, separated by spaces. */
export function facetsOf(row: Row): string {
  const { record } = row;
  const words = new Set([ALL, record.identity === null ? ANONYMOUS : IDENTIFIED, word('visitor', record.visitor_id)]);
  for (const choice of CHOICES) for (const value of valuesOf(row, choice)) words.add(word(choice, value));
  for (const measure of MEASURES) words.add(step(measure, stepOf(record[measure])));
  const start = idFrom(record.started_at) / PLACES;
  for (const size of SPANS) words.add(span(size, Math.floor(start / size)));
  return [...words].join(' ');
}

/** A session has any of these words. */
export interface FacetGroup {
  words: string[];
  /** Steps of a number, of which the bounds are not exact. */
  isRange: boolean;
}

/** What a session must have at least to fit; of numbers only the steps are compared. */
export function facetGroups({ choices, ranges, identified }: ListFilter, visitorId?: string): FacetGroup[] {
  const groups: FacetGroup[] = [];
  const add = (words: string[], isRange = false) => groups.push({ words: [...new Set(words)], isRange });
  if (identified !== undefined) add([identified ? IDENTIFIED : ANONYMOUS]);
  if (visitorId !== undefined) add([word('visitor', visitorId)]);
  for (const choice of CHOICES) {
    const wanted = choices[choice];
    if (wanted) add(wanted.map((value) => word(choice, value.toLowerCase())));
  }
  for (const measure of MEASURES) {
    const range = ranges[measure];
    if (!range) continue;
    const [first, last] = [stepOf(range[0]), stepOf(range[1])];
    const steps = Array.from({ length: Math.max(1, last - first + 1) }, (_, i) => step(measure, first + i));
    add(steps, true);
  }
  return groups;
}

/**
 * Sessions that begin from `from` to `to` (epoch ms), and some beside them: where this is asked for too, the index looks no further.
 * Null: it would be too many words.
 */
export function spanGroup(from: number, to: number): FacetGroup | null {
  const size = SPANS.find((one) => one <= to - from) ?? SPANS.at(-1)!;
  const first = Math.floor(from / size);
  const count = Math.floor(to / size) - first + 1;
  if (count > SPANS_MAX) return null;
  return { words: Array.from({ length: count }, (_, i) => span(size, first + i)), isRange: true };
}

/** As a query of FTS5. */
export function queryOf(groups: FacetGroup[]): string {
  if (groups.length === 0) return ALL;
  return groups.map(({ words }) => `(${words.join(' OR ')})`).join(' AND ');
}

/** 0 for 0; each step is 1.4 times the one before. No number that is stored is beyond the last. */
function stepOf(number: number): number {
  return number < 1 ? 0 : Math.min(STEPS_MAX, 1 + Math.floor(STEPS * Math.log2(number)));
}
const STEPS_MAX = 90;

/** ms, each eight times the next: from half a year to an hour. */
const SPANS = [34, 31, 28, 25, 22].map((power) => 2 ** power);
const SPANS_MAX = 60;

const span = (size: number, at: number) => `${word('span', String(size))}x${at.toString(36).replace('-', 'm')}`;

const step = (measure: string, number: number) => `${word('step', measure)}x${number.toString(36)}`;

/** 64 bits of hash: two values in a million have never had the same. FNV-1a over code units, twice. */
function word(kind: string, value: string): string {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  const text = `${kind}=${value}`;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995);
    b ^= b >>> 13;
  }
  return `w${(a >>> 0).toString(36)}q${(b >>> 0).toString(36)}`;
}
