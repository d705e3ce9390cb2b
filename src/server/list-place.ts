// Where a session stands in the order of a list, and the page that lies among such places. Used by sql-narrowed.ts and the files beside it.
import type { Sort } from '../format/list.ts';
import type { ListFilter, Row } from './list-filter.ts';
import type { CatalogQuery, ListPlace } from './ports.ts';
import { type Words, wordsOf } from './sql-filter.ts';

/** What is asked for, with nothing left out. */
export interface Asked extends CatalogQuery {
  filter: ListFilter;
  sort: Sort;
  ascending: boolean;
  words: Words;
}

export const EVERYTHING: ListFilter = { choices: {}, ranges: {} };

export function askedOf(query: CatalogQuery): Asked {
  const { filter = EVERYTHING, sort = 'started_at', ascending = false, q } = query;
  return { ...query, filter, sort, ascending, words: wordsOf(q) };
}

export type Place = [value: number, startedAt: number, sessionId: string];

export interface Found {
  places: Place[];
  /** They are all there are up to here; more may come after it. */
  stopped: ListPlace | null;
}

export interface Count {
  fit: number;
  /** There are more, or may be. */
  isCut: boolean;
}

export function placeOf({ sort }: Asked, { value, started_at, session_id }: ListPlace): Place {
  return [sort === 'started_at' ? started_at : (value ?? 0), started_at, session_id];
}

export function placesOf({ sort }: Asked, rows: Row[]): Place[] {
  return rows.map(({ record }) => [record[sort], record.started_at, record.session_id]);
}

/** Below 0 where `a` comes first. */
function compare({ ascending }: Asked, a: Place, b: Place): number {
  const order = a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0);
  return ascending ? order : -order;
}

/** Whether it comes after where the page begins. */
export function isAfter(asked: Asked, place: Place): boolean {
  return !asked.after || compare(asked, place, placeOf(asked, asked.after)) > 0;
}

/** All that began at this time, and have this number, come after it, and all before it was looked at. Ids begin with `-` at the earliest and end with `z` at the latest. */
export function placeBefore({ ascending }: Asked, startedAt: number, value?: number): ListPlace {
  const [started_at, session_id] = ascending ? [startedAt - 1, 'z'.repeat(128)] : [startedAt + 1, '-'];
  return { started_at, session_id, ...(value !== undefined && { value }) };
}

/** The page that is asked for, of places among which all of it is. */
export function pageOf(asked: Asked, { places, stopped }: Found): { ids: string[]; stopped: ListPlace | null } {
  const { offset, limit } = asked;
  // Beyond where it was stopped there may be others that come first.
  const isFar = (place: Place) => stopped !== null && compare(asked, place, placeOf(asked, stopped)) > 0;
  const sorted = places.filter((place) => isAfter(asked, place) && !isFar(place)).sort((a, b) => compare(asked, a, b));
  const ids = sorted.slice(offset, offset + limit).map(([, , id]) => id);
  return { ids, stopped: sorted.length > offset + limit ? null : stopped };
}
