// session_key → session_id: the first 32 hex digits of the key's SHA-256. Knowing an id gives no right to write. Called by collect.
import { sha256 } from './sha256.ts';

/** A running session sends its key with each batch; these were hashed before. Held in memory only: the key is never stored. */
const known = new Map<string, string>();
const KEPT = 20_000;

export async function sessionIdOf(key: string): Promise<string> {
  const before = known.get(key);
  if (before) return before;
  const id = (await sha256(key)).slice(0, 32);
  if (known.size >= KEPT) known.delete(known.keys().next().value!);
  known.set(key, id);
  return id;
}
