// What the app promises while the hot store is away and comes back, on any set of ports: nothing lost, nothing twice, no false 202.
import { describe, expect, it } from 'vitest';
import { SESSION_EVENTS_MAX } from '../../src/format/limits.ts';
import type { AppOptions } from '../../src/server/context.ts';
import { moveKept } from '../../src/server/fallback.ts';
import { type Ports, StoreUnavailable } from '../../src/server/ports.ts';
import { reindex } from '../../src/server/reindex.ts';
import { AppUnderTest, body, press } from '../fixtures/app-under-test.ts';
import { NOW } from '../fixtures/batches.ts';
import { breakable, over } from '../fixtures/breakable.ts';

export function fallbackSuite(name: string, make: () => Promise<Omit<Ports, 'clock'>>): void {
  const start = async (options: Partial<AppOptions> = {}) => {
    const { stores, breakStore } = breakable(await make());
    return { t: new AppUnderTest(stores, options), breakStore };
  };
  const numbersOf = (read: { body: { events: { event_id: string }[] } }) => read.body.events.map((e) => e.event_id);

  describe(`app while the hot store is away: ${name}`, () => {
    it('keeps a running session whole: what came before, meanwhile and after, once each and the same before and after it is moved', async () => {
      const { t, breakStore } = await start();
      const id = await t.record('one');
      breakStore('hot', false);
      for (const seq of [1, 2, 1]) {
        const answer = await t.post(body('one', { seq, events: [press(NOW - 400 + seq), { event_type: 'nonsense' }] }));
        expect([answer.status, answer.body]).toEqual([202, { session_id: id, accepted: 1, rejected: 1 }]);
      }
      expect((await t.get('/replay/sessions')).body.total).toBe(1);
      breakStore('hot', null);
      expect((await t.post(body('one', { seq: 3, events: [press(NOW - 100)] }))).status).toBe(202);
      const before = await t.get(`/replay/sessions/${id}`);
      expect(numbersOf(before)).toEqual(['page.0.0', 'page.0.1', 'page.1.0', 'page.2.0', 'page.3.0']);
      expect(before.body).toMatchObject({ gaps: [], session: { status: 'live', event_count: 5 } });

      expect([await moveKept(t.app, 10), await moveKept(t.app, 10)]).toEqual([true, false]);
      expect(await t.app.ports.catalog.keptSessions(10)).toEqual([]);
      expect((await t.get(`/replay/sessions/${id}`)).body).toEqual(before.body);
      const again = await t.post(body('one', { seq: 2, events: [press(NOW)] }));
      expect(again.body).toEqual({ session_id: id, accepted: 1, rejected: 1 });
      expect((await t.get('/replay/sessions')).body.sessions[0].event_count).toBe(5);
      await t.seal();
      const sealed = await t.get(`/replay/sessions/${id}`);
      expect(sealed.body).toEqual({ ...before.body, session: { ...before.body.session, status: 'ended' } });
    });

    it('lists and reads a session that began meanwhile, finds it after a reindex, and seals it once moved', async () => {
      const { t, breakStore } = await start();
      breakStore('hot', false);
      const wrong = {
        sent_at: NOW - 3_600_000,
        session_key: `${(NOW - 3_601_000).toString(36)}-wrongclock00000000000`,
      };
      const sent = (seq: number) => body('', { ...wrong, seq, events: [press(NOW - 3_600_500 + seq)] });
      const { session_id: id } = (await t.post(sent(0))).body;
      expect((await t.post(sent(1))).body.session_id).toBe(id);
      breakStore('hot', null);
      const read = await t.get(`/replay/sessions/${id}`);
      expect(read.body).toMatchObject({ event_count: 2, session: { started_at: NOW - 1000, status: 'live' } });
      const list = (await t.get('/replay/sessions')).body;
      expect(list.sessions).toMatchObject([{ session_id: id, status: 'live' }]);
      expect(await reindex(t.app.ports, t.app.writer)).toEqual({ sessions: 1, unreadable: 0 });
      expect((await t.get('/replay/sessions')).body.total).toBe(1);
      await moveKept(t.app, 10);
      expect((await t.get(`/replay/sessions/${id}`)).body).toEqual(read.body);
      expect(await t.seal()).toBe(1);
      expect((await t.get('/replay/sessions')).body.sessions).toMatchObject([{ event_count: 2, status: 'ended' }]);
    });

    it('adds to a session that was sealed, and knows again what it had', async () => {
      const { t, breakStore } = await start();
      const id = await t.record('one');
      await t.seal();
      breakStore('hot', false);
      expect((await t.post(body('one'))).body).toMatchObject({ accepted: 2 });
      expect((await t.post(body('one', { seq: 1 }))).body).toMatchObject({ accepted: 2 });
      const away = await t.get(`/replay/sessions/${id}`);
      expect([away.status, away.body.event_count]).toEqual([200, 4]);
      breakStore('hot', null);
      await moveKept(t.app, 10);
      await t.seal();
      const sealed = await t.get(`/replay/sessions/${id}`);
      expect(sealed.body.events).toEqual(away.body.events);
    });

    it('takes once what the hot store had stored before it failed to say so', async () => {
      const { t, breakStore } = await start();
      await t.record('one');
      breakStore('hot', false, ['append'], true);
      expect((await t.post(body('one', { seq: 1 }))).body).toMatchObject({ accepted: 2 });
      breakStore('hot', null);
      const { session_id: id } = (await t.post(body('one', { seq: 1 }))).body;
      expect((await t.get(`/replay/sessions/${id}`)).body.event_count).toBe(4);
      await moveKept(t.app, 10);
      expect((await t.get(`/replay/sessions/${id}`)).body.event_count).toBe(4);
    });

    it('acknowledges nothing where neither store takes it, nor where the hot store is full', async () => {
      const { t, breakStore } = await start();
      breakStore('hot', false, ['append']);
      breakStore('catalog', false, ['keep']);
      const refused = await t.post(body('one'));
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
      breakStore('catalog', null);
      breakStore('hot', true, ['append']);
      expect((await t.post(body('one'))).status).toBe(507);
      expect(await t.app.ports.catalog.keptSessions(1)).toEqual([]);
      expect((await t.get('/replay/sessions')).body.total).toBe(0);
    });

    it('stops a move that is cut short without losing or doubling a batch', async () => {
      const { t, breakStore } = await start();
      breakStore('hot', false, ['append']);
      const id = await t.record('one');
      for (let seq = 1; seq < 5; seq++) await t.record('one', { seq });
      await expect(moveKept(t.app, 10)).rejects.toThrow('hot');
      breakStore('hot', null);
      breakStore('catalog', false, ['removeKept']);
      await expect(moveKept(t.app, 10)).rejects.toThrow('catalog');
      breakStore('catalog', null);
      expect((await t.get(`/replay/sessions/${id}`)).body.event_count).toBe(10);
      // A step so small takes some of the batches.
      const step = () => moveKept(t.app, 1);
      expect([await step(), await step(), await step()]).toEqual([true, true, false]);
      expect((await t.get(`/replay/sessions/${id}`)).body.event_count).toBe(10);
    });

    it('moves the others where some can never be moved', async () => {
      const { t, breakStore } = await start();
      const ids: string[] = [];
      breakStore('hot', false, ['append']);
      for (const name of ['a', 'b', 'c', 'd', 'e']) ids.push(await t.record(name));
      breakStore('hot', null);
      const failing = ids.sort().slice(0, 3);
      const { ports } = t.app;
      const append: typeof ports.hot.append = (batch, arrival, adoption) =>
        failing.includes(arrival.session_id)
          ? Promise.reject(new StoreUnavailable('hot'))
          : ports.hot.append(batch, arrival, adoption);
      const app = { ...t.app, ports: { ...ports, hot: over(ports.hot, { append }) } };
      for (let step = 0; step < 5; step++) {
        t.clock.at += 60_000;
        await moveKept(app, 2).catch(() => undefined);
      }
      expect(await ports.catalog.keptSessions(10)).toEqual(failing);
      while (await moveKept(t.app, 2));
      for (const id of ids) expect((await ports.hot.tail(id))?.batches).toHaveLength(1);
    });

    it('holds a session to its limits, and refuses one that was erased', async () => {
      const { t, breakStore } = await start();
      const id = await t.record('full');
      await t.record('erased');
      const erased = await t.record('erased');
      const row = (await t.app.ports.catalog.find(id))!;
      await t.app.ports.catalog.upsert([{ record: { ...row, event_count: SESSION_EVENTS_MAX }, search_text: '' }]);
      breakStore('hot', false, ['append']);
      expect((await t.post(body('full', { seq: 1 }))).status).toBe(413);
      for (let seq = 0; seq < 30; seq++) expect((await t.post(body('fast', { seq }))).status).toBe(202);
      const fast = await t.post(body('fast', { seq: 30 }));
      expect([fast.status, Number(fast.headers.get('retry-after')) > 0]).toEqual([429, true]);
      await t.record('erased', { seq: 1 });
      expect((await t.delete(`/replay/sessions/${erased}`)).status).toBe(200);
      expect((await t.post(body('erased', { seq: 2 }))).status).toBe(410);
      expect(await t.app.ports.catalog.kept(erased)).toEqual([]);
    });

    it('lists what the catalog knows, and says that it is behind', async () => {
      const { t, breakStore } = await start();
      await t.record('one');
      await t.record('sealed', { visitor_id: 'other' });
      await t.seal();
      await t.record('one', { seq: 1, events: [press(NOW - 100)] });
      const known = (await t.get('/replay/sessions')).body;
      expect(known).not.toHaveProperty('behind');
      expect(known.sessions.filter((one: object) => 'as_of' in one)).toEqual([]);
      await t.record('one', { seq: 2, events: [press(NOW - 50)] });
      breakStore('hot', false);
      const behind = (await t.get('/replay/sessions')).body;
      expect(behind).toMatchObject({ behind: true, total: 2 });
      for (const one of behind.sessions) {
        if (one.status === 'live') expect(one.as_of).toBe(one.ended_at);
        else expect(one).not.toHaveProperty('as_of');
      }
      await t.record('one', { seq: 3, events: [press(NOW - 20)] });
      breakStore('hot', null);
      expect((await t.get('/replay/sessions')).body.behind).toBe(true);
      await moveKept(t.app, 10);
      const whole = (await t.get('/replay/sessions?visitor_id=visitor')).body;
      expect(whole.sessions).toMatchObject([{ event_count: 5, ended_at: NOW - 20 }]);
      expect(whole).not.toHaveProperty('behind');
    });

    it('asks no more running sessions than it may how they are now', async () => {
      const { t } = await start({ askedAtOnce: 1 });
      for (const name of ['a', 'b', 'c']) {
        await t.record(name);
        await t.record(name, { seq: 1, events: [press(NOW - 100)] });
      }
      const { sessions, behind } = (await t.get('/replay/sessions')).body;
      expect(sessions.map((one: { as_of?: number }) => one.as_of === undefined)).toEqual([true, false, false]);
      expect([sessions[0].event_count, behind]).toEqual([3, undefined]);
    });

    it('stores no key of a session', async () => {
      const { t, breakStore } = await start();
      breakStore('hot', false);
      const id = await t.record('one');
      const [kept] = await t.app.ports.catalog.kept(id);
      expect(JSON.stringify(kept)).not.toContain(String(body('one').session_key));
    });
  });
}
