// One attempt to bring one body to the server. Called by the outbox.
import { endpoint } from './options.ts';
import { ATTEMPT_MAX_MS } from './tuning.ts';

/** As a string it is `text/plain`, which asks no permission of another origin first. */
export const post = (body: string): Promise<Response> =>
  fetch(endpoint, {
    method: 'POST',
    body,
    keepalive: true,
    credentials: 'omit',
    signal: AbortSignal.timeout?.(ATTEMPT_MAX_MS),
  });
