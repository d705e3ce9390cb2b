// GET /replay/sessions: a page of the catalog, running sessions as they are now. Called by app.ts.
import { summarize } from '../analysis/summary.ts';
import type { SessionSummary } from '../format/session.ts';
import type { App } from './context.ts';
import { originOf } from './hot-session.ts';
import { cursorOf, parseQuery } from './list-query.ts';
import { type CatalogPage, type CatalogQuery, type ListPlace, StoreUnavailable } from './ports.ts';

export interface SessionList {
  sessions: ListedSession[];
  total: number;
  /** More may match than `total` says. */
  total_is_floor?: true;
  /** The order is that of so many of the newest that match, not of all. */
  sorted_of?: number;
  /** Asks for the rows after these, of which there may be none; null on the last page. */
  next_cursor: string | null;
  /** The hot store does not answer, or batches that it could not take are still to be moved there: running sessions may lack what came last. Or the index is being rebuilt: sessions may be missing. */
  behind?: true;
}

export interface ListedSession extends SessionSummary {
  /** Epoch ms of the last event that this row of a running session knows of, where the hot store did not tell how it is now. */
  as_of?: number;
  /** By the person who asks. */
  watched?: true;
}

/** `person`: by the name of the key. */
export async function listSessions(app: App, params: URLSearchParams, person: string): Promise<SessionList> {
  const query = parseQuery(params, person);
  const { ports, writer } = app;
  let behind = false;
  await writer.flush().catch((error) => {
    if (!(error instanceof StoreUnavailable)) throw error;
    // A full disk can still be read: the newest sessions are missing until there is room.
    if (error.store !== 'hot' && !error.full) throw error;
    behind = true;
  });
  // One row more than asked for tells whether there is a next page.
  const [page, kept, rebuilding] = await Promise.all([
    ports.catalog.list({ ...query, limit: query.limit + 1, kept_since: app.keptSince() }),
    ports.catalog.keptSessions(1),
    ports.catalog.rebuilding(),
  ]);
  const rows = page.sessions.slice(0, query.limit);
  const ids = rows.map(({ session_id }) => session_id);
  const isKnown = query.filter?.watched;
  const marked = isKnown === undefined ? ports.catalog.watchedOf(person, ids) : new Set(isKnown ? ids : []);
  const [now, watched] = await Promise.all([runningOf(app, rows), marked]);
  const next = placeAfter(page, query);
  return {
    sessions: rows.map((row) => ({
      ...(now?.get(row.session_id) ?? asKnown(row)),
      ...(watched.has(row.session_id) && { watched: true }),
    })),
    total: page.total,
    ...(page.isFloor && { total_is_floor: true }),
    ...(page.sortedOf !== undefined && { sorted_of: page.sortedOf }),
    next_cursor: next && cursorOf(next, query.sort ?? 'started_at'),
    ...(behind || !now || rebuilding || kept.length > 0 ? { behind: true } : {}),
  };
}

/** Where the next page begins; null: there is none. */
function placeAfter(
  { sessions, stopped, sortedOf }: CatalogPage,
  { limit, sort = 'started_at' }: CatalogQuery,
): ListPlace | null {
  const last = sessions[limit - 1];
  if (sessions.length <= limit || last === undefined) return stopped ?? null;
  const { started_at, session_id } = last;
  return { value: last[sort], started_at, session_id, of_newest: sortedOf !== undefined };
}

/** A running session's row is written when it begins; what changes since then is asked of the hot store. Null: it does not answer. */
async function runningOf({ ports, options }: App, rows: SessionSummary[]): Promise<Map<string, SessionSummary> | null> {
  const live = rows.filter((row) => row.status === 'live').map((row) => row.session_id);
  const summaries = new Map<string, SessionSummary>();
  if (live.length === 0) return summaries;
  try {
    const digests = await ports.hot.digests(live.slice(0, options.askedAtOnce));
    for (const [id, { session, digest }] of digests) {
      const { pages: _pages, findings: _findings, ...summary } = summarize(originOf(session), digest, 'live');
      summaries.set(id, summary);
    }
    return summaries;
  } catch (error) {
    if (error instanceof StoreUnavailable && error.store === 'hot') return null;
    throw error;
  }
}

function asKnown(row: SessionSummary): ListedSession {
  return row.status === 'live' ? { ...row, as_of: row.ended_at } : row;
}
