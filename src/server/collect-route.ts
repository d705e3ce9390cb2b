// POST /collect as a response, beside the router: every batch of every visitor passes here, so nothing is built that is not needed. Called by app.ts.
import { ANSWER_HEADERS } from './answer-headers.ts';
import { collect } from './collect.ts';
import type { App, Client } from './context.ts';
import { crossOrigin, headersOf } from './cross-origin.ts';
import { problemOf } from './problem.ts';

const HEADERS = { ...ANSWER_HEADERS, 'content-type': 'application/json' };

export async function answerBatch(app: App, request: Request, client: Client): Promise<Response> {
  const began = performance.now();
  const headers = { ...HEADERS, ...crossOrigin(app, request, headersOf(request, client)) };
  const log = (status: number, more = {}) => {
    const ms = Math.round(performance.now() - began);
    app.options.log({ method: 'POST', route: '/collect', status, ms, ...more });
  };
  try {
    const answer = await collect(app, request, client);
    log(202);
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
    ...ANSWER_HEADERS,
    ...crossOrigin(app, request, headersOf(request, client)),
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type, content-encoding',
    'access-control-max-age': '86400',
  };
  return new Response(null, { status: 204, headers });
}
