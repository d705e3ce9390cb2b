// Whether the viewer holds a key that the server takes; every answer of 401 ends up here.
import { signal } from '@preact/signals';
import { storedKey, storeKey } from './key.ts';

/** Null: to be entered. */
export const apiKey = signal<string | null>(storedKey());
/** Why the last key was not taken; empty where none was refused. */
export const keyRefusal = signal('');

/** Surrounding space and line ends, as they come with pasting, are not part of a key. */
export function useKey(key: string): void {
  keyRefusal.value = '';
  storeKey(key.trim());
  apiKey.value = key.trim();
}

export function refuseKey(sentence: string): void {
  storeKey(null);
  keyRefusal.value = sentence;
  apiKey.value = null;
}

/** Forgets the key, as when leaving the machine to someone else. */
export function forgetKey(): void {
  storeKey(null);
  keyRefusal.value = '';
  apiKey.value = null;
}
