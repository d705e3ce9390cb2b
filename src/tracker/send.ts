// One attempt to bring one body to the server. Called by the outbox.
import { endpoint } from './options.ts';
import { ATTEMPT_MAX_MS } from './tuning.ts';

/**
 * The text makes it `text/plain`, which asks no permission of another origin first. `keepalive`: it outlives the page,
 * if the 64 KiB that all such requests of a page share have room for it; if not, it fails.
 */
export const post = (body: string, keepalive: boolean): Promise<Response> =>
  fetch(endpoint, {
    method: 'POST',
    body,
    keepalive,
    credentials: 'omit',
    signal: AbortSignal.timeout?.(ATTEMPT_MAX_MS),
  });
