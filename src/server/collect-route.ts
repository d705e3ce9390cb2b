// POST /collect as a response, beside the router: every batch of every visitor passes here, so nothing is built that is not needed. Called by app.ts.

import { collect, type Header, headersOf, isOriginAllowed } from './collect.ts';
import type { App, Client } from './context.ts';
import { problemOf } from './problem.ts';

export async function answerBatch(app: App, request: Request, client: Client): Promise<Response> {
  const began = performance.now();
  const headers = crossOrigin(app, request, headersOf(request, client));
  const log = (status: number, more = {}) => {
    const ms = Math.round(performance.now() - began);
    app.options.log({ method: 'POST', route: '/collect', status, ms, ...more });
  };
  try {
    const answer = await collect(app, request, client);
    log(202);
    headers['content-type'] = 'application/json';
    return new Response(JSON.stringify(answer), { status: 202, headers });
  } catch (error) {
    const problem = problemOf(error);
    app.counters.add(problem.reason);
    log(problem.status, { reason: problem.reason, error });
    const refusal = problem.toAnswer();
    return new Response(refusal.body, { status: problem.status, headers: { ...headers, ...refusal.headers } });
  }
}

export function answerPreflight(app: App, request: Request, client: Client): Response {
  const headers = {
    ...crossOrigin(app, request, headersOf(request, client)),
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type, content-encoding',
    'access-control-max-age': '86400',
  };
  return new Response(null, { status: 204, headers });
}

/** Open to every allowed origin, never with credentials. */
function crossOrigin({ options }: App, request: Request, header: Header): Record<string, string> {
  const headers: Record<string, string> = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  if (options.allowedOrigins) headers.vary = 'origin';
  if (isOriginAllowed(options.allowedOrigins, request, header)) {
    headers['access-control-allow-origin'] = (options.allowedOrigins && header('origin')) || '*';
    headers['access-control-expose-headers'] = 'retry-after';
    headers['cross-origin-resource-policy'] = 'cross-origin';
  }
  return headers;
}
