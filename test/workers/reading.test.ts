// How often other services are asked when an owner reads: on the free plan a request may do so 50 times.
import { reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bindings } from '../../src/cloudflare/env.ts';
import type { SessionEvent } from '../../src/format/event.ts';
import { Meter } from './meter.ts';
import { batchOf, Site, type Visit, visit } from './visitor.ts';

const HOUR = 3_600_000;
const START = Date.now() + 86_400_000;

beforeEach(async () => {
  await reset();
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A session of so many hours: a batch of `events` each `pause` ms. */
async function record(hours: number, pause: number, events: number): Promise<Visit> {
  const site = new Site(env, { RATE_LIMITS: 'off' });
  const made = await visit();
  for (let seq = 0; seq < (hours * HOUR) / pause; seq++) {
    vi.setSystemTime(START + seq * pause);
    const batch = batchOf(made, seq) as { events: object[] };
    const more = Array.from({ length: Math.ceil(events / batch.events.length) }, () => batch.events).flat();
    expect((await site.post({ ...batch, events: more.slice(0, events) })).status).toBe(202);
  }
  return made;
}

async function seal({ id }: Visit): Promise<void> {
  const stub = env.SESSIONS.getByName(id);
  await runInDurableObject(stub, (object) => {
    const inner = object as unknown as { env: Bindings };
    inner.env = { ...inner.env, SEAL_AFTER_SECONDS: '60' };
  });
  vi.setSystemTime(Date.now() + HOUR);
  await runDurableObjectAlarm(stub);
  expect(await runInDurableObject(stub, (_, state) => state.storage.getAlarm())).toBeNull();
}

/** Reads it in an isolate that is warm; how often others were asked, and how many events came. */
async function readOf(path: string) {
  const meter = new Meter();
  const site = new Site(meter.bindings(env));
  await site.get('/replay/sessions?limit=1');
  const before = meter.subrequests;
  const { status, body } = await site.get(path);
  expect(status).toBe(200);
  return { subrequests: meter.subrequests - before, body };
}

/** Every event of every batch, once and in the order of time. */
function expectWhole(body: { event_count: number; events: SessionEvent[]; gaps: [] }, batches: number, events: number) {
  expect([body.event_count, body.events.length, body.gaps]).toEqual([batches * events, batches * events, []]);
  const ids = new Set(body.events.map(({ event_id }) => event_id));
  const isThere = (_: unknown, i: number) => ids.has(`page.${Math.floor(i / events)}.${i % events}`);
  expect(Array.from({ length: batches * events }, isThere).indexOf(false)).toBe(-1);
  expect(ids.size).toBe(batches * events);
  const isLate = ({ timestamp }: SessionEvent, i: number) => i > 0 && timestamp < body.events[i - 1]!.timestamp;
  expect(body.events.findIndex(isLate)).toBe(-1);
}

describe('reading', () => {
  it('a session of one hour asks at most 14 times, running and sealed', async () => {
    const hour = await record(1, 5000, 20);
    const running = await readOf(`/replay/sessions/${hour.id}`);
    expectWhole(running.body, 720, 20);
    expect(running.subrequests).toBeLessThanOrEqual(14);
    await seal(hour);
    const sealed = await readOf(`/replay/sessions/${hour.id}`);
    expectWhole(sealed.body, 720, 20);
    expect(sealed.subrequests).toBeLessThanOrEqual(14);
  });

  it('a session of eight hours and 100,000 events asks less than 50 times, and gives each once and in order', async () => {
    const day = await record(8, 230_400, 800);
    const running = await readOf(`/replay/sessions/${day.id}`);
    expectWhole(running.body, 125, 800);
    expect(running.subrequests).toBeLessThan(50);
    await seal(day);
    const sealed = await readOf(`/replay/sessions/${day.id}`);
    expectWhole(sealed.body, 125, 800);
    expect(sealed.subrequests).toBeLessThan(50);
  });

  it('a page of a hundred running sessions asks less than 50 times, and says which are as they were', async () => {
    const site = new Site(env, { RATE_LIMITS: 'off' });
    for (let i = 0; i < 100; i++) expect((await site.post(batchOf(await visit(), 0))).status).toBe(202);
    const { subrequests, body } = await readOf('/replay/sessions?limit=100');
    expect(body.sessions).toHaveLength(100);
    expect(body.sessions.filter(({ as_of }: { as_of?: number }) => as_of !== undefined)).toHaveLength(70);
    expect(subrequests).toBeLessThan(50);
  });
});
