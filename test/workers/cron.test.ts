// What the cron does in workerd: bounded in each run, and done after many.
import { reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { D1SqlDatabase } from '../../src/cloudflare/d1.ts';
import { DurableHotStore } from '../../src/cloudflare/durable-hot-store.ts';
import type { Bindings } from '../../src/cloudflare/env.ts';
import worker from '../../src/cloudflare/worker.ts';
import { Meter, over } from './meter.ts';
import { Switches } from './switches.ts';
import { DAY, eventsOf, later, leftOver, record, runAll, SUBREQUESTS, seal } from './upkeep.ts';
import { batchOf, KEY, Site } from './visitor.ts';

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

describe('the cron', () => {
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

  it('twice at once removes what is expired as once, and that alone', async () => {
    const site = new Site(env, { RATE_LIMITS: 'off' });
    for (let i = 0; i < 9; i++) {
      const old = await record(site, 'old', 1);
      if (i % 3) await seal(old);
    }
    later(31 * DAY);
    const young = await record(site, 'young', 1);
    await seal(young);
    const settings = { ...(env as Bindings), API_KEY: KEY, SESSIONS_AT_ONCE: '3' };
    for (let run = 0; (await leftOver()) > 0; run++) {
      expect(run).toBeLessThan(60);
      await Promise.all([0, 1].map(() => worker.scheduled({} as never, settings)));
      later(60_000);
    }
    expect(await eventsOf(site, young)).toHaveLength(20);
    expect((await site.get('/replay/sessions')).body.total).toBe(1);
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
    for (let run = 0; (await alarm()) === null; run++) {
      expect(run).toBeLessThan(60);
      later(60_000);
      await worker.scheduled({} as never, env as Bindings);
    }
  });
});
