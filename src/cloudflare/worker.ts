// The app on Cloudflare: bindings and settings put together, for requests and for the cron. Entry point of wrangler.jsonc.
import { waitUntil } from 'cloudflare:workers';
import type { App } from '../server/context.ts';
import { problemOf } from '../server/problem.ts';
import { buildApp } from './app.ts';
import { asSent, clientOf } from './client.ts';
import type { Bindings } from './env.ts';
import { maintain } from './maintain.ts';
import { SessionObject } from './session-object.ts';

/** The runtime looks for it here. */
export { SessionObject };

/** One for all requests of this isolate. What is set wrongly is looked at anew each time: there may be no other start. */
let built: App | null = null;

export default {
  async fetch(request, env) {
    try {
      built ??= buildApp(env);
    } catch (error) {
      const { status, body, headers } = { status: 503, ...problemOf(error).toAnswer() };
      return new Response(body, { status, headers });
    }
    const response = await built.fetch(asSent(request), clientOf(request));
    waitUntil(built.counters.flush(Date.now()));
    if (!response.headers.has('content-encoding')) return response;
    // The app has compressed it: without `manual` the runtime would do so once more.
    const { status, headers } = response;
    return new Response(response.body, { status, headers, encodeBody: 'manual' });
  },

  async scheduled(_, env) {
    await maintain(env);
  },
} satisfies ExportedHandler<Bindings>;
