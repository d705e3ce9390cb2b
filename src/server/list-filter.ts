// What a list of sessions is narrowed to, and whether a session is in it. Used by list-sessions.ts and the catalog.
import { CHOICES, type Choice, RANGES, type Range } from '../format/list.ts';
import type { SessionRecord } from '../format/session.ts';
import { SIGNALS, type Signal } from '../format/signal.ts';

export type Measure = (typeof RANGES)[Range];
export const MEASURES: readonly Measure[] = Object.values(RANGES);

export interface ListFilter {
  status?: 'live' | 'ended';
  choices: Partial<Record<Choice, string[]>>;
  identified?: boolean;
  /** By the person of the query. */
  watched?: boolean;
  /** Epoch ms of its start, both included. */
  from?: number;
  to?: number;
  /** Least and most, both included. */
  ranges: Partial<Record<Measure, [min: number, max: number]>>;
}

/** What a row of the catalog says, without where it is kept. */
export interface Row {
  record: SessionRecord;
  /** See analysis/summary.ts. */
  search_text: string;
}

/** `error=any`. */
export const ANY_ERROR = 'any';

export function isEmpty({ choices, ranges, ...rest }: ListFilter): boolean {
  return [choices, ranges, rest].every((part) => Object.values(part).every((value) => value === undefined));
}

/** Host of the referrer; `direct` where there is none, or the site itself is it. */
export function sourceOf({ context, entry_page }: SessionRecord): string {
  const host = hostOf(context.referrer ?? '');
  return host === '' || host === hostOf(entry_page) ? 'direct' : host;
}

function hostOf(address: string): string {
  return /^https?:\/\/(?:www\.)?([^/?#]*)/i.exec(address)?.[1]?.toLowerCase() ?? '';
}

/** An address as it is, and its path, lower case: either names the page. */
export function pageNames(address: string): string[] {
  const whole = address.toLowerCase();
  const path = /^https?:\/\/[^/]*(\/.*)?$/.exec(whole);
  return path ? [whole, path[1] ?? '/'] : [whole];
}

/** The lines of `search_text` that are elements. */
export function elementsOf({ record, search_text }: Row): string[] {
  const { session_id, visitor_id, identity, country, pages } = record;
  const others = [session_id, visitor_id, identity ?? '', country ?? ''];
  others.push(...pages.map((page) => page.replace(/^https?:\/\//, '')), '');
  const known = new Set(others.map((one) => one.toLowerCase()));
  const lower = search_text.toLowerCase().split('\n');
  return search_text.split('\n').filter((line, i) => !line.startsWith(ERROR) && !known.has(lower[i]!));
}

/** Before the name of an error, in the lines of `search_text`. */
export const ERROR = 'error ';

export function errorsOf({ search_text }: Row): string[] {
  return search_text.split('\n').flatMap((line) => (line.startsWith(ERROR) ? [line.slice(ERROR.length)] : []));
}

/** All that a session is found by, lower case. */
export function valuesOf(row: Row, choice: Choice): string[] {
  const { record } = row;
  switch (choice) {
    case 'entry_page':
      return pageNames(record.entry_page);
    case 'page':
      return record.pages.flatMap(pageNames);
    case 'source':
      return [sourceOf(record)];
    case 'element':
      return row.search_text.toLowerCase().split('\n').filter(Boolean);
    case 'error':
      return record.error_count > 0 ? [ANY_ERROR, ...errorsOf(row).map((name) => name.toLowerCase())] : [];
    case 'signal':
      return SIGNALS.filter((signal: Signal) => (record.signals[signal] ?? 0) > 0);
    default:
      return record[choice] === null ? [] : [record[choice].toLowerCase()];
  }
}

/** Whether a session is in the list; `isWatched`: by the person who asks. */
export function matches(row: Row, filter: ListFilter, isWatched: boolean): boolean {
  const { record } = row;
  const { status, identified, from, to } = filter;
  if (status !== undefined && record.status !== status) return false;
  if (identified !== undefined && (record.identity !== null) !== identified) return false;
  if (record.started_at < (from ?? Number.NEGATIVE_INFINITY)) return false;
  if (record.started_at > (to ?? Number.POSITIVE_INFINITY)) return false;
  for (const measure of MEASURES) {
    const [min, max] = filter.ranges[measure] ?? [0, Number.POSITIVE_INFINITY];
    if (record[measure] < min || record[measure] > max) return false;
  }
  for (const choice of CHOICES) {
    const wanted = filter.choices[choice];
    if (!wanted) continue;
    const has = new Set(valuesOf(row, choice));
    if (!wanted.some((value) => has.has(value.toLowerCase()))) return false;
  }
  return filter.watched === undefined || filter.watched === isWatched;
}
