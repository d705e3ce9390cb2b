// Which origins may record, and what CORS tells their browsers. Called for /collect and /tracker.js.
import type { App, Client } from './context.ts';

/** How one header of a request is read. */
export type Header = (name: string) => string | null;

export function headersOf(request: Request, client: Client): Header {
  return client.header ?? ((name) => request.headers.get(name));
}

/** True where no list is set, for listed origins, for the server's own pages, and where no origin is named. */
export function isOriginAllowed(allowed: readonly string[] | null, request: Request, header: Header): boolean {
  const origin = allowed && header('origin');
  if (!allowed || origin === null || allowed.includes(origin)) return true;
  return origin.replace(/^https?:\/\//, '') === (header('host') ?? new URL(request.url).host);
}

/** Open to every allowed origin, never with credentials. */
export function crossOrigin({ options }: App, request: Request, header: Header): Record<string, string> {
  const { allowedOrigins } = options;
  const headers: Record<string, string> = { 'cross-origin-resource-policy': 'cross-origin' };
  if (allowedOrigins) headers.vary = 'origin';
  const origin = allowedOrigins ? header('origin') : '*';
  if (origin !== null && isOriginAllowed(allowedOrigins, request, header)) {
    headers['access-control-allow-origin'] = origin;
    headers['access-control-expose-headers'] = 'retry-after';
  }
  return headers;
}
