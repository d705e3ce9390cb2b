// What the cron does in workerd: bounded in each run, done after many, and a run that is cut off costs nothing but itself.
import { reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { D1SqlDatabase } from '../../src/cloudflare/d1.ts';
import { DurableHotStore } from '../../src/cloudflare/durable-hot-store.ts';
import type { Bindings } from '../../src/cloudflare/env.ts';
import { maintain } from '../../src/cloudflare/maintain.ts';
import worker from '../../src/cloudflare/worker.ts';
import { Meter, over } from './meter.ts';
import { Switches } from './switches.ts';
import { batchOf, KEY, Site, type Visit, visit } from './visitor.ts';

/** Of the free plan. */
const SUBREQUESTS = 50;
const DAY = 86_400_000;
const SEALING = { SEAL_AFTER_SECONDS: '60' };

beforeEach(async () => {
  await reset();
  // Ahead of the machine's clock, by which alarms go off: here a test calls them.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 100 * DAY });
});
afterEach(() => {
  vi.useRealTimers();
});

const fails = async () => {
  throw new Error('switched off by the test');
};

function later(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

/** A run a minute until none has anything to do; how many, each within the free plan. */
async function runAll(settings: Partial<Bindings> = {}): Promise<number> {
  for (let idle = 0, runs = 0; ; runs++) {
    expect(runs).toBeLessThan(200);
    const meter = new Meter();
    // Each run may find itself in a new isolate.
    const { app } = new Site(meter.bindings(env), settings);
    const before = await leftOver(app);
    await maintain(app);
    expect(meter.subrequests).toBeLessThanOrEqual(SUBREQUESTS);
    later(60_000);
    idle = before === 0 ? idle + 1 : 0;
    if (idle === 6) return runs + 1 - idle;
  }
}

async function leftOver({ ports: { catalog }, keptSince }: Site['app']): Promise<number> {
  const expired = await catalog.expired(keptSince(), 100);
  return (await catalog.keptSessions(100)).length + (await catalog.erasing(100)).length + expired.length;
}

async function record(site: Site, visitor_id: string, batches: number): Promise<Visit> {
  const made = await visit();
  await site.get('/health');
  for (let seq = 0; seq < batches; seq++) {
    const { status } = await site.post({ ...batchOf(made, seq), visitor_id });
    expect(status).toBe(202);
  }
  return made;
}

async function seal({ id }: Visit): Promise<void> {
  const stub = env.SESSIONS.getByName(id);
  await runInDurableObject(stub, (object) => {
    const inner = object as unknown as { env: Bindings };
    inner.env = { ...inner.env, ...SEALING };
  });
  later(600_000);
  await runDurableObjectAlarm(stub);
}

async function eventsOf(site: Site, { id }: Visit): Promise<string[]> {
  const { status, body } = await site.get(`/replay/sessions/${id}`);
  expect(status).toBe(200);
  return body.events.map(({ event_id }: { event_id: string }) => event_id).sort();
}

describe('the cron', () => {
  it('moves what D1 kept for Durable Objects, and a crash after any call of any run changes nothing', async () => {
    const switches = new Switches();
    const site = new Site(switches.bindings(env), { RATE_LIMITS: 'off' });
    switches.switch('SESSIONS', 'before');
    const visits = [await record(site, 'a', 3), await record(site, 'b', 2)];
    const expected = await Promise.all(visits.map((one) => eventsOf(new Site(env), one)));
    expect(expected.map((ids) => ids.length)).toEqual([60, 40]);
    switches.switch('SESSIONS', null);
    for (let calls = 0; ; calls++) {
      expect(calls).toBeLessThan(100);
      switches.crashAfter(calls);
      const crashed = await maintain(new Site(switches.bindings(env)).app).then(
        () => false,
        () => true,
      );
      switches.crashAfter(null);
      const now = await Promise.all(visits.map((one) => eventsOf(new Site(env), one)));
      expect(now).toEqual(expected);
      if (!crashed && (await site.app.ports.catalog.keptSessions(1)).length === 0) break;
    }
    const tails = await Promise.all(visits.map(({ id }) => site.app.ports.hot.tail(id)));
    expect(tails.map((tail) => tail?.batches.length)).toEqual([3, 2]);
  });

  it('moves many kept batches in many runs, each within the free plan', async () => {
    const switches = new Switches();
    const site = new Site(switches.bindings(env), { RATE_LIMITS: 'off' });
    switches.switch('SESSIONS', 'before');
    const long = await record(site, 'a', 60);
    const others = [];
    for (let i = 0; i < 12; i++) others.push(await record(site, `v${i}`, 2));
    switches.switch('SESSIONS', null);
    expect(await runAll()).toBeGreaterThan(2);
    expect(await eventsOf(site, long)).toHaveLength(1200);
    for (const one of others) expect(await eventsOf(site, one)).toHaveLength(40);
  });

  it('goes on with what one request erased too much for, and touches nothing else', async () => {
    const site = new Site(env, { RATE_LIMITS: 'off' });
    const visits = [];
    for (let i = 0; i < 24; i++) visits.push(await record(site, i % 2 ? 'goes' : 'stays', 1));
    for (const one of visits.slice(0, 12)) await seal(one);
    const goes = visits.filter((_, i) => i % 2);
    const stays = visits.filter((_, i) => !(i % 2));
    // Six of them run: they are the first to go, for they are not to take another batch.
    const settings = { SESSIONS_AT_ONCE: '5' };
    const meter = new Meter();
    const small = new Site(meter.bindings(env), settings);
    const headers = { 'x-api-key': KEY };
    const { status, body } = await small.request('/replay/visitors/goes', { method: 'DELETE', headers });
    expect([status, body.erased.sessions, body.erased.events]).toEqual([200, 12, 240]);
    expect(meter.subrequests).toBeLessThanOrEqual(SUBREQUESTS);
    for (const { id } of goes) expect((await site.get(`/replay/sessions/${id}`)).status).toBe(404);
    for (const one of goes) expect((await site.post({ ...batchOf(one, 9), visitor_id: 'goes' })).status).toBe(410);
    expect(await runAll(settings)).toBeGreaterThan(0);
    for (const { id } of goes) expect(await site.app.ports.hot.tail(id)).toBeNull();
    for (const one of stays) expect(await eventsOf(site, one)).toHaveLength(20);
    expect((await env.BUCKET.list({ prefix: 'sessions/' })).objects).toHaveLength(6);
  });

  it('removes what is expired, and that alone', async () => {
    const site = new Site(env, { RATE_LIMITS: 'off' });
    const old = [];
    for (let i = 0; i < 7; i++) old.push(await record(site, 'old', 1));
    for (const one of old) await seal(one);
    later(20 * DAY);
    const young = await record(site, 'young', 1);
    await seal(young);
    later(11 * DAY);
    expect((await site.get('/replay/sessions')).body.total).toBe(1);
    expect(await runAll({ SESSIONS_AT_ONCE: '3' })).toBeGreaterThan(1);
    expect(await eventsOf(site, young)).toHaveLength(20);
    expect((await env.BUCKET.list({ prefix: 'sessions/' })).objects).toHaveLength(1);
  });

  it('looks after the others where one does not answer, and says so', async () => {
    const site = new Site(env);
    const visits = [];
    for (let i = 0; i < 3; i++) visits.push(await record(site, 'a', 1));
    let asked = 0;
    const getByName = (name: string) => {
      const stub = env.SESSIONS.getByName(name);
      return asked++ === 0 ? over(stub, { lookAfter: fails }) : stub;
    };
    const hot = new DurableHotStore(over(env.SESSIONS, { getByName }), new D1SqlDatabase(env.DB));
    for (const { id } of visits)
      await runInDurableObject(env.SESSIONS.getByName(id), (_, state) => state.storage.deleteAlarm());
    await expect(hot.lookAfter(Date.now() + DAY, 3)).rejects.toThrow('hot');
    const alarms = visits.map(({ id }) =>
      runInDurableObject(env.SESSIONS.getByName(id), (_, { storage }) => storage.getAlarm()),
    );
    expect((await Promise.all(alarms)).filter((at) => at !== null)).toHaveLength(2);
  });

  it('looks through a part of many running sessions, and no more', async () => {
    await new Site(env).get('/health');
    const numbers = `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)`;
    await env.DB.batch([
      env.DB.prepare(`${numbers} INSERT INTO running SELECT printf('%05x', i * 104) FROM n`),
      env.DB.prepare(`INSERT INTO session (session_id, visitor_id, started_at, kept_from, ended_at, status, words, record)
SELECT session_id, '', ?, 0, 0, 'live', '', '{}' FROM running`).bind(Date.now()),
    ]);
    const meter = new Meter();
    const hot = new DurableHotStore(env.SESSIONS, new D1SqlDatabase(meter.bindings(env).DB));
    expect(await hot.lookAfter(Date.now() - 3_600_000, 5)).toBe(false);
    expect(meter.d1_rows_read).toBeLessThan(10_000);
  });

  it('sets the alarm of a session anew that has lost it', async () => {
    const site = new Site(env);
    const lost = await record(site, 'a', 1);
    const stub = env.SESSIONS.getByName(lost.id);
    const alarm = () => runInDurableObject(stub, (_, state) => state.storage.getAlarm());
    await runInDurableObject(stub, (_, state) => state.storage.deleteAlarm());
    await runAll();
    expect(await alarm()).toBeNull();
    later(2 * 3_600_000);
    await vi.waitFor(async () => {
      later(60_000);
      await worker.scheduled({} as never, env as Bindings);
      expect(await alarm()).not.toBeNull();
    });
  });
});
