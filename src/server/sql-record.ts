// A row of the catalog as the record of its session, also where what stands in it makes no sense: one bad row must not cost the list. Called by sql-catalog.ts and sql-state.ts.
import { isImportedId } from '../format/key.ts';
import type { SessionRecord } from '../format/session.ts';

/** The columns that `recordOf` needs. */
export const ROW = 'session_id, visitor_id, started_at, ended_at, status, record';

type Row = Record<string, unknown>;

/** Its record; where that is damaged, as much as the columns beside it tell; null: neither tells of a session. */
export function recordOf(row: Row): SessionRecord | null {
  return recordIn(row.record) ?? recordFrom(row);
}

export function recordsOf(rows: Row[]): SessionRecord[] {
  return rows.map(recordOf).filter((record) => record !== null);
}

/** Null: it is none. */
function recordIn(text: unknown): SessionRecord | null {
  try {
    const record = JSON.parse(String(text)) as SessionRecord;
    return isSession(record) && Array.isArray(record.pages) ? record : null;
  } catch {
    return null;
  }
}

function isSession(value: object | null): value is SessionRecord {
  const { session_id, started_at, ended_at, status } = (value ?? {}) as Row;
  const isPlaced = Number.isSafeInteger(started_at) && Number.isSafeInteger(ended_at);
  return isImportedId(session_id) && isPlaced && (status === 'live' || status === 'ended');
}

/** Enough to find its objects, to read it whole, to erase it and to let it expire. */
function recordFrom(row: Row): SessionRecord | null {
  const { session_id, visitor_id, started_at, ended_at, status } = row;
  const columns = { session_id, visitor_id, started_at, ended_at, status };
  if (!isSession(columns)) return null;
  return {
    ...columns,
    duration: Math.max(0, columns.ended_at - columns.started_at),
    country: null,
    country_estimated: false,
    browser: null,
    os: null,
    device: null,
    context: {},
    entry_page: '',
    exit_page: '',
    engagement_score: 0,
    event_count: 0,
    click_count: 0,
    page_count: 0,
    error_count: 0,
    active_ms: 0,
    scroll_depth: 0,
    identity: null,
    signals: {},
    worth: 0,
    headline: null,
    pages: [],
    findings: [],
  };
}
