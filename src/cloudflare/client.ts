// Who sent a request and what they take, as Cloudflare tells. Called by worker.ts.
import type { Client } from '../server/context.ts';

type FromOutside = Request<unknown, IncomingRequestCfProperties>;

/** Codes that stand for no country: unknown, and Tor. */
const NONE = new Set(['XX', 'T1']);
/** This machine: the runtime that is run here makes up a country. */
const HERE = new Set(['127.0.0.1', '::1']);

export function clientOf(request: FromOutside): Client {
  const country = request.cf?.country;
  const address = request.headers.get('cf-connecting-ip') ?? '';
  return { address, country: country && !NONE.has(country) && !HERE.has(address) ? country : null };
}

/** The request with the encodings that the client itself takes: in their place Cloudflare writes its own. */
export function asSent(request: FromOutside): Request {
  const accepted = request.cf?.clientAcceptEncoding;
  if (accepted === undefined || request.method === 'POST') return request;
  const headers = new Headers(request.headers);
  headers.set('accept-encoding', accepted);
  return new Request(request, { headers });
}
