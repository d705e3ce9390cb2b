// The list of sessions as it is loaded so far, kept fresh: search, filter, paging and quiet refresh. The sidebar shows it.
import { batch, effect, signal } from '@preact/signals';
import type { SessionSummary } from '../format/session.ts';
import { apiKey, refuseKey } from './access.ts';
import { fetchSessions, type SessionPage } from './api.ts';
import { asFailure, type Failure } from './failure.ts';

export const searchText = signal('');
export const visitorFilter = signal('');
/** Latest start first; null until the first answer to the present search. */
export const sessions = signal<readonly SessionSummary[] | null>(null);
export const total = signal(0);
/** True where `sessions` answers a search or a filter, and not all there are. */
export const isFiltered = signal(false);
/** What the newest answer said of itself: sessions may be missing or older than they are. */
export const isBehind = signal(false);
export const listFailure = signal<Failure | null>(null);
export const loadingMore = signal(false);
/** Rows that a refresh put above the ones that were there: the list moves down by as many, so that nothing jumps. */
export const prepended = signal({ rows: 0 });

const REFRESH_MS = 15_000;
const TYPING_MS = 250;

let cursor: string | null = null;
let running = new AbortController();

/** Loads anew whenever key, search or filter change; refreshes now and then while the page is seen. */
export function keepList(): void {
  let typing: ReturnType<typeof setTimeout> | undefined;
  let before = '';
  effect(() => {
    const asked = JSON.stringify([searchText.value.trim(), visitorFilter.value.trim()]);
    if (apiKey.value === null) return;
    clearTimeout(typing);
    typing = setTimeout(() => void loadFirst(), before === '' || before === asked ? 0 : TYPING_MS);
    before = asked;
  });
  setInterval(() => {
    if (!document.hidden && apiKey.value !== null && sessions.value) void refresh();
  }, REFRESH_MS);
}

export async function loadFirst(): Promise<void> {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  listFailure.value = null;
  sessions.value = null;
  loadingMore.value = false;
  await attempt(signal, async () => {
    const page = await fetchPage(null, signal);
    cursor = page.nextCursor;
    batch(() => {
      total.value = page.total;
      isBehind.value = page.isBehind;
      isFiltered.value = searchText.value.trim() !== '' || visitorFilter.value.trim() !== '';
      sessions.value = page.sessions;
    });
  });
}

export async function loadMore(): Promise<void> {
  if (cursor === null || loadingMore.value || !sessions.value) return;
  const { signal } = running;
  loadingMore.value = true;
  listFailure.value = null;
  await attempt(signal, async () => {
    const page = await fetchPage(cursor, signal);
    const known = new Set(sessions.value?.map((session) => session.session_id));
    cursor = page.nextCursor;
    total.value = page.total;
    isBehind.value = page.isBehind;
    sessions.value = [...(sessions.value ?? []), ...page.sessions.filter((session) => !known.has(session.session_id))];
  });
  if (!signal.aborted) loadingMore.value = false;
}

/** Asks for the newest page again; a failure is left to the next time. */
async function refresh(): Promise<void> {
  const { signal } = running;
  try {
    const page = await fetchPage(null, signal);
    if (signal.aborted || !sessions.value) return;
    const { rows, added, whole } = merge(sessions.value, page);
    if (whole) cursor = page.nextCursor;
    total.value = page.total;
    isBehind.value = page.isBehind;
    if (added > 0) prepended.value = { rows: added };
    sessions.value = rows;
    listFailure.value = null;
  } catch (error) {
    const failure = asFailure(error);
    if (!signal.aborted && failure.kind === 'key') refuseKey(failure.message);
  }
}

/** The newest page over what was loaded: rows it no longer holds are gone, rows beyond it stay. `whole`: it replaced everything. */
export function merge(
  loaded: readonly SessionSummary[],
  page: SessionPage,
): { rows: SessionSummary[]; added: number; whole: boolean } {
  const known = new Set(loaded.map((session) => session.session_id));
  const firstKnown = page.sessions.findIndex((session) => known.has(session.session_id));
  const last = page.sessions.at(-1);
  const at = last ? loaded.findIndex((session) => session.session_id === last.session_id) : -1;
  const whole = page.nextCursor === null || at < 0;
  return {
    rows: whole ? page.sessions : [...page.sessions, ...loaded.slice(at + 1)],
    added: Math.max(0, firstKnown),
    whole,
  };
}

function fetchPage(from: string | null, signal: AbortSignal): Promise<SessionPage> {
  const query = { text: searchText.value.trim(), visitor: visitorFilter.value.trim(), cursor: from };
  return fetchSessions(apiKey.value ?? '', query, signal);
}

async function attempt(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (signal.aborted) return;
    const failure = asFailure(error);
    if (failure.kind === 'key') refuseKey(failure.message);
    else listFailure.value = failure;
  }
}
