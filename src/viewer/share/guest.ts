// What the viewer shows to someone without a key: the session of a share link, of a link that carries it whole, or of the file that the viewer lies in. Read by session-open.ts and the screens.
import { signal } from '@preact/signals';
import { request, serverSource } from '../api.ts';
import { asFailure, Failure } from '../failure.ts';
import type { Source } from '../load.ts';
import { FILE_BOUNDS, LINK_BOUNDS, unpack } from './unpack.ts';

export type Guest =
  /** Opens one session of the server, as long as it is valid. */
  | { kind: 'share'; token: string }
  /** Carries a recording, packed as text. */
  | { kind: 'link'; text: string }
  /** The recording lies beside the viewer, in one file. */
  | { kind: 'file' };

/** Null: the viewer belongs to someone with a key. */
export const guest = signal<Guest | null>(null);

/** What the server says of the share link: epoch ms, from which on it opens nothing; whether it shows a stretch alone. */
export const shared = signal<{ expires: number; isStretch: boolean } | null>(null);

/** Id of the element that holds the recording of a file; html-file.ts writes it. */
export const CARRIED_ID = 'recording';

/** Of this file; null: the viewer came from a server. */
export function carriedText(): string | null {
  return globalThis.document?.getElementById(CARRIED_ID)?.textContent ?? null;
}

export function guestSource(visitor: Guest): Source {
  switch (visitor.kind) {
    case 'share':
      return sharedSource(visitor.token);
    case 'link':
      return () => unpack(visitor.text, 'link', LINK_BOUNDS);
    case 'file':
      return () => unpack(carriedText() ?? '', 'file', FILE_BOUNDS);
  }
}

/** Asks first which session it is. */
function sharedSource(token: string): Source {
  let source: Source | null = null;
  shared.value = null;
  return async (asked, signal) => {
    source ??= await askShared(token, signal);
    return await source(asked, signal).catch(refused);
  };
}

/** What a share link opens now; throws Failure where that is nothing. */
export async function askShared(token: string, signal: AbortSignal): Promise<Source> {
  const answer = await request('/replay/shared', token, signal).catch(refused);
  const body: unknown = await answer.json().catch(() => null);
  const { session_id, from, to, expires } = (body ?? {}) as Record<string, unknown>;
  if (typeof session_id !== 'string') throw asFailure(new SyntaxError());
  shared.value = { expires: Date.parse(String(expires)), isStretch: from !== null || to !== null };
  return serverSource(token, session_id);
}

/** A link says itself that its time is over, or that it was taken back. */
function refused(error: unknown): never {
  if (asFailure(error).kind !== 'key') throw error;
  if (shared.peek()) throw new Failure('over', 'The session that it showed was erased.');
  throw new Failure(
    'broken',
    'This link opens nothing: it is incomplete, or the session that it showed was erased. Ask whoever sent it for a new one.',
  );
}
