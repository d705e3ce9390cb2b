// The list of sessions as it is loaded so far, kept fresh: what the present view asks for, paging, counts and quiet refresh. The sidebar shows it.
import { batch, effect, signal, untracked } from '@preact/signals';
import { apiKey, refuseKey } from './access.ts';
import { asFailure, type Failure } from './failure.ts';
import { isNarrowed, viewText } from './filters.ts';
import { type Facets, fetchFacets, fetchSessions, type ListedSession, type SessionPage } from './list-api.ts';
import { view } from './list-view.ts';
import { merge } from './merge-page.ts';

/** In the view's order; null until there is an answer. */
export const sessions = signal<readonly ListedSession[] | null>(null);
export const total = signal(0);
/** More match than were counted. */
export const isTotalFloor = signal(false);
/** True where `sessions` answers a search or a filter, and not all there are. */
export const isFiltered = signal(false);
/** What the newest answer said of itself: sessions may be missing or older than they are. */
export const isBehind = signal(false);
export const listFailure = signal<Failure | null>(null);
/** What is shown answers the view before; the answer to the present one is under way. */
export const isReloading = signal(false);
export const loadingMore = signal(false);
/** Rows that a refresh put above the ones that were there: the list moves down by as many, so that nothing jumps. */
export const prepended = signal({ rows: 0 });
/** Of what the list shows; null where the server did not tell. */
export const facets = signal<Facets | null>(null);
/** `facets` tells of the present list, and not of the one before. */
export const isCounted = signal(false);
/** The order is that of so many of the newest that match; null: of all. */
export const sortedOf = signal<number | null>(null);

const REFRESH_MS = 15_000;
/** They look at far more rows than the list itself does. */
const COUNT_EVERY_MS = 60_000;
const TYPING_MS = 250;
const MORE = 100;

/** A new object with each list that is loaded, however often it is refreshed then. */
export const answered = signal({});

let cursor: string | null = null;
let countedAt = 0;
let running: AbortController | null = null;

/** Where the rows after those that are loaded begin; null: there are none. */
export const nextCursor = (): string | null => cursor;

/** Loads anew whenever key or view change; refreshes now and then while the page is seen. */
export function keepList(): void {
  let typing: ReturnType<typeof setTimeout> | undefined;
  let before: { asked: string; typed: string } | null = null;
  effect(() => {
    const asked = viewText(view.value);
    const typed = JSON.stringify([view.value.text.trim(), view.value.visitor.trim()]);
    if (apiKey.value === null) {
      before = null;
      sessions.value = null;
      facets.value = null;
      return;
    }
    if (asked === before?.asked) return;
    clearTimeout(typing);
    if (before === null || before.typed === typed) untracked(() => void loadFirst());
    else typing = setTimeout(() => void loadFirst(), TYPING_MS);
    before = { asked, typed };
  });
  setInterval(() => {
    if (!document.hidden && apiKey.value !== null && sessions.value) void refresh();
  }, REFRESH_MS);
}

/** The one below it, once that is loaded; null where there is none. */
export function nextOf(id: string): ListedSession | null {
  const rows = sessions.value ?? [];
  const at = rows.findIndex(({ session_id }) => session_id === id);
  return (at >= 0 && rows[at + 1]) || null;
}

export async function loadFirst(): Promise<void> {
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  const asked = view.peek();
  listFailure.value = null;
  isReloading.value = true;
  loadingMore.value = false;
  await attempt(signal, async () => {
    const page = await fetchSessions(apiKey.peek() ?? '', asked, signal);
    if (signal.aborted) return;
    batch(() => {
      take(page);
      cursor = page.nextCursor;
      isFiltered.value = isNarrowed(asked);
      sessions.value = page.sessions;
      answered.value = {};
      isCounted.value = false;
    });
    // The rows first.
    setTimeout(() => void loadCounts(signal));
  });
  if (signal.aborted) return;
  if (listFailure.value) sessions.value = null;
  isReloading.value = false;
}

export async function loadMore(): Promise<void> {
  if (!running || cursor === null || loadingMore.value || isReloading.value || !sessions.value) return;
  const { signal } = running;
  loadingMore.value = true;
  listFailure.value = null;
  await attempt(signal, async () => {
    const page = await fetchSessions(apiKey.peek() ?? '', view.peek(), signal, { cursor, limit: MORE });
    if (signal.aborted) return;
    const known = new Set(sessions.value?.map((session) => session.session_id));
    take(page);
    cursor = page.nextCursor;
    sessions.value = [...(sessions.value ?? []), ...page.sessions.filter((session) => !known.has(session.session_id))];
  });
  if (!signal.aborted) loadingMore.value = false;
}

/** Takes away rows of what was erased, so that those around the open session stay where they are, and counts anew. */
export function takeErased(isErased: (row: ListedSession) => boolean, openId: string | undefined): void {
  const rows = sessions.value ?? [];
  const gone = rows.filter(isErased).length;
  const open = Math.max(
    0,
    rows.findIndex((row) => row.session_id === openId),
  );
  const above = rows.slice(0, open).filter(isErased).length;
  batch(() => {
    sessions.value = rows.filter((row) => !isErased(row));
    total.value -= gone;
    if (above > 0) prepended.value = { rows: -above };
  });
  countedAt = 0;
  void refresh();
}

/** Asks for the first page again; a failure is left to the next time. */
async function refresh(): Promise<void> {
  if (!running || isReloading.value) return;
  const { signal } = running;
  try {
    const page = await fetchSessions(apiKey.peek() ?? '', view.peek(), signal);
    if (signal.aborted || !sessions.value) return;
    const { rows, added, whole } = merge(sessions.value, page);
    batch(() => {
      take(page);
      if (whole) cursor = page.nextCursor;
      if (added > 0) prepended.value = { rows: added };
      sessions.value = rows;
      listFailure.value = null;
    });
    if (Date.now() - countedAt >= COUNT_EVERY_MS) await loadCounts(signal);
  } catch (error) {
    const failure = asFailure(error);
    if (!signal.aborted && failure.kind === 'key') refuseKey();
  }
}

function take(page: SessionPage): void {
  total.value = page.total;
  isTotalFloor.value = page.isTotalFloor;
  sortedOf.value = page.sortedOf;
  isBehind.value = page.isBehind;
}

/** They come after the list, and where they cannot be had nothing but the figures is missing. */
async function loadCounts(signal: AbortSignal): Promise<void> {
  countedAt = Date.now();
  const counted = await fetchFacets(apiKey.peek() ?? '', view.peek(), signal).catch(() => null);
  if (signal.aborted) return;
  batch(() => {
    facets.value = counted;
    isCounted.value = true;
  });
}

async function attempt(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (signal.aborted) return;
    const failure = asFailure(error);
    if (failure.kind === 'key') refuseKey();
    else listFailure.value = failure;
  }
}
