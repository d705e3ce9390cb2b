// What a five-minute session uses of Cloudflare, as workerd counts it, and what that costs. When a number grows, this fails.
import { reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { billOf, type Usage } from '../fixtures/prices.ts';
import { Meter } from './meter.ts';
import { batchOf, Site, visit } from './visitor.ts';

const MINUTES = 5;
const SEAL_AFTER = 1800;
/** Ahead of the machine's clock, by which alarms go off: here a test calls them. */
const START = Date.now() + 86_400_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A session of `MINUTES` whose tracker posts every `seconds`, from its first batch until it is sealed. */
async function usageOf(seconds: number): Promise<Usage> {
  await reset();
  const settings = { SEAL_AFTER_SECONDS: String(SEAL_AFTER) };
  // The tables are made once, not once a session.
  await new Site(env).get('/health');
  await new Site(env).get('/replay/sessions');
  const meter = new Meter();
  const site = new Site(meter.bindings(env), settings);
  // An isolate sees to its tables once.
  await site.get('/replay/sessions');
  const visitor = await visit();
  const stub = env.SESSIONS.getByName(visitor.id);
  await meter.attach(env, stub, settings);
  const before = { ...meter };
  // The tracker is fetched once an hour.
  let worker_requests = 1;
  for (let seq = 0; seq < (MINUTES * 60) / seconds; seq++) {
    vi.setSystemTime(START + seq * seconds * 1000);
    expect((await site.post(batchOf(visitor, seq))).status).toBe(202);
    worker_requests++;
  }
  let alarms = 0;
  for (let minute = MINUTES; minute < 120; minute++) {
    vi.setSystemTime(START + minute * 60_000);
    const due = await alarmOf(stub);
    if (due === null) break;
    if (due > Date.now()) continue;
    await runDurableObjectAlarm(stub);
    alarms++;
  }
  expect((await env.BUCKET.list({ prefix: 'sessions/' })).objects).toHaveLength(1);
  return {
    worker_requests,
    object_requests: meter.object_requests - before.object_requests + alarms,
    object_rows: meter.object_rows,
    d1_rows_written: meter.d1_rows_written - before.d1_rows_written,
    d1_rows_read: meter.d1_rows_read - before.d1_rows_read,
    r2_class_a: meter.r2_class_a - before.r2_class_a,
    r2_class_b: meter.r2_class_b - before.r2_class_b,
  };
}

function alarmOf(stub: DurableObjectStub): Promise<number | null> {
  return runInDurableObject(stub, (_, state) => state.storage.getAlarm());
}

/** What a session uses, by the seconds between two of its batches, and dollars per million of them: docs/operations.md quotes it. */
const TABLE: { seconds: number; usage: Usage; dollars: number }[] = [
  { seconds: 5, usage: usage({ worker_requests: 61, object_requests: 62, object_rows: 64 }), dollars: 49.37 },
  { seconds: 10, usage: usage({ worker_requests: 31, object_requests: 32, object_rows: 34 }), dollars: 20.97 },
  { seconds: 15, usage: usage({ worker_requests: 21, object_requests: 22, object_rows: 24 }), dollars: 16.17 },
];

function usage(batches: Pick<Usage, 'worker_requests' | 'object_requests' | 'object_rows'>): Usage {
  return { ...batches, d1_rows_written: 26, d1_rows_read: 119, r2_class_a: 1, r2_class_b: 0 };
}

describe('a five-minute session', () => {
  it.each(TABLE)('with a batch every $seconds s uses what it did', async ({ seconds, usage, dollars }) => {
    const used = await usageOf(seconds);
    expect(used).toEqual(usage);
    expect(billOf(used).total).toBeCloseTo(dollars, 2);
  });

  it('costs no more than 50 dollars a million at the cadence of the tracker', () => {
    expect(billOf(TABLE[0]!.usage).total).toBeLessThanOrEqual(50);
  });

  it('in files and upserts, one of each a batch, would cost six times as much', () => {
    const naive = { worker_requests: 60, object_requests: 0, object_rows: 0, d1_rows_written: 60, d1_rows_read: 60 };
    expect(billOf({ ...naive, r2_class_a: 60, r2_class_b: 0 }).total).toBeGreaterThan(300);
  });
});
