// How often one run of the cron asks other services where there is most to do: the free plan ends a run at its 51st question, so work that
// needs more must be done in several. With the settings as they are by default.
import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { R2ObjectStore } from '../../src/cloudflare/r2.ts';
import { parseObject } from '../../src/format/sealed-object.ts';
import type { SessionSummary } from '../../src/format/session.ts';
import { gunzip, putObject, sealedRow } from '../../src/server/session-objects.ts';
import { Meter } from './meter.ts';
import { Switches } from './switches.ts';
import { DAY, eventsOf, later, leftOver, post, record, runAll, SUBREQUESTS, seal } from './upkeep.ts';
import { batchOf, KEY, Site, type Visit } from './visitor.ts';

const SESSIONS = 5;
/** Eight hours: the most that a session comes to. */
const OBJECTS = 35;
const EVENTS = 20;

const objects = new R2ObjectStore(env.BUCKET);

beforeEach(async () => {
  await reset();
  // Ahead of the machine's clock, by which alarms go off: here a test calls them.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 100 * DAY });
});
afterEach(() => {
  vi.useRealTimers();
});

function newSite(): Site {
  return new Site(env, { RATE_LIMITS: 'off' });
}

/** A sealed session of so many objects: the first is as a seal puts it, the others are as it would put them. */
async function recordLong(site: Site, visitor_id: string, count = OBJECTS): Promise<Visit> {
  const made = await record(site, visitor_id, 1);
  const startedAt = Date.now();
  await seal(made);
  const { objects: found } = await env.BUCKET.list({ prefix: 'sessions/' });
  const { key } = found.find((one) => one.key.includes(made.id))!;
  const first = parseObject(await gunzip(new Uint8Array(await (await env.BUCKET.get(key))!.arrayBuffer())));
  const [batch] = first.batches;
  for (let seq = 1; seq < count; seq++) {
    const events = batch!.events.map((event, i) => ({ ...event, event_id: `page.${seq}.${i}` }));
    await putObject(objects, { ...first, object: seq + 1, batches: [{ ...batch!, seq, events }] });
  }
  await site.app.ports.catalog.upsert([(await sealedRow({ objects }, made.id, startedAt))!]);
  return made;
}

async function recordMany(make: (i: number) => Promise<Visit>): Promise<Visit[]> {
  const made: Visit[] = [];
  for (let i = 0; i < SESSIONS; i++) made.push(await make(i));
  return made;
}

/** A further batch of each, which D1 keeps since no Durable Object answers. */
async function keep(visits: Visit[], seq: number, batches: number, visitor_id: string): Promise<void> {
  const switches = new Switches();
  const site = new Site(switches.bindings(env), { RATE_LIMITS: 'off' });
  switches.switch('SESSIONS', 'before');
  for (const one of visits) await post(site, one, visitor_id, seq, seq + batches);
}

async function keysOf(prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of objects.list(prefix)) keys.push(key);
  return keys;
}

