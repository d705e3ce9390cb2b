// Each store switched off in turn, and on again, under traffic: no false acknowledgement, nothing lost, nothing twice.
import { evictDurableObject, reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Bindings } from '../../src/cloudflare/env.ts';
import { maintain } from '../../src/cloudflare/maintain.ts';
import { Meter } from './meter.ts';
import { type Fault, type Store, Switches } from './switches.ts';
import { batchOf, KEY, Site, type Visit, visit } from './visitor.ts';

const NAMES: Record<Store, string> = { SESSIONS: 'hot', BUCKET: 'objects', DB: 'catalog' };
const INDEX = ['session', 'session_words', 'erased', 'catalog_state'];
const TRUTHS = ['running', 'events', 'erasing', 'postponed', 'counter', 'migration'];
const EVENTS = 20;
const BATCHES = 10;

/** A tracker: one batch at a time, the same again until it is answered for good. */
class Tracker {
  readonly visit: Visit;
  private readonly site: Site;
  /** Batches that were answered 202. */
  acknowledged = 0;
  refused = 0;

  constructor(site: Site, made: Visit) {
    this.site = site;
    this.visit = made;
  }

  async step(): Promise<void> {
    if (this.acknowledged === BATCHES) return;
    const { status, headers, body } = await this.site.post(batchOf(this.visit, this.acknowledged));
    if (status === 202) {
      expect(body).toMatchObject({ session_id: this.visit.id, accepted: EVENTS, rejected: 0 });
      this.acknowledged++;
      return;
    }
    this.refused++;
    expect([503, 507]).toContain(status);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  }

  /** What is read is what was acknowledged, each once; while a store is away it may be refused. */
  async check(mayRefuse: boolean): Promise<void> {
    const { status, body } = await this.site.get(`/replay/sessions/${this.visit.id}`);
    if (mayRefuse && status === 503) return;
    if (this.acknowledged === 0) return;
    expect(status).toBe(200);
    const ids: string[] = body.events.map(({ event_id }: { event_id: string }) => event_id);
    const times = new Map<string, number>();
    for (const id of ids) times.set(id, (times.get(id) ?? 0) + 1);
    expect([...times].filter(([, count]) => count > 1)).toEqual([]);
    const made = (seq: number) => Array.from({ length: EVENTS }, (_, i) => `page.${seq}.${i}`);
    const expected = Array.from({ length: this.acknowledged }, (_, seq) => made(seq)).flat();
    expect(expected.filter((id) => !times.has(id))).toEqual([]);
    // A batch whose answer was lost may be there already.
    if (!mayRefuse) expect(ids).toHaveLength(expected.length);
  }
}

/** Runs the cron, minute by minute, until nothing is left for it. */
async function heal({ app, bindings }: Site): Promise<void> {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  let runs = 0;
  do {
    expect(runs++).toBeLessThan(60);
    await maintain(bindings);
    vi.setSystemTime(Date.now() + 60_000);
  } while ((await app.ports.catalog.keptSessions(1)).length > 0);
}

async function sealNow({ id }: Visit): Promise<void> {
  const stub = env.SESSIONS.getByName(id);
  await runInDurableObject(stub, (object) => {
    const inner = object as unknown as { env: Bindings };
    inner.env = { ...inner.env, SEAL_AFTER_SECONDS: '0' };
  });
  await runDurableObjectAlarm(stub);
}

/** As somebody may by hand. */
async function drop(tables: string[]): Promise<void> {
  for (const table of tables) await env.DB.exec(`DROP TABLE ${table}`);
}

const FAULTS: [Store, Fault][] = (['SESSIONS', 'BUCKET', 'DB'] as const).flatMap((store) => [
  [store, 'before'],
  [store, 'after'],
]);

