// How the viewer asks the server, and its question for a session; list-api.ts has those for lists. Throws `Failure`, or an AbortError where its signal said so.
import { asFailure, Failure, failureOf } from './failure.ts';
import type { Source } from './load.ts';

/** A session of the server, by a key that reads it. */
export function serverSource(key: string, id: string): Source {
  return (asked, signal) => {
    const query = new URLSearchParams(Object.entries(asked).map(([name, ms]) => [name, String(Math.floor(ms))]));
    const path = `/replay/sessions/${encodeURIComponent(id)}`;
    return request(query.size > 0 ? `${path}?${query}` : path, key, signal);
  };
}

export function fetchWith(key: string, path: string, more: RequestInit = {}): Promise<Response> {
  return fetch(path, { ...more, headers: { 'X-API-Key': key }, cache: 'no-store', credentials: 'omit' });
}

/** The answer, which is a good one. `early`: it was asked for already. */
export async function request(
  path: string,
  key: string,
  signal: AbortSignal,
  { early, ...asked }: { method?: string; body?: string; early?: Promise<Response> | null } = {},
): Promise<Response> {
  let response: Response;
  try {
    response = await (early ?? fetchWith(key, path, { ...asked, signal }));
  } catch (error) {
    if (signal.aborted) throw error;
    // A key with characters that no header can carry is a wrong key, not a dead server.
    if (!/^[\x20-\x7e]*$/.test(key)) throw new Failure('key', 'That is not a key: it holds characters no key has.');
    throw asFailure(error);
  }
  if (!response.ok) throw await failureOf(response);
  return response;
}
