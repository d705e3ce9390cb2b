// The parameters of a list as a query of the catalog. Called by list-sessions.ts and list-facets.ts.

import { isoTime } from '../format/iso-time.ts';
import { CHOICES, type Choice, RANGES, type Range, SORTS, type Sort } from '../format/list.ts';
import { SIGNALS } from '../format/signal.ts';
import type { ListFilter } from './list-filter.ts';
import type { CatalogQuery, ListPlace } from './ports.ts';
import { Problem } from './problem.ts';

const LIMIT = 50;
const LIMIT_MAX = 100;
const QUERY_MAX = 200;
/** Values of one filter, and characters of one. */
const VALUES_MAX = 50;
const VALUE_MAX = 2048;
const BOUNDS = Object.keys(RANGES).flatMap((name) => [`min_${name}`, `max_${name}`]);
/** At the end of a cursor of an order that is that of the newest alone. */
const NEWEST = '~newest';
const PARAMETERS = [
  ...['limit', 'offset', 'visitor_id', 'cursor', 'q', 'sort', 'order'],
  ...['status', 'identified', 'watched', 'from', 'to'],
  ...CHOICES,
  ...BOUNDS,
];
/** Choices of which only these make sense. */
const KNOWN: Partial<Record<Choice, readonly string[]>> = {
  signal: SIGNALS,
  device: ['desktop', 'mobile', 'tablet'],
};

/** `person`: whose `watched` is meant. Throws Problem 400 that names the parameter. */
export function parseQuery(params: URLSearchParams, person: string): CatalogQuery {
  expectSingle(params);
  const visitor_id = params.get('visitor_id');
  // No stored text holds a control character, and SQL ends a search at a NUL.
  const q = params
    .get('q')
    ?.slice(0, QUERY_MAX)
    .replace(/\p{Cc}+/gu, ' ');
  const cursor = params.get('cursor');
  const sort: Sort = oneOf(params, 'sort', SORTS) ?? 'started_at';
  return {
    limit: Math.min(LIMIT_MAX, wholeNumber(params, 'limit', LIMIT)),
    offset: wholeNumber(params, 'offset', 0),
    ...(visitor_id ? { visitor_id } : {}),
    ...(q ? { q } : {}),
    filter: filterOf(params),
    person,
    sort,
    ascending: oneOf(params, 'order', ['asc', 'desc']) === 'asc',
    ...(cursor ? { after: parseCursor(cursor, sort) } : {}),
  };
}

/** The inverse of what a cursor is read as. */
export function cursorOf({ value, started_at, session_id, of_newest }: ListPlace, sort: Sort): string {
  const place = `${started_at}~${session_id}`;
  return sort === 'started_at' ? place : `${value}~${place}${of_newest ? NEWEST : ''}`;
}

function filterOf(params: URLSearchParams): ListFilter {
  const choices: ListFilter['choices'] = {};
  for (const name of CHOICES) {
    const values = valuesOf(params, name);
    if (values) choices[name] = values;
  }
  const ranges: ListFilter['ranges'] = {};
  for (const [name, measure] of Object.entries(RANGES) as [Range, (typeof RANGES)[Range]][]) {
    const min = wholeNumber(params, `min_${name}`, 0);
    const max = wholeNumber(params, `max_${name}`, Number.MAX_SAFE_INTEGER);
    if (params.has(`min_${name}`) || params.has(`max_${name}`)) ranges[measure] = [min, max];
  }
  const status = oneOf(params, 'status', ['live', 'ended']);
  const identified = oneOf(params, 'identified', ['true', 'false']);
  const watched = oneOf(params, 'watched', ['true', 'false']);
  const from = time(params, 'from');
  const to = time(params, 'to');
  return {
    choices,
    ranges,
    ...(status && { status }),
    ...(identified && { identified: identified === 'true' }),
    ...(watched && { watched: watched === 'true' }),
    ...(from !== null && { from }),
    ...(to !== null && { to }),
  };
}

/** Null: none. */
function valuesOf(params: URLSearchParams, name: Choice): string[] | null {
  const given = params.get(name);
  if (given === null) return null;
  // A comma of the value itself, as in a class of `grid-cols-[1fr,2fr]`, comes as `\,`.
  const values = (given.match(/(?:\\.|[^,\\])+/gs) ?? []).map((value) => value.replace(/\\(.)/gs, '$1'));
  const known = KNOWN[name];
  const isGood = (value: string) => value.length <= VALUE_MAX && (!known || known.includes(value));
  if (values.length === 0 || values.length > VALUES_MAX || !values.every(isGood)) {
    const which = known ? `of ${known.join(', ')}` : `and at most ${VALUES_MAX}`;
    throw new Problem(400, 'query', `${name} must be one or more values ${which}, with commas between`);
  }
  return values;
}

/** Throws Problem 400 where a parameter comes twice, or as a list: the one value that is read might not be the one that was meant. */
function expectSingle(params: URLSearchParams): void {
  for (const name of params.keys()) {
    const meant = PARAMETERS.find(
      (known) => name === known || name.startsWith(`${known}[`) || name.startsWith(`${known}.`),
    );
    if (meant === undefined || (name === meant && params.getAll(name).length === 1)) continue;
    throw new Problem(400, 'query', `${meant} must come once, as one value`);
  }
}

function oneOf<T extends string>(params: URLSearchParams, name: string, known: readonly T[]): T | null {
  const given = params.get(name);
  if (given === null) return null;
  const found = known.find((value) => value === given);
  if (found === undefined) throw new Problem(400, 'query', `${name} must be one of ${known.join(', ')}`);
  return found;
}

function wholeNumber(params: URLSearchParams, name: string, fallback: number): number {
  const given = params.get(name);
  if (given === null) return fallback;
  if (!/^\d+$/.test(given)) throw new Problem(400, 'query', `${name} must be a whole number from 0`);
  return Math.min(Number(given), Number.MAX_SAFE_INTEGER);
}

/** Epoch ms; null: not given. A time without a zone is UTC, on whatever machine. */
function time(params: URLSearchParams, name: string): number | null {
  const given = params.get(name);
  if (given === null) return null;
  const isUtc = /T[\d:.]+$/.test(given);
  const ms = /^-?\d{1,16}$/.test(given) ? Number(given) : isoTime(isUtc ? `${given}Z` : given);
  if (ms === null) throw new Problem(400, 'query', `${name} must be milliseconds since 1970, or an ISO 8601 date`);
  return ms;
}

function parseCursor(cursor: string, sort: Sort): ListPlace {
  const parts = /^(?:(\d{1,16})~)?(-?\d{1,16})~([A-Za-z0-9_.-]{1,128})(~newest)?$/.exec(cursor);
  if (!parts || (parts[1] === undefined) !== (sort === 'started_at'))
    throw new Problem(400, 'query', 'cursor must be a next_cursor of this list');
  const place = { started_at: Number(parts[2]), session_id: parts[3]! };
  return parts[1] === undefined ? place : { value: Number(parts[1]), ...place, of_newest: parts[4] === NEWEST };
}
