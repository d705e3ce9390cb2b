// Who sent a request, as Cloudflare tells. Called by worker.ts.
import type { Client } from '../server/context.ts';

/** Codes that stand for no country: unknown, and Tor. */
const NONE = new Set(['XX', 'T1']);

export function clientOf(request: Request<unknown, IncomingRequestCfProperties>): Client {
  const country = request.cf?.country;
  return {
    address: request.headers.get('cf-connecting-ip') ?? '',
    country: country && !NONE.has(country) ? country : null,
  };
}
