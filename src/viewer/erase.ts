// Erasing the open session, or all of its visitor, on the server; and off the screen at once. ui/erase.tsx asks the user first. Throws Failure.
import { signal } from '@preact/signals';
import type { SessionRecord } from '../format/session.ts';
import { apiKey } from './access.ts';
import { request } from './api.ts';
import { asFailure } from './failure.ts';
import { EVERYTHING } from './filters.ts';
import { fetchSessions } from './list-api.ts';
import { visitorFilter } from './list-view.ts';
import { recording } from './playback.ts';
import { takeErased } from './session-list.ts';
import { leave } from './session-open.ts';
import { countText, momentText } from './words.ts';

export interface Erasing {
  session: SessionRecord;
  /** All sessions of its visitor. */
  isAll: boolean;
}

/** What the user is being asked about; null: nothing. */
export const erasing = signal<Erasing | null>(null);

/** The server's receipt as a sentence. */
export async function erase({ session, isAll }: Erasing): Promise<string> {
  const { session_id, visitor_id } = session;
  const path = isAll ? `visitors/${encodeURIComponent(visitor_id)}` : `sessions/${encodeURIComponent(session_id)}`;
  // What was begun goes on where nobody waits for it any more.
  const { signal } = new AbortController();
  const response = await request(`/replay/${path}`, apiKey.peek() ?? '', signal, { method: 'DELETE' });
  const { erased, at } = (await response.json().catch(() => null)) ?? {};
  if (!erased) throw asFailure(new SyntaxError());
  const isErased = (one: { session_id: string; visitor_id: string }) =>
    isAll ? one.visitor_id === visitor_id : one.session_id === session_id;
  const open = recording.peek()?.session;
  takeErased(isErased, open?.session_id);
  if (open && isErased(open)) leave();
  if (isAll && visitorFilter.peek() === visitor_id) visitorFilter.value = '';
  const parts = [
    countText(Number(erased.sessions), 'session'),
    countText(Number(erased.events), 'event'),
    countText(Number(erased.objects), 'object'),
    countText(Number(erased.rows), 'row'),
  ];
  return `Erased on ${momentText(Number(at))}: ${parts.join(', ')}.`;
}

/** `3 sessions`, of a visitor. */
export async function countOf(visitor: string, signal: AbortSignal): Promise<string> {
  const page = await fetchSessions(apiKey.peek() ?? '', { ...EVERYTHING, visitor }, signal, { limit: 1 });
  return `${page.isTotalFloor ? 'at least ' : ''}${countText(page.total, 'session')}`;
}