describe('a run of the cron asks at most 50 times', () => {
  it('where it erases sessions of 35 objects', async () => {
    const site = newSite();
    await recordMany(() => recordLong(site, 'goes'));
    const stays = await recordLong(site, 'stays');
    const small = new Site(env, { SESSIONS_AT_ONCE: '1' });
    await small.request('/replay/visitors/goes', { method: 'DELETE', headers: { 'x-api-key': KEY } });
    await runAll();
    expect(await keysOf('sessions/')).toHaveLength(OBJECTS);
    expect(await eventsOf(site, stays)).toHaveLength(OBJECTS * EVENTS);
  });

  it('where sessions of 35 objects expire, others run still, and D1 has kept batches of all', async () => {
    const site = newSite();
    const now = Date.now();
    later(-40 * DAY);
    const sealed = await recordMany(() => recordLong(site, 'goes'));
    const running = await recordMany(() => record(site, 'goes', 1));
    await keep([...sealed, ...running], 1, 2, 'goes');
    vi.setSystemTime(now);
    expect(await leftOver()).toBeGreaterThan(2 * SESSIONS);
    await runAll();
    expect(await keysOf('sessions/')).toEqual([]);
    for (const { id } of [...sealed, ...running]) expect(await site.app.ports.hot.tail(id)).toBeNull();
    expect((await site.get('/replay/sessions')).body.total).toBe(0);
  });

  it('where it moves kept batches to sessions of 35 objects that ended', async () => {
    const site = newSite();
    const visits = await recordMany(() => recordLong(site, 'a'));
    await keep(visits, OBJECTS, 6, 'a');
    await runAll();
    for (const one of visits) {
      expect(await eventsOf(site, one)).toHaveLength((OBJECTS + 6) * EVENTS);
      expect((await site.app.ports.hot.tail(one.id))!.batches).toHaveLength(6);
    }
  });

  it('where the index is lost, and has sessions of 35 objects, running ones and many erasures', async () => {
    const site = newSite();
    const long = await recordMany(() => recordLong(site, 'a'));
    const short = await recordMany(() => record(site, 'a', 1));
    for (const one of short.slice(1)) await seal(one);
    const erased = await recordMany(() => record(site, 'b', 1));
    for (const { id } of erased) {
      const headers = { 'x-api-key': KEY };
      expect((await site.request(`/replay/sessions/${id}`, { method: 'DELETE', headers })).status).toBe(200);
    }
    const list = async () => {
      const { sessions, total, behind } = (await newSite().get('/replay/sessions')).body;
      return { sessions, total, behind };
    };
    const before = await list();
    expect(before.total).toBe(2 * SESSIONS);
    for (const name of ['session', 'session_words', 'erased', 'catalog_state']) await env.DB.exec(`DROP TABLE ${name}`);
    expect((await list()).behind).toBe(true);
    await runAll();
    expect(await list()).toEqual(before);
    for (const one of long) expect(await eventsOf(site, one)).toHaveLength(OBJECTS * EVENTS);
    for (const one of erased) expect((await site.post(batchOf(one, 1))).status).toBe(410);
  });
});

describe('a session of more objects than a run can read', () => {
  it('holds up the rebuilding of the index for no other, and is in it as far as it was read', async () => {
    const site = newSite();
    const [large, other] = [await recordLong(site, 'a', 2 * OBJECTS), await record(site, 'a', 1)];
    await seal(other);
    await env.DB.exec('DROP TABLE session');
    expect((await newSite().get('/replay/sessions')).body.behind).toBe(true);
    await runAll();
    const { sessions, behind } = (await newSite().get('/replay/sessions')).body;
    expect(behind).toBeUndefined();
    const counts = sessions.map((one: SessionSummary) => [one.session_id, one.event_count]);
    expect(counts).toEqual([
      [other.id, EVENTS],
      [large.id, OBJECTS * EVENTS],
    ]);
  });
});

describe('a request asks at most 50 times', () => {
  const visitor = (site: Site) =>
    site.request('/replay/visitors/goes', { method: 'DELETE', headers: { 'x-api-key': KEY } });
  const before = (site: Site) => {
    const body = JSON.stringify({ name: 'erase', before: Date.now() + DAY });
    return site.request('/replay/commands', { method: 'POST', body, headers: { 'x-api-key': KEY } });
  };

  // Of running ones that a time is asked about only so many are asked as are erased.
  it.each([
    { erase: visitor, sessions: 3 * SESSIONS },
    { erase: before, sessions: SESSIONS },
  ])('that erases many sessions that run ($erase.name)', async ({ erase, sessions }) => {
    const site = newSite();
    const visits: Visit[] = [];
    for (let i = 0; i < 3 * SESSIONS; i++) visits.push(await record(site, 'goes', 1));
    for (const one of visits.slice(0, 2 * SESSIONS)) {
      await seal(one);
      // It runs again.
      await post(site, one, 'goes', 1, 2);
    }
    await keep(visits, 2, 1, 'goes');
    const meter = new Meter();
    expect((await erase(new Site(meter.bindings(env)))).status).toBe(200);
    expect(meter.subrequests).toBeLessThanOrEqual(SUBREQUESTS);
    await runAll();
    const gone: Visit[] = [];
    for (const one of visits) if ((await site.get(`/replay/sessions/${one.id}`)).status === 404) gone.push(one);
    expect(gone).toHaveLength(sessions);
    const keys = (await keysOf('sessions/')).join();
    for (const { id } of gone) expect([await site.app.ports.hot.tail(id), keys.includes(id)]).toEqual([null, false]);
  });
});
