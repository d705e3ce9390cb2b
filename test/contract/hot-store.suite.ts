// What every HotStore must do. A new adapter runs it with a factory.
import { describe, expect, it } from 'vitest';
import { addEvents, emptyDigest } from '../../src/analysis/digest.ts';
import { SESSION_EVENTS_MAX } from '../../src/format/limits.ts';
import type { Adoption, HotStore, Receipt } from '../../src/server/ports.ts';
import { arrival, batch, click, NOW } from '../fixtures/batches.ts';

export interface HotStoreUnderTest {
  store: HotStore;
  /** Opens it again on what it has made durable; where it outlives its process. */
  reopen?: () => HotStore | Promise<HotStore>;
}

const NEW: Adoption = { kind: 'new' };
const STORED = { kind: 'stored', accepted: 2, rejected: 0 };

export function hotStoreSuite(
  name: string,
  make: () => HotStoreUnderTest | Promise<HotStoreUnderTest>,
  { outlivesItsProcess, sessions = 1203 }: { outlivesItsProcess: boolean; sessions?: number },
): void {
  const append = (store: HotStore, seq: number, session = 's', more = {}): Promise<Receipt> =>
    store.append(batch({ seq, ...more }), arrival(session), NEW);

  describe(`HotStore: ${name}`, () => {
    it('knows nothing of a session until it is told where it comes from', async () => {
      const { store } = await make();
      expect(await store.append(batch(), arrival('s'))).toEqual({ kind: 'unknown' });
      expect(await store.tail('s')).toBeNull();
      expect(await store.planSeal('s')).toBeNull();
    });

    it('reads back what it stored', async () => {
      const { store } = await make();
      expect(await append(store, 0)).toEqual({ ...STORED, first: true, grown: true });
      const tail = await store.tail('s');
      expect(tail?.session).toMatchObject({
        session_id: 's',
        visitor_id: 'visitor',
        started_at: NOW - 1000,
        country: 'IN',
      });
      expect(tail?.session).toMatchObject({
        event_count: 2,
        touched_at: NOW,
        next_object: 1,
        context: { language: 'en' },
      });
      expect(tail?.batches).toEqual([
        {
          page_id: 'page',
          seq: 0,
          accepted: 2,
          rejected: 0,
          events: [
            { ...click(NOW - 500), event_id: 'page.0.0' },
            { ...click(NOW - 400, { x: 7 }), event_id: 'page.0.1' },
          ],
        },
      ]);
    });

    it('takes further batches without being told again, and says that only the first began the session', async () => {
      const { store } = await make();
      await append(store, 0);
      expect(await store.append(batch({ seq: 1 }), arrival('s'))).toEqual({ ...STORED, first: false, grown: false });
      expect((await store.tail('s'))?.session.event_count).toBe(4);
    });

    it('answers the same batch as the first time and changes nothing', async () => {
      const { store } = await make();
      await append(store, 0, 's', { rejected: 3 });
      const before = await store.tail('s');
      const again = await store.append(batch(), arrival('s', { received_at: NOW + 9000 }));
      expect(again).toEqual({ kind: 'duplicate', accepted: 2, rejected: 3 });
      expect(await store.tail('s')).toEqual(before);
    });

    it('keeps the first of two batches of one name', async () => {
      const { store } = await make();
      await append(store, 0);
      expect(await append(store, 0, 's', { events: [click(NOW)] })).toEqual({
        kind: 'duplicate',
        accepted: 2,
        rejected: 0,
      });
      expect((await store.tail('s'))?.batches[0]?.events).toHaveLength(2);
    });

    it('stores a batch once of 50 that come side by side', async () => {
      const { store } = await make();
      const receipts = await Promise.all(Array.from({ length: 50 }, () => append(store, 0)));
      expect(receipts.filter(({ kind }) => kind === 'stored')).toHaveLength(1);
      expect(receipts.filter(({ kind }) => kind === 'duplicate')).toHaveLength(49);
      expect((await store.tail('s'))?.batches).toHaveLength(1);
    });

    it('holds batches in the order of page and number, however they came', async () => {
      const { store } = await make();
      const names = [
        ['b', 10],
        ['a', 2],
        ['b', 9],
        ['Z', 0],
        ['a', 1],
      ] as const;
      await Promise.all(names.map(([page_id, seq]) => append(store, seq, 's', { page_id })));
      const order = (await store.tail('s'))?.batches.map(({ page_id, seq }) => `${page_id}${seq}`);
      expect(order).toEqual(['Z0', 'a1', 'a2', 'b9', 'b10']);
    });

    it('takes any id for a name', async () => {
      const { store } = await make();
      for (const odd of ['__proto__', 'constructor', '-', '_', '0', 'x'.repeat(64)]) {
        expect(await append(store, 0, odd, { page_id: odd })).toMatchObject(STORED);
        expect((await store.tail(odd))?.batches.map(({ page_id }) => page_id)).toEqual([odd]);
      }
    });

    it('keeps sessions apart', async () => {
      const { store } = await make();
      await append(store, 0, 'one');
      await append(store, 0, 'two', { visitor_id: 'other' });
      expect((await store.tail('one'))?.session.visitor_id).toBe('visitor');
      expect((await store.tail('two'))?.session.visitor_id).toBe('other');
    });

    it('keeps nothing of a batch without a single good event', async () => {
      const { store } = await make();
      expect(await append(store, 0, 's', { events: [click(0)] })).toMatchObject({ kind: 'invalid' });
      expect(await store.tail('s')).toBeNull();
      await append(store, 1);
      expect(await append(store, 2, 's', { events: [click(0)] })).toMatchObject({ kind: 'invalid' });
      expect((await store.tail('s'))?.batches).toHaveLength(1);
    });

    it('refuses what goes beyond a session and keeps nothing of it', async () => {
      const { store } = await make();
      const session = sealedSession({ event_count: SESSION_EVENTS_MAX - 2 });
      const adoption: Adoption = { kind: 'sealed', session, digest: emptyDigest() };
      expect(await store.append(batch({ seq: 5 }), arrival('s'), adoption)).toMatchObject(STORED);
      expect(await append(store, 6)).toEqual({ kind: 'refused', limit: 'events' });
      expect((await store.tail('s'))?.batches).toHaveLength(1);
    });

    it('takes a batch that was acknowledged before, whatever the limits say now', async () => {
      const { store } = await make();
      const session = sealedSession({ event_count: SESSION_EVENTS_MAX });
      const adoption: Adoption = { kind: 'sealed', session, digest: emptyDigest() };
      const before = arrival('s', { acknowledged: true, limited: true });
      expect(await store.append(batch({ seq: 1 }), before, adoption)).toMatchObject(STORED);
      for (let seq = 2; seq < 40; seq++)
        expect(await store.append(batch({ seq }), { ...before, received_at: NOW + seq })).toMatchObject(STORED);
      expect(await store.append(batch({ seq: 3 }), before)).toMatchObject({ kind: 'duplicate', accepted: 2 });
    });

    it('digests what running sessions come to and leaves out those that are not hot', async () => {
      const { store } = await make();
      await append(store, 0);
      await append(store, 1, 's', { events: [click(NOW, { element: 'B' })] });
      const digests = await store.digests(['s', 'nobody']);
      const expected = emptyDigest();
      for (const { events } of (await store.tail('s'))!.batches) addEvents(expected, events);
      expect([...digests.keys()]).toEqual(['s']);
      expect(digests.get('s')?.digest).toEqual(expected);
      expect(digests.get('s')?.session).toMatchObject({ visitor_id: 'visitor', started_at: NOW - 1000 });
    });

    it('gives copies: who changes them changes nothing', async () => {
      const { store } = await make();
      await append(store, 0);
      const { digest } = (await store.digests(['s'])).get('s')!;
      digest.elements.add('changed');
      const tail = await store.tail('s');
      tail!.session.event_count = 99;
      expect((await store.digests(['s'])).get('s')?.digest.elements.has('changed')).toBe(false);
      expect((await store.tail('s'))?.session.event_count).toBe(2);
    });

    it('names sessions that nothing reached for a time, and no more than were asked for', async () => {
      const { store } = await make();
      for (let i = 0; i < 5; i++) await store.append(batch(), arrival(`s${i}`, { received_at: NOW + i }), NEW);
      expect(await store.idle(NOW + 3, 10)).toEqual(['s0', 's1', 's2']);
      expect(await store.idle(NOW + 3, 2)).toEqual(['s0', 's1']);
      await store.append(batch({ seq: 1 }), arrival('s0', { received_at: NOW + 4 }));
      expect(await store.idle(NOW + 3, 10)).toEqual(['s1', 's2']);
    });

    it('lists every session, however many', async () => {
      const { store } = await make();
      await Promise.all(Array.from({ length: sessions }, (_, i) => append(store, 0, `s${i}`)));
      const ids = new Set<string>();
      for await (const id of store.sessions()) ids.add(id);
      expect(ids.size).toBe(sessions);
      const after: string[] = [];
      for await (const id of store.sessions('s1')) after.push(id);
      expect(after).toEqual([...ids].filter((id) => id > 's1').sort());
    });

    it('plans a seal once: the same parts again, and later batches in a further object', async () => {
      const { store } = await make();
      await append(store, 1);
      await append(store, 0);
      const first = await store.planSeal('s');
      expect(first?.parts.map(({ object, batches }) => [object, batches.map(({ seq }) => seq)])).toEqual([[1, [0, 1]]]);
      expect(await store.planSeal('s')).toEqual(first);
      await append(store, 2);
      const second = await store.planSeal('s');
      expect(second?.parts.map(({ object, batches }) => [object, batches.map(({ seq }) => seq)])).toEqual([
        [1, [0, 1]],
        [2, [2]],
      ]);
      expect((await store.tail('s'))?.batches).toHaveLength(3);
    });

    it('forgets a session that was sealed whole', async () => {
      const { store } = await make();
      await append(store, 0);
      const plan = await store.planSeal('s');
      expect(await store.idle(0, 10)).toEqual(['s']);
      await store.finishSeal(
        's',
        plan!.parts.map(({ object }) => object),
      );
      expect(await store.tail('s')).toBeNull();
      expect(await store.idle(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
      await store.finishSeal('s', [1]);
      expect(await store.append(batch(), arrival('s'))).toEqual({ kind: 'unknown' });
    });

    it('goes on with a session to which something came while it was sealed', async () => {
      const { store, reopen } = await make();
      await append(store, 0, 's', { events: [click(NOW - 5, { event_id: 'own', element: 'B' })], rejected: 1 });
      await store.planSeal('s');
      await append(store, 1);
      const before = (await store.digests(['s'])).get('s')!;
      const { byte_count } = (await store.tail('s'))!.session;
      await store.finishSeal('s', [1]);
      for (const reopened of reopen ? [false, true] : [false]) {
        const now = reopened ? await reopen!() : store;
        const tail = (await now.tail('s'))!;
        expect(tail.batches.map(({ seq }) => seq)).toEqual([1]);
        expect(await now.append(batch(), arrival('s'))).toEqual({ kind: 'duplicate', accepted: 1, rejected: 1 });
        expect((await now.digests(['s'])).get('s')?.digest).toEqual(before.digest);
        expect(tail.session).toMatchObject({ event_count: 3, byte_count, next_object: 2, sealed_event_ids: ['own'] });
        expect(await now.idle(0, 10)).toEqual([]);
      }
    });

    it('takes a session back from its objects: it knows their batches and numbers its next object after them', async () => {
      const { store, reopen } = await make();
      const digest = emptyDigest();
      addEvents(digest, [{ ...click(NOW - 900, { element: 'OLD' }), event_id: 'own' } as never]);
      const adoption = (): Adoption => ({ kind: 'sealed', session: sealedSession(), digest: structuredClone(digest) });
      const duplicate = await store.append(batch({ page_id: 'old', seq: 0 }), arrival('s'), adoption());
      expect(duplicate).toEqual({ kind: 'duplicate', accepted: 1, rejected: 4 });
      expect(await store.tail('s')).toBeNull();

      const events = [click(NOW - 1, { event_id: 'own' }), click(NOW)];
      expect(await store.append(batch({ seq: 1, events }), arrival('s'), adoption())).toMatchObject({
        kind: 'stored',
        first: true,
      });
      const now = (await reopen?.()) ?? store;
      expect((await now.tail('s'))?.batches[0]?.events.map(({ event_id }) => event_id)).toEqual(['page.1.1']);
      expect((await now.digests(['s'])).get('s')?.digest.elements).toEqual(new Set(['OLD', 'A#buy']));
      expect((await now.planSeal('s'))?.parts.map(({ object }) => object)).toEqual([4]);
    });

    it('erases all of a session, and what was on its way to it', async () => {
      const { store } = await make();
      await append(store, 0);
      await append(store, 1);
      await append(store, 0, 'other');
      expect(await store.erase('s')).toEqual({ rows: 3, events: 4 });
      expect(await store.tail('s')).toBeNull();
      expect(await append(store, 2)).toEqual({ kind: 'erased' });
      expect(await store.erase('s')).toEqual({ rows: 0, events: 0 });
      expect(await store.tail('other')).not.toBeNull();
    });

    it('erases what was being sealed', async () => {
      const { store } = await make();
      await append(store, 0);
      await store.planSeal('s');
      await store.erase('s');
      await store.finishSeal('s', [1]);
      expect(await store.planSeal('s')).toBeNull();
      expect(await store.idle(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
    });

    it('says that it can take a batch', async () => {
      await expect((await make()).store.probe()).resolves.toBeUndefined();
    });

    if (!outlivesItsProcess) return;
    it('keeps every answer over a restart', async () => {
      const { store, reopen } = await make();
      for (let seq = 0; seq < 3; seq++) await append(store, seq);
      await append(store, 0, 'planned');
      const plan = await store.planSeal('planned');
      const tail = await store.tail('s');
      const digests = await store.digests(['s', 'planned']);
      const again = await reopen!();
      expect(await again.tail('s')).toEqual(tail);
      expect(await again.digests(['s', 'planned'])).toEqual(digests);
      expect(await again.planSeal('planned')).toEqual(plan);
      expect(await again.append(batch({ seq: 2 }), arrival('s'))).toEqual({
        kind: 'duplicate',
        accepted: 2,
        rejected: 0,
      });
    });
  });
}

/** A session of which one batch lies in objects 1 to 3. */
function sealedSession(more = {}) {
  return {
    session_id: 's',
    visitor_id: 'visitor',
    started_at: NOW - 1000,
    country: 'IN',
    country_estimated: false,
    browser: null,
    os: null,
    device: null,
    context: {},
    clock_offset: 0,
    touched_at: NOW,
    event_count: 1,
    byte_count: 100,
    sealed_batches: [{ page_id: 'old', seq: 0, accepted: 1, rejected: 4 }],
    sealed_event_ids: ['own'],
    next_object: 4,
    ...more,
  };
}
