// One attempt to bring one body to the server. Called by the outbox.
import { endpoint } from './options.ts';
import { ATTEMPT_MAX_MS, KEEPALIVE_MAX } from './tuning.ts';

/** As a string it is `text/plain`, which asks no permission of another origin first. */
export const post = (body: string): Promise<Response> =>
  fetch(endpoint, {
    method: 'POST',
    body,
    keepalive: body.length < KEEPALIVE_MAX,
    credentials: 'omit',
    signal: AbortSignal.timeout?.(ATTEMPT_MAX_MS),
  });

/** Sends while the page goes; false where the browser has no room for it. */
export const leave = (body: string): boolean => navigator.sendBeacon(endpoint, body);
