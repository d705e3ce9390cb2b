// Whether the viewer holds a key that the server takes; where the list, a session or what is shared is refused to it, that ends up here.
import { signal } from '@preact/signals';
import { asFailure, type Failure } from './failure.ts';
import { EVERYTHING } from './filters.ts';
import { storedKey, storeKey } from './key.ts';
import { fetchSessions } from './list-api.ts';

/** Null: to be entered. */
export const apiKey = signal<string | null>(storedKey());
/** Why the last key was not taken; empty where none was refused. */
export const keyRefusal = signal('');

/** Asks the server before taking a key; null where it was taken. Space around it, as it comes with pasting, is not part of it. */
export async function offerKey(entered: string): Promise<Failure | null> {
  const key = entered.trim();
  try {
    await fetchSessions(key, EVERYTHING, new AbortController().signal, { limit: 1 });
  } catch (error) {
    return asFailure(error);
  }
  keyRefusal.value = '';
  storeKey(key);
  apiKey.value = key;
  return null;
}

/** The key was good, or it would not have been taken. */
export function refuseKey(): void {
  drop('Your key is not accepted any more: it was revoked, or its time is over. Enter another one to go on.');
}

/** Forgets the key, as when leaving the machine to someone else. */
export function forgetKey(): void {
  drop('');
}

function drop(sentence: string): void {
  storeKey(null);
  keyRefusal.value = sentence;
  apiKey.value = null;
}
