// A run of the cron that is cut off at any call of any store, or gets no answer to one: it costs nothing but itself.
import { reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { maintain } from '../../src/cloudflare/maintain.ts';
import { type Crash, Switches } from './switches.ts';
import { DAY, eventsOf, later, leftOver, post, record, seal } from './upkeep.ts';
import { batchOf, KEY, Site, type Visit } from './visitor.ts';

beforeEach(async () => {
  await reset();
  // Ahead of the machine's clock, by which alarms go off: here a test calls them.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 100 * DAY });
});
afterEach(() => {
  vi.useRealTimers();
});

/** What is to hold once a run was cut off, and once later runs have found nothing more to do. */
interface Work {
  cutOff?(): Promise<void>;
  atRest(): Promise<void>;
}

/** The minute of six in which the cron begins with it: before that, a run would ask for other work first. */
const MINUTES = { moving: 0, erasing: 1, retaining: 2 };

/**
 * Prepares work for the cron again and again, and lets the run that does it fail at each of its calls in turn. Those who
 * have nothing to do with it, one sealed and one running, are to be what they were all the time. How many calls the run made.
 */
async function failEverywhere(
  crash: Crash,
  minute: number,
  prepare: (site: Site, switches: Switches) => Promise<Work>,
): Promise<number> {
  const switches = new Switches();
  const site = new Site(switches.bindings(env), { RATE_LIMITS: 'off' });
  const bystanders = [await record(site, 'stays', 2), await record(site, 'stays', 1)];
  await seal(bystanders[0]!);
  const stored = () => Promise.all(bystanders.map(storedOf));
  const before = await stored();
  for (let step = 0; ; step++) {
    expect(step).toBeLessThan(100);
    const { cutOff, atRest } = await prepare(site, switches);
    while (Math.floor(Date.now() / 60_000) % 6 !== minute) later(60_000);
    switches.crashAfter(step, crash);
    await maintain(site.bindings).catch(() => undefined);
    const calls = switches.crashAfter(null);
    await cutOff?.();
    for (; (await leftOver()) > 0; later(60_000)) await maintain(site.bindings);
    await atRest();
    expect(await stored()).toEqual(before);
    expect(await countOff()).toBe(0);
    if (calls <= step) return calls;
  }
}

/** All that any store has of a session. */
async function storedOf({ id }: Visit) {
  const tables = ['session', 'events', 'running', 'erasing', 'postponed'];
  const select = (name: string) => env.DB.prepare(`SELECT * FROM ${name} WHERE session_id = ?`).bind(id);
  const rows = await env.DB.batch(tables.map(select));
  const { objects } = await env.BUCKET.list({ prefix: 'sessions/' });
  const own = objects.filter(({ key }) => key.includes(id));
  const batches = await runInDurableObject(env.SESSIONS.getByName(id), (_, { storage }) => {
    const found = storage.sql.exec("SELECT name FROM sqlite_schema WHERE name GLOB 'batch_*'").toArray();
    return found.flatMap(({ name }) => storage.sql.exec(`SELECT page_id, seq, events FROM ${name}`).toArray());
  });
  return {
    rows: Object.fromEntries(tables.map((name, i) => [name, rows[i]!.results])),
    objects: own.map(({ key, etag }) => [key, etag]),
    batches,
  };
}

const NOTHING = {
  rows: { session: [], events: [], running: [], erasing: [], postponed: [] },
  objects: [],
  batches: [],
};

/** By how many the counter of all sessions differs from their rows. */
async function countOff(): Promise<number> {
  const sql = "SELECT value - (SELECT count(*) FROM session) AS off FROM catalog_state WHERE name = 'sessions'";
  return (await env.DB.prepare(sql).first<number>('off'))!;
}

/** The log's lines of these sessions since `since` (epoch ms), each once, however often the log has it. */
async function logged(visits: Visit[], since: number): Promise<string[]> {
  const { objects } = await env.BUCKET.list({ prefix: 'erasures/', startAfter: `erasures/${since}` });
  const texts = await Promise.all(objects.map(async ({ key }) => (await env.BUCKET.get(key))!.text()));
  const lines = texts.flatMap((text) => text.trim().split('\n')).map((line) => JSON.parse(line));
  const own = lines.filter(({ session_id }) => visits.some(({ id }) => id === session_id));
  return [...new Set(own.map(({ session_id, reason }) => `${session_id} ${reason}`))].sort();
}

/** Gone from every store and every answer; the log says why. */
async function expectGone(site: Site, visits: Visit[], reason: string, since: number): Promise<void> {
  for (const one of visits) expect(await storedOf(one)).toEqual(NOTHING);
  expect(await logged(visits, since)).toEqual(visits.map(({ id }) => `${id} ${reason}`).sort());
  expect((await site.get('/replay/sessions?q=primary')).body.total).toBe(2);
  expect((await site.post(batchOf(visits[0]!, 9))).status).toBe(410);
}

async function expectUnreadable(site: Site, visits: Visit[]): Promise<void> {
  for (const { id } of visits) expect((await site.get(`/replay/sessions/${id}`)).status).toBe(404);
}

/** One that lies in two objects, and `running` that run. */
async function recordSome(site: Site, running: number): Promise<Visit[]> {
  const sealed = await record(site, 'goes', 1);
  await seal(sealed);
  await post(site, sealed, 'goes', 1, 2);
  await seal(sealed);
  const visits = [sealed];
  while (visits.length <= running) visits.push(await record(site, 'goes', 1));
  return visits;
}

// Hundreds of runs each: a busy machine takes its time for them.
describe.each<Crash>(['all', 'answer'])('a run of the cron that is cut off (%s)', { timeout: 180_000 }, (crash) => {
  it('while it moves what D1 kept for Durable Objects moves it all the same, once', async () => {
    const calls = await failEverywhere(crash, MINUTES.moving, async (site, switches) => {
      switches.switch('SESSIONS', 'before');
      const visits = [await record(site, 'a', 2), await record(site, 'a', 1)];
      switches.switch('SESSIONS', null);
      const read = () => Promise.all(visits.map((one) => eventsOf(site, one)));
      const before = await read();
      expect(before.map((ids) => ids.length)).toEqual([40, 20]);
      return {
        cutOff: async () => expect(await read()).toEqual(before),
        atRest: async () => {
          expect(await read()).toEqual(before);
          const stored = await Promise.all(visits.map(storedOf));
          expect(stored.map(({ batches }) => batches.length)).toEqual([2, 1]);
          expect(stored.flatMap(({ rows }) => [...rows.events!, ...rows.postponed!])).toEqual([]);
        },
      };
    });
    expect(calls).toBeGreaterThan(15);
  });

  it('while it erases erases all the same, and nothing else', async () => {
    const small = new Site(env, { SESSIONS_AT_ONCE: '1' });
    const calls = await failEverywhere(crash, MINUTES.erasing, async (site) => {
      // More of them run than the request may remove: it closes them, and leaves all to the cron.
      const visits = await recordSome(site, 2);
      const since = Date.now();
      const request = { method: 'DELETE', headers: { 'x-api-key': KEY } };
      const { status, body } = await small.request('/replay/visitors/goes', request);
      expect([status, body.erased.sessions, body.erased.events]).toEqual([200, 3, 80]);
      expect(await site.app.ports.catalog.erasing(10)).toHaveLength(3);
      return {
        cutOff: () => expectUnreadable(site, visits),
        atRest: () => expectGone(site, visits, 'erased', since),
      };
    });
    expect(calls).toBeGreaterThan(10);
  });

  it('while it removes what is expired removes it all the same, and nothing else', async () => {
    const calls = await failEverywhere(crash, MINUTES.retaining, async (site) => {
      const since = Date.now();
      later(-32 * DAY);
      const visits = await recordSome(site, 1);
      vi.setSystemTime(since);
      return {
        cutOff: () => expectUnreadable(site, visits),
        atRest: () => expectGone(site, visits, 'expired', since),
      };
    });
    expect(calls).toBeGreaterThan(15);
  });
});
