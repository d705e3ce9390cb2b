// Which sessions this person has watched: told to the server once one was looked at for a while, or by hand; and the next that was not.
import { computed, effect, signal } from '@preact/signals';
import { apiKey } from './access.ts';
import { asFailure } from './failure.ts';
import { type View, withFilter } from './filters.ts';
import { fetchSessions, type ListedSession, putWatched } from './list-api.ts';
import { view } from './list-view.ts';
import { recording } from './playback.ts';
import { facets, nextCursor, sessions } from './session-list.ts';
import { choose, openId } from './session-open.ts';
import { guest } from './share/guest.ts';
import { tell as tellOnStage } from './told.ts';

/** ms that a session has to be on screen. */
const LOOKED_MS = 3000;
const LOOK_EVERY_MS = 500;
/** ms for which it is told that nothing is left. */
const TOLD_MS = 6000;

/** What was said here since the list was loaded, by session. */
const said = signal<ReadonlyMap<string, boolean>>(new Map());
/** Why there is no next one; empty while there is nothing to say. */
export const nextNotice = signal('');

const openSession = computed(() => (guest.value ? null : (recording.value?.session.session_id ?? null)));

export function isWatched(session: ListedSession): boolean {
  return said.value.get(session.session_id) ?? session.watched;
}

/** Whether the open session is; null where none is open, or it is not this person's list. */
export const isOpenWatched = computed(() => {
  const id = openSession.value;
  if (id === null) return null;
  return said.value.get(id) ?? sessions.value?.find(({ session_id }) => session_id === id)?.watched ?? false;
});

export function toggleOpenWatched(): void {
  const id = openSession.peek();
  if (id !== null) void setWatched(id, !isOpenWatched.peek());
}

/** Takes effect at once; where the server does not take it, it is as before. */
export async function setWatched(id: string, watched: boolean): Promise<void> {
  const row = sessions.peek()?.find(({ session_id }) => session_id === id);
  const before = said.peek().get(id) ?? row?.watched ?? false;
  if (before === watched) return;
  remember(id, watched);
  try {
    await putWatched(apiKey.peek() ?? '', id, watched, new AbortController().signal);
  } catch {
    remember(id, before);
  }
}

function remember(id: string, watched: boolean): void {
  said.value = new Map(said.peek()).set(id, watched);
  const counted = facets.peek();
  if (counted && sessions.peek()?.some(({ session_id }) => session_id === id)) {
    facets.value = { ...counted, unwatched: Math.max(0, counted.unwatched + (watched ? -1 : 1)) };
  }
}

/** Marks a session as watched once it was open, and the page in sight, for a while. */
export function keepWatched(): void {
  effect(() => {
    const id = openSession.value;
    if (id === null) return;
    let looked = 0;
    const timer = setInterval(() => {
      if (document.hidden) return;
      looked += LOOK_EVERY_MS;
      if (looked < LOOKED_MS) return;
      clearInterval(timer);
      void setWatched(id, true);
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  });
}

let telling: ReturnType<typeof setTimeout> | undefined;
let isLooking = false;

/** Opens the first one after the open session that was not watched, loaded or not; after the last one it begins at the list's top again. */
export async function openNextUnwatched(): Promise<void> {
  if (isLooking || guest.peek()) return;
  isLooking = true;
  const found = await findNext().catch((error: unknown) => asFailure(error).message);
  isLooking = false;
  if (typeof found === 'object' && found !== null) {
    tell('');
    choose(found.session_id);
  } else {
    tell(found ?? 'You have watched every session of this list.');
  }
}

async function findNext(): Promise<ListedSession | null> {
  const rows = sessions.peek() ?? [];
  const at = rows.findIndex(({ session_id }) => session_id === openId.peek());
  const isNext = (row: ListedSession) => !isWatched(row) && row.session_id !== openId.peek();
  const here = rows.slice(at + 1).find(isNext);
  if (here) return here;
  const key = apiKey.peek() ?? '';
  const unwatched: View = { ...view.peek(), filters: withFilter(view.peek().filters, 'watched', ['false']) };
  if (view.peek().filters.watched?.[0] === 'true') return null;
  const { signal } = new AbortController();
  for (const cursor of nextCursor() === null ? [null] : [nextCursor(), null]) {
    const page = await fetchSessions(key, unwatched, signal, { cursor });
    const further = page.sessions.find(isNext);
    if (further) return further;
  }
  return null;
}

function tell(sentence: string): void {
  clearTimeout(telling);
  // Over the stage where there is one: on a phone it hides the list.
  if (sentence && openSession.peek() !== null) {
    tellOnStage(sentence);
    return;
  }
  nextNotice.value = sentence;
  telling = setTimeout(() => {
    nextNotice.value = '';
  }, TOLD_MS);
}
