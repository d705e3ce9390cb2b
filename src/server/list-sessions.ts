// GET /replay/sessions: a page of the catalog, running sessions as they are now. Called by app.ts.
import { summarize } from '../analysis/summary.ts';
import type { SessionSummary } from '../format/session.ts';
import type { App } from './context.ts';
import { originOf } from './hot-session.ts';
import { type CatalogQuery, StoreUnavailable } from './ports.ts';
import { Problem } from './problem.ts';

const LIMIT = 50;
const LIMIT_MAX = 100;
const QUERY_MAX = 200;
const PARAMETERS = ['limit', 'offset', 'visitor_id', 'cursor', 'q'] as const;

export interface SessionList {
  sessions: ListedSession[];
  total: number;
  /** Asks for the rows after these; null on the last page. */
  next_cursor: string | null;
  /** The hot store does not answer, or batches that it could not take are still to be moved there: running sessions may lack what came last. Or the index is being rebuilt: sessions may be missing. */
  behind?: true;
}

export interface ListedSession extends SessionSummary {
  /** Epoch ms of the last event that this row of a running session knows of, where the hot store did not tell how it is now. */
  as_of?: number;
}

export async function listSessions(app: App, params: URLSearchParams): Promise<SessionList> {
  const query = parseQuery(params);
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
  const last = rows.at(-1);
  const more = page.sessions.length > query.limit && last !== undefined;
  const now = await runningOf(app, rows);
  return {
    sessions: rows.map((row) => now?.get(row.session_id) ?? asKnown(row)),
    total: page.total,
    next_cursor: more ? `${last.started_at}~${last.session_id}` : null,
    ...(behind || !now || rebuilding || kept.length > 0 ? { behind: true } : {}),
  };
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

/** Throws Problem 400 that names the parameter. */
function parseQuery(params: URLSearchParams): CatalogQuery {
  expectSingle(params);
  const visitor_id = params.get('visitor_id');
  // No stored text holds a control character, and SQL ends a search at a NUL.
  const q = params
    .get('q')
    ?.slice(0, QUERY_MAX)
    .replace(/\p{Cc}+/gu, ' ');
  const cursor = params.get('cursor');
  return {
    limit: Math.min(LIMIT_MAX, wholeNumber(params, 'limit', LIMIT)),
    offset: wholeNumber(params, 'offset', 0),
    ...(visitor_id ? { visitor_id } : {}),
    ...(q ? { q } : {}),
    ...(cursor ? { after: parseCursor(cursor) } : {}),
  };
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

function wholeNumber(params: URLSearchParams, name: string, fallback: number): number {
  const given = params.get(name);
  if (given === null) return fallback;
  if (!/^\d+$/.test(given)) throw new Problem(400, 'query', `${name} must be a whole number from 0`);
  return Math.min(Number(given), Number.MAX_SAFE_INTEGER);
}

function parseCursor(cursor: string): NonNullable<CatalogQuery['after']> {
  const parts = /^(-?\d{1,16})~([A-Za-z0-9_.-]{1,128})$/.exec(cursor);
  if (!parts) throw new Problem(400, 'query', 'cursor must be a next_cursor of this list');
  return { started_at: Number(parts[1]), session_id: parts[2]! };
}
