// What the viewer shows to someone without a key: the session of a share link, or of a link that carries it whole. Read by session-open.ts and the screens.
import { signal } from '@preact/signals';
import { serverSource } from '../api.ts';
import { Failure } from '../failure.ts';
import type { Source } from '../load.ts';

export type Guest =
  /** Opens one session of the server, as long as it is valid. */
  | { kind: 'share'; token: string }
  /** Carries a recording, packed as text. */
  | { kind: 'link'; text: string };

/** Null: the viewer belongs to someone with a key. */
export const guest = signal<Guest | null>(null);

export function guestSource(visitor: Guest): Source {
  if (visitor.kind === 'share') return serverSource(visitor.token, 'shared');
  return () => Promise.reject(new Failure('unreadable', 'This link cannot be read.'));
}