describe('an outage', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  // First, since a session of another test may still write its row.
  it('of D1 that loses its tables is none where nothing was stored yet', async () => {
    await reset();
    expect((await new Site(env).get('/replay/sessions')).body).toEqual({ sessions: [], total: 0, next_cursor: null });
    await drop([...INDEX, ...TRUTHS]);
    expect((await new Site(env).get('/replay/sessions')).body).not.toHaveProperty('behind');
    await env.DB.exec('DROP TABLE session');
    await env.BUCKET.put('sessions/2026/01/01/s/events/nothing', '');
    expect((await new Site(env).get('/replay/sessions')).body.behind).toBe(true);
  });

  it.each(FAULTS)('of %s, failing %s its work, loses nothing and doubles nothing', async (store, fault) => {
    await reset();
    const switches = new Switches();
    const site = new Site(switches.bindings(env), { RATE_LIMITS: 'off' });
    const trackers: Tracker[] = [];
    for (let tick = 0; trackers.some((one) => one.acknowledged < BATCHES) || tick < 20; tick++) {
      expect(tick).toBeLessThan(60);
      const away = (tick >= 4 && tick < 8) || (tick >= 12 && tick < 16);
      switches.switch(store, away ? fault : null);
      // Some begin while it is away.
      if (tick % 2 === 0 && tick < 12) {
        const tracker = new Tracker(site, await visit());
        await switches.attach(env, env.SESSIONS.getByName(tracker.visit.id));
        trackers.push(tracker);
      }
      await Promise.all(trackers.map((tracker) => tracker.step()));
      const health = await site.get('/health');
      expect(health.status).toBe(away ? 503 : 200);
      if (away) expect(health.body.detail).toBe(`the ${NAMES[store]} store does not answer`);
      const list = await site.get('/replay/sessions');
      if (store === 'DB' && away) expect(list.status).toBe(503);
      else expect(list.status).toBe(200);
      if (store === 'SESSIONS' && away && list.body.sessions.length > 0) expect(list.body.behind).toBe(true);
      for (const tracker of trackers) await tracker.check(away);
    }
    await heal(site);
    for (const tracker of trackers) await tracker.check(false);
    const { body } = await site.get('/replay/sessions');
    expect(body.behind).toBeUndefined();
    expect(body.total).toBe(trackers.length);
    expect(body.sessions.map(({ event_count }: { event_count: number }) => event_count)).toEqual(
      trackers.map(() => BATCHES * EVENTS),
    );
  });

  it('of Durable Objects alone is no refusal: what they cannot take is kept in D1, and moved once', async () => {
    await reset();
    const switches = new Switches();
    const site = new Site(switches.bindings(env), { RATE_LIMITS: 'off' });
    switches.switch('SESSIONS', 'before');
    const tracker = new Tracker(site, await visit());
    for (let i = 0; i < BATCHES; i++) await tracker.step();
    expect([tracker.acknowledged, tracker.refused]).toEqual([BATCHES, 0]);
    switches.switch('SESSIONS', null);
    await tracker.check(false);
    await heal(site);
    await tracker.check(false);
    const stored = await site.app.ports.hot.tail(tracker.visit.id);
    expect(stored?.batches).toHaveLength(BATCHES);
    expect((await site.get('/health')).body.counters).toMatchObject({ batch_kept: BATCHES });
  });

  it('of Durable Objects and D1 together is refused, and nothing of the batch is kept', async () => {
    await reset();
    const switches = new Switches();
    const site = new Site(switches.bindings(env));
    switches.switch('SESSIONS', 'before');
    switches.switch('DB', 'before');
    const tracker = new Tracker(site, await visit());
    await tracker.step();
    expect([tracker.acknowledged, tracker.refused]).toEqual([0, 1]);
    switches.switch('SESSIONS', null);
    switches.switch('DB', null);
    expect((await site.get(`/replay/sessions/${tracker.visit.id}`)).status).toBe(404);
  });

  it('of a D1 that is full is answered 507, and running sessions go on', async () => {
    await reset();
    const switches = new Switches();
    const site = new Site(switches.bindings(env));
    const running = new Tracker(site, await visit());
    await running.step();
    switches.switch('DB', 'full');
    const { status, headers } = await site.post(batchOf(await visit(), 0));
    expect([status, headers.get('retry-after')]).toEqual([507, '60']);
    await running.step();
    expect(running.acknowledged).toBe(2);
    switches.switch('DB', null);
    await running.check(false);
  });

  it.each([
    ['its index', INDEX],
    ['all its tables', [...INDEX, ...TRUTHS]],
  ])('of D1 that loses %s heals by itself: the cron brings it back, and lists say so until then', async (_, tables) => {
    await reset();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const site = new Site(env);
    const tracker = new Tracker(site, await visit());
    await tracker.step();
    expect((await site.get('/replay/sessions')).body).not.toHaveProperty('behind');
    const sealed = [];
    for (let i = 0; i < 7; i++) sealed.push(new Tracker(site, await visit()));
    const erased = new Tracker(site, await visit());
    for (const one of [...sealed, erased]) await one.step();
    for (const { visit } of sealed) await sealNow(visit);
    await site.request(`/replay/sessions/${erased.visit.id}`, { method: 'DELETE', headers: { 'x-api-key': KEY } });
    await drop(tables);

    expect((await site.get('/replay/sessions')).status).toBe(503);
    expect((await site.get('/replay/sessions')).body).toMatchObject({ behind: true, total: 0 });
    expect((await site.get(`/replay/sessions/${sealed[0]!.visit.id}`)).status).toBe(503);
    expect((await site.post(batchOf(erased.visit, 1))).status).toBe(410);
    await tracker.step();
    expect(tracker.acknowledged).toBe(2);
    await tracker.check(false);
    let runs = 0;
    do {
      // Each run is one of six pieces of work, by the minute; `reset` may leave objects of other tests, which are indexed too.
      expect(runs++).toBeLessThan(300);
      const meter = new Meter();
      // Each run may find itself in a new isolate.
      await maintain(new Site(meter.bindings(env)).bindings);
      expect(meter.subrequests).toBeLessThanOrEqual(50);
      vi.setSystemTime(Date.now() + 60_000);
    } while (await site.app.ports.catalog.rebuilding());
    for (const one of [tracker, ...sealed]) await one.check(false);
    expect((await site.get(`/replay/sessions/${erased.visit.id}`)).status).toBe(404);
    expect((await site.post(batchOf(erased.visit, 1))).status).toBe(410);
    if (tables !== INDEX) {
      // Nobody can list Durable Objects: a running session is back a minute after its last writing, or where it starts anew.
      await evictDurableObject(env.SESSIONS.getByName(tracker.visit.id));
      await tracker.step();
    }
    await vi.waitFor(
      async () => {
        const { body } = await site.get('/replay/sessions');
        expect(body).not.toHaveProperty('behind');
        expect(body.total).toBe(8);
      },
      { timeout: 40_000 },
    );
  });

  it('of R2 or D1 when a session is sealed puts the seal off', async () => {
    await reset();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 86_400_000 });
    const switches = new Switches();
    const site = new Site(switches.bindings(env));
    const tracker = new Tracker(site, await visit());
    const stub = env.SESSIONS.getByName(tracker.visit.id);
    await switches.attach(env, stub, { SEAL_AFTER_SECONDS: '60' });
    for (let i = 0; i < BATCHES; i++) await tracker.step();
    for (const store of ['BUCKET', 'DB'] as const) {
      for (const fault of ['before', 'after'] as const) {
        vi.setSystemTime(Date.now() + 600_000);
        switches.switch(store, fault);
        expect(await runDurableObjectAlarm(stub)).toBe(true);
        switches.switch(store, null);
        await tracker.check(false);
      }
    }
    vi.setSystemTime(Date.now() + 600_000);
    await runDurableObjectAlarm(stub);
    await tracker.check(false);
    const { objects } = await env.BUCKET.list({ prefix: 'sessions/' });
    expect(objects.filter(({ key }) => key.includes(tracker.visit.id))).toHaveLength(1);
    const { sessions } = (await site.get('/replay/sessions')).body;
    expect(sessions.find((one: { session_id: string }) => one.session_id === tracker.visit.id)).toMatchObject({
      status: 'ended',
    });
    expect(await site.app.ports.hot.tail(tracker.visit.id)).toBeNull();
  });
});
