// Sessions that are recorded, sealed and looked after by the cron, minute by minute, on a clock that the test moves. Used by the tests of the cron.
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import type { Bindings } from '../../src/cloudflare/env.ts';
import { maintain } from '../../src/cloudflare/maintain.ts';
import { Meter } from './meter.ts';
import { batchOf, KEY, Site, type Visit, visit } from './visitor.ts';

/** Of the free plan. */
export const SUBREQUESTS = 50;
export const DAY = 86_400_000;
const SEALING = { SEAL_AFTER_SECONDS: '60' };

export function later(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

/** A run a minute until none has anything to do; how many, each within the free plan. */
export async function runAll(settings: Partial<Bindings> = {}): Promise<number> {
  for (let idle = 0, runs = 0; ; runs++) {
    expect(runs).toBeLessThan(200);
    const meter = new Meter();
    // Each run may find itself in a new isolate.
    const before = await leftOver();
    await maintain({ ...meter.bindings(env), API_KEY: KEY, ...settings });
    expect(meter.subrequests).toBeLessThanOrEqual(SUBREQUESTS);
    later(60_000);
    idle = before === 0 ? idle + 1 : 0;
    if (idle === 6) return runs + 1 - idle;
  }
}

let built: Site | null = null;

function owner(): Site {
  built ??= new Site(env);
  return built;
}

/** Sessions that the cron has something to do for; asked by bindings of its own, which count nothing. */
export async function leftOver(): Promise<number> {
  const { ports, keptSince } = owner().app;
  const { catalog } = ports;
  const expired = [...(await catalog.expired(keptSince(), 100)), ...(await catalog.expiredRunning(keptSince(), 100))];
  const incomplete = (await catalog.rebuilding()) ? 1 : 0;
  return (await catalog.keptSessions(100)).length + (await catalog.erasing(100)).length + expired.length + incomplete;
}

/** Sites that have made their tables in D1, which a session's object does not. */
const withTables = new WeakSet<Site>();

export async function record(site: Site, visitor_id: string, batches: number): Promise<Visit> {
  const made = await visit();
  if (!withTables.has(site)) await site.get('/health');
  withTables.add(site);
  await post(site, made, visitor_id, 0, batches);
  return made;
}

/** Batches from `from` to before `to`. */
export async function post(site: Site, made: Visit, visitor_id: string, from: number, to: number): Promise<void> {
  for (let seq = from; seq < to; seq++) {
    const { status } = await site.post({ ...batchOf(made, seq), visitor_id });
    expect(status).toBe(202);
  }
}

/** Ten minutes later, by its alarm. */
export async function seal({ id }: Visit): Promise<void> {
  const stub = env.SESSIONS.getByName(id);
  await runInDurableObject(stub, (object) => {
    const inner = object as unknown as { env: Bindings };
    inner.env = { ...inner.env, ...SEALING };
  });
  later(600_000);
  await runDurableObjectAlarm(stub);
}

export async function eventsOf(site: Site, { id }: Visit): Promise<string[]> {
  const { status, body } = await site.get(`/replay/sessions/${id}`);
  expect(status).toBe(200);
  return body.events.map(({ event_id }: { event_id: string }) => event_id).sort();
}
