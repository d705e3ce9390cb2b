// A session's Durable Object over its life: evictions between its steps, seals that fail half-way, batches that come meanwhile, a long day.
import { evictDurableObject, reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { THRESHOLDS } from '../../src/analysis/signals/thresholds.ts';
import { D1SqlDatabase } from '../../src/cloudflare/d1.ts';
import { DurableHotStore } from '../../src/cloudflare/durable-hot-store.ts';
import type { Bindings } from '../../src/cloudflare/env.ts';
import { R2ObjectStore } from '../../src/cloudflare/r2.ts';
import { parseObject } from '../../src/format/sealed-object.ts';
import { appendBatch } from '../../src/server/append.ts';
import type { Adoption, Catalog, Receipt } from '../../src/server/ports.ts';
import { gunzip, sealedRow } from '../../src/server/session-objects.ts';
import { arrival, batch, click } from '../fixtures/batches.ts';
import { prepareOwn } from './stores.ts';

const ID = 's';
/** The tests' settings seal a session that was idle for 31 years: this one was. */
const LONG_AGO = Date.now() - 1_000_000_000_000 - 5000;
const NEW: Adoption = { kind: 'new' };
const hot = new DurableHotStore(env.SESSIONS, new D1SqlDatabase(env.DB));
const objects = new R2ObjectStore(env.BUCKET);
const stub = () => env.SESSIONS.getByName(ID);
let catalog: Catalog;

beforeEach(async () => {
  await reset();
  catalog = await prepareOwn();
});

/** Batch `seq` of the session, one event in it, as the Worker brings it. */
function append(seq: number, at = LONG_AGO, more: Parameters<typeof click>[1] = {}): Promise<Receipt> {
  const sent = batch({ seq, key_start: LONG_AGO - 1000, sent_at: at, events: [click(at, more)] });
  return appendBatch({ hot, objects, catalog, clock: { now: () => at } }, sent, arrival(ID, { received_at: at }));
}

const alarm = () => runDurableObjectAlarm(stub());
const evict = () => evictDurableObject(stub());
const nextAlarm = () => runInDurableObject(stub(), (_, state) => state.storage.getAlarm());
const running = async () => (await env.DB.prepare('SELECT session_id FROM running').all()).results;

/** `seq` of every batch in objects, one list an object. */
async function sealedNumbers(): Promise<number[][]> {
  const numbers: number[][] = [];
  for await (const key of objects.list('sessions/')) {
    const { batches } = parseObject(await gunzip((await objects.get(key))!));
    numbers.push(batches.map(({ seq }) => seq));
  }
  return numbers;
}

/** From now until it is evicted the object sees other stores. */
function give(more: (bindings: Bindings) => Partial<Bindings>): Promise<void> {
  return runInDurableObject(stub(), (object) => {
    const inner = object as unknown as { env: Bindings };
    inner.env = { ...inner.env, ...more(inner.env) };
  });
}

/** A binding of which one method is another. */
function over<T extends object>(target: T, methods: Record<string, unknown>): T {
  return new Proxy(target, {
    get(_, name) {
      const member = methods[String(name)] ?? Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

const failsAtOnce = () => {
  throw new Error('switched off by the test');
};
const fails = async () => failsAtOnce();

describe('a session that is over', () => {
  it('becomes one object and a row, and nothing is left of it here', async () => {
    for (const seq of [1, 0, 2]) await append(seq);
    expect(await running()).toEqual([{ session_id: ID }]);
    expect(await alarm()).toBe(true);
    expect(await sealedNumbers()).toEqual([[0, 1, 2]]);
    expect(await catalog.find(ID)).toMatchObject({ status: 'ended', event_count: 3 });
    expect(await hot.tail(ID)).toBeNull();
    expect(await running()).toEqual([]);
    expect(await nextAlarm()).toBeNull();
    const entries = await runInDurableObject(stub(), (_, { storage }) => [...storage.kv.list()].length);
    expect(entries).toBe(0);
  });

  it('is the same though its object is evicted between any two steps', async () => {
    for (const seq of [0, 1]) {
      await append(seq);
      await evict();
    }
    expect(await append(0)).toEqual({ kind: 'duplicate', accepted: 1, rejected: 0 });
    await stub().planSeal();
    await evict();
    await append(2);
    await evict();
    await alarm();
    await evict();
    expect(await sealedNumbers()).toEqual([[0, 1], [2]]);
    expect(await catalog.find(ID)).toMatchObject({ status: 'ended', event_count: 3 });
    expect(await hot.tail(ID)).toBeNull();
  });

  it('tells what is found in all of its objects, by the thresholds that are set, as a reindex does', async () => {
    const vain = { element: 'BUTTON#pay', effect_ms: null };
    const findings = async (settings: Partial<Bindings>) => {
      await reset();
      catalog = await prepareOwn();
      for (const seq of [0, 1]) await append(seq, LONG_AGO + 300 * seq, vain);
      await give(() => settings);
      // Two objects, of which the first is in R2 alone when the second is sealed.
      await stub().planSeal();
      await alarm();
      for (const seq of [2, 3]) await append(seq, LONG_AGO + 300 * seq, vain);
      await give(() => settings);
      await alarm();
      expect(await sealedNumbers()).toEqual([
        [0, 1],
        [2, 3],
      ]);
      return (await catalog.find(ID))!.findings;
    };
    expect(await findings({ SIGNALS: 'rage_click=off dead_click=off' })).toEqual([]);
    const found = await findings({ SIGNALS: 'dead_click=off' });
    expect(found).toMatchObject([{ reason: '4 clicks in 0.9 s on BUTTON#pay, nothing happened' }]);
    const thresholds = { ...THRESHOLDS, dead_click: null };
    const row = await sealedRow({ objects, thresholds }, ID, LONG_AGO);
    expect(row?.record).toEqual(await catalog.find(ID));
  });

  it.each<[string, (bindings: Bindings) => Partial<Bindings>]>([
    ['R2 takes nothing', ({ BUCKET }) => ({ BUCKET: over(BUCKET, { put: fails }) })],
    [
      'R2 takes it and does not say so',
      ({ BUCKET }) => ({
        BUCKET: over(BUCKET, { put: async (...args: Parameters<R2Bucket['put']>) => BUCKET.put(...args).then(fails) }),
      }),
    ],
    ['D1 answers nothing', ({ DB }) => ({ DB: over(DB, { prepare: failsAtOnce }) })],
    [
      'D1 writes the row and does not say so',
      ({ DB }) => ({
        DB: over(DB, { batch: async (...args: Parameters<D1Database['batch']>) => DB.batch(...args).then(fails) }),
      }),
    ],
  ])('is tried again and ends the same where %s', async (_, broken) => {
    for (const evicted of [false, true]) {
      await reset();
      catalog = await prepareOwn();
      await append(0);
      await append(1);
      await give(broken);
      const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
      await alarm();
      expect(said).toHaveBeenCalledOnce();
      said.mockRestore();
      const again = await nextAlarm();
      expect(again).toBeGreaterThan(Date.now() + 50_000);
      expect((await hot.tail(ID))?.batches).toHaveLength(2);
      if (evicted) await evict();
      else await give(() => env);
      await append(2);
      await alarm();
      expect(await sealedNumbers()).toEqual([[0, 1], [2]]);
      expect(await catalog.find(ID)).toMatchObject({ status: 'ended', event_count: 3 });
      expect([await hot.tail(ID), await running(), await nextAlarm()]).toEqual([null, [], null]);
    }
  });

  it('takes a late batch into a further object, and knows a late duplicate', async () => {
    await append(0);
    await alarm();
    expect(await append(0)).toEqual({ kind: 'duplicate', accepted: 1, rejected: 0 });
    expect(await running()).toEqual([{ session_id: ID }]);
    expect(await append(1)).toMatchObject({ kind: 'stored', first: true });
    await alarm();
    expect(await sealedNumbers()).toEqual([[0], [1]]);
    expect(await catalog.find(ID)).toMatchObject({ status: 'ended', event_count: 2 });
    expect(await running()).toEqual([]);
  });

  it('tells lists nothing of the batches that lie in objects', async () => {
    await append(0);
    await alarm();
    await append(1);
    expect((await hot.tail(ID))?.session.sealed_batches).toHaveLength(1);
    const answer = await stub().digest();
    expect([answer?.digest.event_count, Object.keys(answer!.session)]).toEqual([
      2,
      expect.not.arrayContaining(['sealed_batches', 'sealed_event_ids']),
    ]);
  });

  it('goes on where a batch comes while it is sealed', async () => {
    await append(0);
    let came: Receipt | null = null;
    await give(({ BUCKET }) => ({
      BUCKET: over(BUCKET, {
        put: async (...args: Parameters<R2Bucket['put']>) => {
          came = await append(1);
          return BUCKET.put(...args);
        },
      }),
    }));
    await alarm();
    expect(came).toMatchObject({ kind: 'stored', first: false });
    expect(await sealedNumbers()).toEqual([[0]]);
    expect((await hot.tail(ID))?.batches.map(({ seq }) => seq)).toEqual([1]);
    expect(await catalog.find(ID)).toMatchObject({ status: 'live', event_count: 2 });
    expect(await running()).toEqual([{ session_id: ID }]);
    await evict();
    expect(await append(0)).toEqual({ kind: 'duplicate', accepted: 1, rejected: 0 });
    await alarm();
    expect(await sealedNumbers()).toEqual([[0], [1]]);
    expect(await catalog.find(ID)).toMatchObject({ status: 'ended', event_count: 2 });
  });

  it('leaves nothing where it is erased while it is sealed', async () => {
    await append(0);
    let erasing: Promise<unknown> | null = null;
    await give(({ BUCKET }) => ({
      BUCKET: over(BUCKET, {
        put: async (...args: Parameters<R2Bucket['put']>) => {
          await catalog.markErased([ID], LONG_AGO);
          erasing = hot.erase(ID);
          return BUCKET.put(...args);
        },
      }),
    }));
    await alarm();
    await erasing;
    await catalog.remove([ID]);
    expect([await sealedNumbers(), await hot.tail(ID), await catalog.find(ID), await nextAlarm()]).toEqual([
      [],
      null,
      null,
      null,
    ]);
    expect(await hot.append(batch({ seq: 1 }), arrival(ID), NEW)).toEqual({ kind: 'erased' });
  });
});

describe('a session that was erased by another', () => {
  it('leaves nothing when it is sealed, its place among the running ones included', async () => {
    await append(0);
    await catalog.markErased([ID], LONG_AGO);
    await alarm();
    expect([await sealedNumbers(), await hot.tail(ID), await running(), await nextAlarm()]).toEqual([
      [],
      null,
      [],
      null,
    ]);
  });
});

describe('SEAL_AFTER_SECONDS', () => {
  it.each([0, '0'])('of %j seals a session at once', async (seconds) => {
    const now = Date.now();
    await append(0, now);
    await give(() => ({ SEAL_AFTER_SECONDS: seconds as string }));
    await alarm();
    expect(await hot.tail(ID)).toBeNull();
  });
});

describe('a session that runs', () => {
  const now = Date.now();

  async function begin(): Promise<void> {
    await hot.append(
      batch({ key_start: now - 1000, sent_at: now, events: [click(now)] }),
      arrival(ID, { received_at: now }),
      NEW,
    );
  }

  it('is not sealed by an alarm that comes before its time, and gets the next one for it', async () => {
    await begin();
    const first = (await nextAlarm())!;
    expect(first).toBeGreaterThanOrEqual(now + 1.25e12);
    await alarm();
    expect((await hot.tail(ID))?.batches).toHaveLength(1);
    expect(await nextAlarm()).toBe(now + 1e12);
  });

  it('has its row from the first batch on, and again after a start where D1 has lost it', async () => {
    await begin();
    await expect.poll(() => catalog.find(ID)).toMatchObject({ status: 'live', event_count: 1 });
    await catalog.remove([ID]);
    await env.DB.prepare('DELETE FROM running').run();
    await evict();
    await hot.append(
      batch({ seq: 1, key_start: now - 1000, sent_at: now, events: [click(now)] }),
      arrival(ID, { received_at: now }),
    );
    await expect.poll(() => catalog.find(ID)).toMatchObject({ status: 'live', event_count: 2 });
    expect(await running()).toEqual([{ session_id: ID }]);
  });

  it('keeps nothing of a batch that could not be written, and takes it the next time', async () => {
    await begin();
    const sent = batch({ seq: 1, key_start: now - 1000, sent_at: now, events: [click(now)] });
    const came = arrival(ID, { received_at: now });
    await runInDurableObject(stub(), async (object, { storage }) => {
      const { rows } = object as unknown as { rows: { storage: DurableObjectStorage } };
      const exec = (sql: string, ...values: unknown[]) => {
        const cursor = storage.sql.exec(sql, ...values);
        return sql.startsWith('INSERT') ? failsAtOnce() : cursor;
      };
      rows.storage = over(storage, { sql: over(storage.sql, { exec }) });
      await expect(object.append(sent, came)).rejects.toThrow('switched off');
      rows.storage = storage;
    });
    expect((await hot.tail(ID))?.session.event_count).toBe(1);
    expect(await hot.append(sent, came)).toMatchObject({ kind: 'stored', first: false });
    expect((await hot.tail(ID))?.session.event_count).toBe(2);
  });

  it('refuses a batch that no row can hold, keeps nothing of it and goes on', async () => {
    const page = `https://shop.example/${'x'.repeat(2020)}`;
    const large = Array.from({ length: 1000 }, (_, i) => click(now + i, { page }));
    const send = (seq: number, events = [click(now)]) => {
      const sent = batch({ seq, key_start: now - 1000, sent_at: now, events });
      return hot.append(sent, arrival(ID, { received_at: now }), NEW);
    };
    for (const seq of [0, 1]) {
      expect(await send(seq, large)).toEqual({ kind: 'refused', limit: 'bytes' });
      expect(await send(seq)).toMatchObject({ kind: 'stored', first: seq === 0 });
    }
    expect(await send(2, large.slice(0, 700))).toMatchObject({ kind: 'stored', accepted: 700 });
    expect((await hot.tail(ID))?.session.event_count).toBe(702);
  });

  it('for eight hours becomes few objects, and never holds more than one of them', async () => {
    const BATCHES = 5760;
    const EVENTS = 17;
    const start = LONG_AGO - 30_000_000;
    let largest = 0;
    await runInDurableObject(stub(), async (object) => {
      const inner = object as unknown as { env: Bindings; rows: { numbers(): number[]; isFull(): boolean } };
      inner.env = { ...env, SEAL_AFTER_SECONDS: '1500000000' };
      for (let seq = 0; seq < BATCHES; seq++) {
        const at = start + seq * 5000;
        const events = Array.from({ length: EVENTS }, (_, i) => click(at + i));
        const sent = batch({ seq, key_start: start, sent_at: at, events });
        const came = arrival(ID, { received_at: at, limited: true });
        const receipt = await object.append(sent, came, seq === 0 ? NEW : undefined);
        if (receipt.kind !== 'stored') expect.fail(receipt.kind);
        largest = Math.max(largest, inner.rows.numbers().length);
        // A full table sets the alarm for now, which goes off by hand here.
        if (inner.rows.isFull()) await object.alarm();
      }
    });
    await evict();
    await alarm();
    const numbers = await sealedNumbers();
    expect(numbers.length).toBeLessThanOrEqual(35);
    expect([numbers.flat().length, new Set(numbers.flat()).size, largest]).toEqual([BATCHES, BATCHES, 1]);
    expect(await catalog.find(ID)).toMatchObject({ status: 'ended', event_count: BATCHES * EVENTS });
    expect(await hot.tail(ID)).toBeNull();
  });
});
