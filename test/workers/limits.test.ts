// Settings, limits and counters of a Worker, where they are not those of every platform.
import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { clientOf } from '../../src/cloudflare/client.ts';
import type { Bindings } from '../../src/cloudflare/env.ts';
import worker from '../../src/cloudflare/worker.ts';
import { CLIENT_BATCHES, CLIENT_SESSIONS } from '../../src/server/rate-limit.ts';
import wrangler from '../../wrangler.jsonc?raw';
import { Switches } from './switches.ts';
import { batchOf, Site, visit } from './visitor.ts';

beforeEach(async () => {
  await reset();
});

/** A location's limit that has had enough after `count`. */
function limitOf(count: number): RateLimit {
  let left = count;
  return { limit: async () => ({ success: left-- > 0 }) };
}

describe('settings of a Worker', () => {
  it.each([
    [{ API_KEY: '' }, 'API_KEY is not set'],
    [{ API_KEY: 'short' }, 'API_KEY has fewer than 16 characters'],
    [{ DEMO: 'yes' }, 'DEMO must be on or off.'],
    [{ SESSIONS_AT_ONCE: '0' }, 'SESSIONS_AT_ONCE must be a whole number from 1 to 1000.'],
  ])('%j: every route says what is wrong', async (more, sentence) => {
    for (const path of ['/', '/tracker.js', '/collect', '/replay/sessions', '/health']) {
      const request = new Request(`https://silhouette.test${path}`) as Parameters<typeof worker.fetch>[0];
      const response = await worker.fetch(request, { ...(env as Bindings), ...more });
      expect(response.status).toBe(503);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(response.headers.get('retry-after')).not.toBeNull();
      expect(((await response.json()) as { detail: string }).detail).toContain(sentence);
    }
  });

  it('serves what needs no store while D1 is away at the first request, and heals by itself', async () => {
    const switches = new Switches();
    const site = new Site(switches.bindings(env));
    switches.switch('DB', 'before');
    expect((await site.get('/tracker.js')).status).toBe(200);
    expect((await site.get('/replay/sessions')).status).toBe(503);
    switches.switch('DB', null);
    expect((await site.get('/replay/sessions')).status).toBe(200);
  });

  it('takes address and country from Cloudflare, and no country where it knows none', () => {
    const client = (country: string) => {
      const headers = { 'cf-connecting-ip': '192.0.2.7' };
      return clientOf(new Request('https://silhouette.test/', { headers, cf: { country } }) as never);
    };
    expect(client('IN')).toEqual({ address: '192.0.2.7', country: 'IN' });
    for (const none of ['XX', 'T1']) expect(client(none).country).toBeNull();
  });
});

describe('limits of a Worker', () => {
  it('are those of a location beside those of the isolate', async () => {
    const site = new Site({ ...(env as Bindings), CLIENT_BATCHES: limitOf(2), CLIENT_SESSIONS: limitOf(1) });
    const [one, other] = [await visit(), await visit()];
    expect((await site.post(batchOf(one, 0))).status).toBe(202);
    const second = await site.post(batchOf(other, 0));
    expect([second.status, second.headers.get('retry-after')]).toEqual([429, '10']);
    const third = await site.post(batchOf(one, 1));
    expect([third.status, third.headers.get('retry-after')]).toEqual([429, '10']);
    expect((await site.get('/health')).body.counters).toMatchObject({ client_rate: 1, session_rate: 1 });
  });

  it('hold at the binding of wrangler.jsonc, which refuses the rest of its period', async () => {
    const site = new Site(env);
    const key = '192.0.2.1';
    let taken = 0;
    let refused: Awaited<ReturnType<Site['post']>> | null = null;
    // A period may end at any of these calls; two take 600 together.
    while (refused?.status !== 429) {
      while ((await env.CLIENT_SESSIONS.limit({ key })).success) expect(++taken).toBeLessThanOrEqual(600);
      refused = await site.post(batchOf(await visit(), 0));
    }
    expect(taken).toBeGreaterThanOrEqual(300);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(refused.headers.get('retry-after')).toBe('10');
    expect((await site.get('/health')).body.counters).toEqual({ session_rate: 1 });
    expect((await env.CLIENT_SESSIONS.limit({ key: 'another address' })).success).toBe(true);
  });

  it('are in wrangler.jsonc what they are in every isolate, for its periods', () => {
    const bound: { name: string; simple: object }[] = JSON.parse(wrangler.replace(/^\s*\/\/.*$/gm, '')).ratelimits;
    const { perSecond, burst } = CLIENT_BATCHES;
    expect(Object.fromEntries(bound.map(({ name, simple }) => [name, simple]))).toEqual({
      // The most that the bucket gives in so long.
      CLIENT_BATCHES: { limit: 10 * perSecond + burst, period: 10 },
      CLIENT_SESSIONS: { limit: CLIENT_SESSIONS.count, period: CLIENT_SESSIONS.ms / 1000 },
    });
    expect([perSecond, burst, CLIENT_SESSIONS]).toEqual([200, 1000, { count: 300, ms: 60_000 }]);
  });

  it('of a session are exact, whichever isolate its batches come to', async () => {
    const isolates = [new Site(env), new Site(env)];
    const visitor = await visit();
    const answers = [];
    for (let seq = 0; seq < 31; seq++) answers.push(await isolates[seq % 2]!.post(batchOf(visitor, seq)));
    expect(answers.slice(0, 30).map(({ status }) => status)).toEqual(Array(30).fill(202));
    expect(answers[30]!.status).toBe(429);
    expect(Number(answers[30]!.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('are lifted by RATE_LIMITS=off', async () => {
    const bindings = { ...(env as Bindings), CLIENT_BATCHES: limitOf(0), CLIENT_SESSIONS: limitOf(0) };
    const site = new Site(bindings, { RATE_LIMITS: 'off' });
    const visitor = await visit();
    for (let seq = 0; seq < 31; seq++) expect((await site.post(batchOf(visitor, seq))).status).toBe(202);
  });
});

describe('counters of a Worker', () => {
  it('are the sum of all isolates, each of which writes at most once a minute', async () => {
    const [one, other] = [new Site(env), new Site(env)];
    for (const site of [one, other, other]) await site.get('/replay/sessions?limit=x');
    const now = Date.now();
    await one.app.counters.flush(now);
    await other.app.counters.flush(now);
    const read = async (site: Site) => (await site.get('/health')).body.counters;
    expect(await read(one)).toEqual({ query: 3 });
    await other.get('/replay/sessions?limit=x');
    await other.app.counters.flush(now + 59_000);
    expect([await read(one), await read(other)]).toEqual([{ query: 3 }, { query: 4 }]);
    await other.app.counters.flush(now + 60_000);
    expect(await read(one)).toEqual({ query: 4 });
  });

  it('wait where D1 is away', async () => {
    const switches = new Switches();
    const site = new Site(switches.bindings(env));
    await site.get('/replay/sessions?limit=x');
    switches.switch('DB', 'before');
    await site.app.counters.flush(1);
    switches.switch('DB', null);
    await site.app.counters.flush(100_000);
    expect((await new Site(env).get('/health')).body.counters).toEqual({ query: 1 });
  });
});
