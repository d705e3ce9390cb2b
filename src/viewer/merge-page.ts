// A newer first page laid over what was loaded of a list. Called by session-list.ts.
import type { ListedSession, SessionPage } from './list-api.ts';

/** Rows that the page no longer holds are gone, rows beyond it stay. `whole`: it replaced everything. */
export function merge(
  loaded: readonly ListedSession[],
  page: SessionPage,
): { rows: ListedSession[]; added: number; whole: boolean } {
  const known = new Set(loaded.map((session) => session.session_id));
  const renewed = new Set(page.sessions.map((session) => session.session_id));
  const firstKnown = page.sessions.findIndex((session) => known.has(session.session_id));
  const last = page.sessions.at(-1);
  const at = last ? loaded.findIndex((session) => session.session_id === last.session_id) : -1;
  const whole = page.nextCursor === null || at < 0;
  // In an order other than by start a row may have come up from further down.
  const beyond = loaded.slice(at + 1).filter((session) => !renewed.has(session.session_id));
  return { rows: whole ? page.sessions : [...page.sessions, ...beyond], added: Math.max(0, firstKnown), whole };
}
