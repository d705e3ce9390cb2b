// The viewer's questions about lists: a page of sessions, what there is to filter by, and what was watched. Throws `Failure`, or an AbortError where its signal said so.
import type { SessionSummary } from '../format/session.ts';
import { SIGNALS, type Signal } from '../format/signal.ts';
import { readSummary } from '../player/read-session.ts';
import { request } from './api.ts';
import { asFailure } from './failure.ts';
import { apiParameters, type View } from './filters.ts';
import { takeAsked } from './first-asked.ts';

export interface ListedSession extends SessionSummary {
  /** The owner of this key has opened it. */
  watched: boolean;
}

export interface SessionPage {
  sessions: ListedSession[];
  total: number;
  /** More match than were counted. */
  isTotalFloor: boolean;
  /** The order is that of so many of the newest that match; null: of all. */
  sortedOf: number | null;
  nextCursor: string | null;
  /** The server's index lacks something just now: sessions may be missing or older than they are. */
  isBehind: boolean;
}

export interface FacetValue {
  value: string;
  count: number;
}

export const FACETS = {
  entry_page: 'entry_pages',
  element: 'elements',
  error: 'errors',
  country: 'countries',
  device: 'devices',
  browser: 'browsers',
  os: 'systems',
  source: 'sources',
} as const;
export type FacetName = keyof typeof FACETS;

/** What the sessions of a list have in common, counted. */
export interface Facets {
  /** Most first. */
  values: Readonly<Record<FacetName, readonly FacetValue[]>>;
  signals: Readonly<Partial<Record<Signal, number>>>;
  unwatched: number;
  /** Still running. */
  live: number;
  /** How many sessions were looked at: the newest. */
  of: number;
  /** They are all that match. */
  isAll: boolean;
  /** This key is good for erasing. */
  mayErase: boolean;
  /** When something counts as a signal, as served. */
  thresholds: unknown;
}

const PAGE_SIZE = 50;
/** Questions in a row whose answers may be empty, and say where to look further. */
const LOOKS_MAX = 10;

export interface PageQuery {
  /** Null: the first page. */
  cursor?: string | null;
  limit?: number;
}

/** With at least one row, unless there is none, or none was found after looking for long. */
export async function fetchSessions(
  key: string,
  view: View,
  signal: AbortSignal,
  query: PageQuery = {},
): Promise<SessionPage> {
  let page = await fetchPage(key, view, signal, query);
  for (let looks = 1; page.sessions.length === 0 && page.nextCursor !== null && looks < LOOKS_MAX; looks++) {
    page = await fetchPage(key, view, signal, { ...query, cursor: page.nextCursor });
  }
  return page;
}

export function pagePath(view: View, { cursor = null, limit = PAGE_SIZE }: PageQuery = {}): string {
  const parameters = apiParameters(view, Date.now());
  parameters.set('limit', String(limit));
  if (cursor) parameters.set('cursor', cursor);
  return `/replay/sessions?${parameters}`;
}

async function fetchPage(key: string, view: View, signal: AbortSignal, query: PageQuery): Promise<SessionPage> {
  const early = query.cursor || query.limit ? null : takeAsked(key);
  const { sessions, total, total_is_floor, sorted_of, next_cursor, behind } = await readJson(
    pagePath(view, query),
    key,
    signal,
    early,
  );
  if (!Array.isArray(sessions)) throw asFailure(new SyntaxError());
  const rows = sessions.map(listed).filter((session) => session !== null);
  return {
    sessions: rows,
    total: typeof total === 'number' ? total : rows.length,
    isTotalFloor: total_is_floor === true,
    sortedOf: typeof sorted_of === 'number' ? sorted_of : null,
    nextCursor: typeof next_cursor === 'string' ? next_cursor : null,
    isBehind: behind === true,
  };
}

export async function fetchFacets(key: string, view: View, signal: AbortSignal): Promise<Facets> {
  const parameters = apiParameters(view, Date.now());
  for (const name of ['sort', 'order']) parameters.delete(name);
  const body = await readJson(`/replay/facets?${parameters}`, key, signal);
  const values = Object.entries(FACETS).map(([name, field]) => [name, countsOf(body[field])]);
  const signals = Object.entries((body.signals ?? {}) as Record<string, unknown>);
  return {
    values: Object.fromEntries(values),
    signals: Object.fromEntries(signals.filter(([name, count]) => isSignal(name) && typeof count === 'number')),
    unwatched: typeof body.unwatched === 'number' ? body.unwatched : 0,
    live: typeof body.live === 'number' ? body.live : 0,
    of: typeof body.of === 'number' ? body.of : 0,
    isAll: body.is_all === true,
    mayErase: Array.isArray(body.scopes) && body.scopes.includes('erase'),
    thresholds: body.thresholds,
  };
}

export async function putWatched(key: string, id: string, watched: boolean, signal: AbortSignal): Promise<void> {
  await request(`/replay/sessions/${encodeURIComponent(id)}/watched`, key, signal, {
    method: watched ? 'PUT' : 'DELETE',
  });
}

async function readJson(
  path: string,
  key: string,
  signal: AbortSignal,
  early: Promise<Response> | null = null,
): Promise<Record<string, unknown>> {
  const response = await request(path, key, signal, { early });
  const body: unknown = await response.json().catch((error: unknown) => {
    throw signal.aborted ? error : asFailure(new SyntaxError());
  });
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}

function listed(value: unknown): ListedSession | null {
  const summary = readSummary(value);
  return summary && { ...summary, watched: (value as { watched?: unknown }).watched === true };
}

function isSignal(name: string): boolean {
  return (SIGNALS as readonly string[]).includes(name);
}

function countsOf(value: unknown): FacetValue[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (one): one is FacetValue =>
      typeof one === 'object' && one !== null && typeof one.value === 'string' && typeof one.count === 'number',
  );
}
