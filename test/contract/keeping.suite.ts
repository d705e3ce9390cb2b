// What the app promises of what it keeps: erasing, expiring, reindexing, damage, export and import; on any set of ports.
import { describe, expect, it } from 'vitest';
import type { AppOptions } from '../../src/server/context.ts';
import { continueErasing, learnErasures, repeatErasures, retain } from '../../src/server/erase.ts';
import { exportSession } from '../../src/server/export-session.ts';
import { type Ports, StoreUnavailable, type Writer } from '../../src/server/ports.ts';
import { readSession } from '../../src/server/read-session.ts';
import { continueReindex, reindex } from '../../src/server/reindex.ts';
import { AppUnderTest, body, press } from '../fixtures/app-under-test.ts';
import { NOW } from '../fixtures/batches.ts';
import { breakable, over } from '../fixtures/breakable.ts';

const HOUR = 3_600_000;
/** Where many write the catalog, as on Cloudflare. */
const NO_WRITER: Writer = {
  note: () => undefined,
  flush: async () => undefined,
  alone: (work) => work(),
};

/** A session that begins at another time than the fixtures' own. */
function begun(at: number) {
  return { session_key: `${at.toString(36)}-begun-later-0000000000`, events: [press(at)] };
}

export function keepingSuite(name: string, make: () => Promise<Omit<Ports, 'clock'>>): void {
  const start = async (options: Partial<AppOptions> = {}) => new AppUnderTest(await make(), options);

  describe(`app, what it keeps: ${name}`, () => {
    it('erases a session, or all of a visitor, for good', async () => {
      const t = await start();
      const one = await t.record('one');
      await t.seal();
      const two = await t.record('two');
      const other = await t.record('other', { visitor_id: 'other' });
      const receipt = await t.delete(`/replay/sessions/${one}`);
      expect(receipt).toMatchObject({
        status: 200,
        body: { erased: { sessions: 1, events: 2, objects: 1, rows: 1 }, at: NOW },
      });
      expect((await t.delete(`/replay/sessions/${one}`)).status).toBe(404);
      expect((await t.get(`/replay/sessions/${one}`)).status).toBe(404);
      expect((await t.post(body('one', { seq: 1 }))).status).toBe(410);
      expect((await t.delete('/replay/visitors/visitor')).body.erased).toMatchObject({ sessions: 1, events: 2 });
      expect((await t.post(body('two', { seq: 1 }))).status).toBe(410);
      expect((await t.get(`/replay/sessions/${two}`)).status).toBe(404);
      await reindex(t.app.ports, t.app.writer);
      const list = (await t.get('/replay/sessions')).body;
      expect(list.sessions.map((session: { session_id: string }) => session.session_id)).toEqual([other]);
      expect((await t.post(body('one', { seq: 2 }))).status).toBe(410);
      for await (const key of t.app.ports.objects.list('sessions/')) expect(key).not.toContain(one);
    });

    it('forgets what is older than the retention', async () => {
      const t = await start({ retentionDays: 2 });
      const id = await t.record('one');
      await t.seal();
      t.clock.at += 49 * HOUR;
      expect((await t.get(`/replay/sessions/${id}`)).status).toBe(404);
      expect((await t.get('/replay/sessions')).body.total).toBe(0);
      expect([await retain(t.app), await retain(t.app)]).toEqual([true, false]);
      expect(await t.app.ports.catalog.find(id)).toBeNull();
      for await (const key of t.app.ports.objects.list('sessions/')) expect(key).toBe('nothing');
    });

    it('forgets what is older than the retention though it was never sealed', async () => {
      const t = await start({ retentionDays: 0.01 });
      const id = await t.record('idle');
      t.clock.at += HOUR;
      const fresh = await t.record('fresh', { sent_at: t.clock.at, ...begun(t.clock.at) });
      expect((await t.get(`/replay/sessions/${id}`)).status).toBe(404);
      const { sessions, total } = (await t.get('/replay/sessions')).body;
      expect([total, sessions.map((one: { session_id: string }) => one.session_id)]).toEqual([1, [fresh]]);
      await retain(t.app);
      expect(await t.app.ports.hot.tail(id)).toBeNull();
      expect(await t.app.ports.hot.tail(fresh)).not.toBeNull();
    });

    it('keeps a running session whose row is behind', async () => {
      const t = await start({ retentionDays: 0.01 });
      const id = await t.record('long');
      t.clock.at += HOUR;
      const late = { seq: 1, sent_at: t.clock.at, events: [press(t.clock.at)] };
      await t.record('long', late);
      expect(await retain(t.app)).toBe(false);
      expect((await t.get('/replay/sessions')).body).toMatchObject({ total: 1, sessions: [{ session_id: id }] });
    });

    it('erases many at once for every reader, and removes them some at a time', async () => {
      const t = await start({ sessionsAtOnce: 2 });
      const ids: string[] = [];
      for (const name of ['a', 'b', 'c', 'd', 'e']) ids.push(await t.record(name));
      await t.seal();
      ids.push(await t.record('f'));
      const receipt = (await t.delete('/replay/visitors/visitor')).body;
      expect(receipt.erased).toMatchObject({ sessions: 6, events: 12 });
      expect((await t.get('/replay/sessions')).body).toMatchObject({ total: 0, sessions: [] });
      for (const id of ids) expect((await t.get(`/replay/sessions/${id}`)).status).toBe(404);
      expect((await t.post(body('f', { seq: 1 }))).status).toBe(410);
      let steps = 1;
      while (await continueErasing(t.app.ports, t.app.options.sessionsAtOnce)) steps++;
      expect(steps).toBeGreaterThan(1);
      for await (const key of t.app.ports.objects.list('sessions/')) expect(key).toBe('nothing');
      expect(await t.app.ports.hot.tail(ids[5]!)).toBeNull();
    });

    it('goes on with the others where some that are to be removed always fail', async () => {
      const { stores, breakStore } = breakable(await make());
      const t = new AppUnderTest(stores, { sessionsAtOnce: 2 });
      const ids: string[] = [];
      for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) ids.push(await t.record(name));
      breakStore('hot', false, ['erase']);
      await t.delete('/replay/visitors/visitor');
      breakStore('hot', null);
      const failing = ids.sort().slice(0, 3);
      const erase = (id: string) =>
        failing.includes(id) ? Promise.reject(new StoreUnavailable('hot')) : stores.hot.erase(id);
      const hot = over(stores.hot, { erase });
      for (let step = 0; step < 5; step++) {
        t.clock.at += 60_000;
        await continueErasing({ ...t.app.ports, hot }, 2).catch(() => undefined);
      }
      const left = (await t.app.ports.catalog.erasing(10)).map(({ session_id }) => session_id);
      expect(left.sort()).toEqual(failing);
      while (await continueErasing(t.app.ports, 2));
      for (const id of ids) expect(await t.app.ports.hot.tail(id)).toBeNull();
    });

    it('removes what is expired some at a time, and shows none of it meanwhile', async () => {
      const t = await start({ sessionsAtOnce: 2, retentionDays: 2 });
      for (const name of ['a', 'b', 'c']) await t.record(name);
      await t.seal();
      t.clock.at += 49 * HOUR;
      expect((await t.get('/replay/sessions')).body.total).toBe(0);
      expect([await retain(t.app), await retain(t.app), await retain(t.app)]).toEqual([true, true, false]);
      for await (const key of t.app.ports.objects.list('sessions/')) expect(key).toBe('nothing');
    });

    it('erases again what a restored backup brings back, however long ago it was erased', async () => {
      const t = await start();
      const { ports } = t.app;
      const id = await t.record('one');
      await t.seal();
      const record = (await ports.catalog.find(id))!;
      const objects: [string, Uint8Array][] = [];
      for await (const key of ports.objects.list('sessions/')) objects.push([key, (await ports.objects.get(key))!]);
      const restore = () => Promise.all(objects.map(([key, bytes]) => ports.objects.putIfAbsent(key, bytes)));
      await t.delete(`/replay/sessions/${id}`);
      t.clock.at += 72 * HOUR;

      await restore();
      const older = new AppUnderTest({ ...ports, catalog: (await make()).catalog });
      await older.app.ports.catalog.upsert([{ record, search_text: '' }]);
      await learnErasures(older.app);
      expect((await older.get(`/replay/sessions/${id}`)).status).toBe(404);
      expect((await older.get('/replay/sessions')).body.total).toBe(0);
      expect((await older.post(body('one', { seq: 1 }))).status).toBe(410);
      for await (const key of ports.objects.list('sessions/')) expect(key).toBe('nothing');

      await restore();
      await repeatErasures(t.app, 0);
      for await (const key of ports.objects.list('sessions/')) expect(key).toBe('nothing');
    });

    it('answers the same after its index was dropped and rebuilt', async () => {
      const t = await start();
      await t.record('sealed');
      await t.seal();
      await t.record('running', { visitor_id: 'v2' });
      const before = await t.get('/replay/sessions');
      expect(await reindex(t.app.ports, t.app.writer)).toEqual({ sessions: 2, unreadable: 0 });
      expect((await t.get('/replay/sessions')).body).toEqual(before.body);
    });

    it('says that it is behind while its index is rebuilt, denies nothing it may have, and answers the same afterwards', async () => {
      const { hot, objects, catalog } = await make();
      const whole = new AppUnderTest({ hot, objects, catalog });
      const ids: string[] = [];
      for (const name of ['a', 'b', 'c', 'late']) ids.push(await whole.record(name));
      await whole.seal();
      const erased = await whole.record('erased');
      await whole.delete(`/replay/sessions/${erased}`);
      const running = await whole.record('running');
      const before = (await whole.get('/replay/sessions')).body;

      const lost = (await make()).catalog;
      await lost.reset();
      const t = new AppUnderTest({ hot, objects, catalog: lost });
      expect((await t.get('/replay/sessions')).body).toMatchObject({ behind: true, total: 0 });
      const [sealed, late] = [ids[0]!, ids[3]!];
      for (const answer of [
        await t.get(`/replay/sessions/${sealed}`),
        await t.delete(`/replay/sessions/${sealed}`),
        await t.delete('/replay/visitors/visitor'),
      ])
        expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
      expect((await t.get(`/replay/sessions/${running}`)).status).toBe(200);
      // What only the lost catalog knew is asked of the objects.
      expect((await t.post(body('erased', { seq: 1 }))).status).toBe(410);
      const again = await t.post(body('late', { events: [press(NOW - 5)] }));
      expect([again.status, again.body]).toEqual([202, { session_id: late, accepted: 2, rejected: 0 }]);
      expect((await t.post(body('fresh'))).status).toBe(202);

      let steps = 0;
      while (await continueReindex(t.app.ports, t.app.writer, 2)) steps++;
      expect(steps).toBeGreaterThan(6);
      const after = (await t.get('/replay/sessions')).body;
      expect(after).not.toHaveProperty('behind');
      expect(after.total).toBe(before.total + 1);
      for (const row of before.sessions)
        expect(after.sessions.find(({ session_id }: { session_id: string }) => session_id === row.session_id)).toEqual(
          row,
        );
      expect((await t.get(`/replay/sessions/${sealed}`)).status).toBe(200);
      expect((await t.get(`/replay/sessions/${erased}`)).status).toBe(404);
      expect((await t.post(body('erased', { seq: 1 }))).status).toBe(410);
    });

    it('takes out of the index what was erased and came back before the index knew', async () => {
      const t = await start();
      const { ports, writer } = t.app;
      const id = await t.record('one');
      const record = (await ports.catalog.find(id))!;
      await t.delete(`/replay/sessions/${id}`);
      const catalog = (await make()).catalog;
      await catalog.reset({ id: 'one', phase: 'erasures', after: '', sessions: 0, unreadable: 0 });
      await catalog.upsert([{ record, search_text: '' }]);
      while (await continueReindex({ ...ports, catalog }, writer, 1));
      expect(await catalog.list({ limit: 10, offset: 0 })).toEqual({ sessions: [], total: 0 });
    });

    it('leaves a session ended that is sealed while the running ones are indexed', async () => {
      const t = await start();
      const { ports } = t.app;
      const id = await t.record('one');
      const digests: typeof ports.hot.digests = async (ids) => {
        const asked = await ports.hot.digests(ids);
        await t.seal();
        return asked;
      };
      await reindex({ ...ports, hot: over(ports.hot, { digests }) }, NO_WRITER);
      expect((await ports.catalog.find(id))?.status).toBe('ended');
      expect((await t.get('/replay/sessions?q=hero-btn')).body.total).toBe(1);
    });

    it('indexes no more sessions in a step than it may, wherever they lie', async () => {
      const { stores, breakStore } = breakable(await make());
      const t = new AppUnderTest(stores);
      for (let i = 0; i < 5; i++) await t.record(`sealed${i}`);
      // One session has more objects than a step reads otherwise.
      for (let seq = 1; seq < 12; seq++) {
        await t.seal();
        await t.record('sealed2', { seq, events: [press(NOW - 100 + seq)] });
      }
      await t.seal();
      for (let i = 0; i < 5; i++) await t.record(`running${i}`);
      breakStore('hot', false, ['append']);
      for (let i = 0; i < 5; i++) await t.record(`kept${i}`);
      breakStore('hot', null);
      let asked: string[] = [];
      const { hot, objects, catalog } = t.app.ports;
      const ports = {
        ...t.app.ports,
        hot: over(hot, { digests: (ids) => hot.digests(asked.push(...ids) > 0 ? ids : []) }),
        objects: over(objects, { get: (key) => objects.get(asked.push(key) > 0 ? key : '') }),
        catalog: over(catalog, { kept: (id) => catalog.kept(asked.push(id) > 0 ? id : '') }),
      };
      await catalog.reset();
      const perStep: number[] = [];
      while (await continueReindex(ports, t.app.writer, 2)) {
        perStep.push(asked.length);
        asked = [];
      }
      expect(perStep.filter((count) => count > 8)).toEqual([12]);
      expect((await t.get('/replay/sessions')).body.total).toBe(15);
    });

    it('shows a damaged object, and a batch that never came, as gaps', async () => {
      const t = await start();
      const id = await t.record('one');
      await t.record('one', { seq: 3, events: [press(NOW - 10)] });
      expect((await t.get(`/replay/sessions/${id}`)).body.gaps).toEqual([
        { from: NOW - 500, to: NOW - 10, reason: 'lost' },
      ]);
      await t.seal();
      const { objects } = t.app.ports;
      for await (const key of objects.list('sessions/')) {
        const bytes = (await objects.get(key))!;
        bytes[Math.floor(bytes.length / 2)]! ^= 0xff;
        await objects.delete([key]);
        await objects.putIfAbsent(key, bytes);
      }
      const read = await t.get(`/replay/sessions/${id}`);
      expect(read.status).toBe(200);
      expect(read.body).toMatchObject({ event_count: 0, gaps: [{ from: NOW - 900, to: NOW - 10, reason: 'damaged' }] });
    });

    it('shows an object that is gone as a gap', async () => {
      const t = await start();
      const id = await t.record('one');
      for (let seq = 1; seq < 3; seq++) {
        await t.seal();
        await t.record('one', { seq, events: [press(NOW - 100 + seq)] });
      }
      await t.seal();
      for await (const key of t.app.ports.objects.list('sessions/')) {
        if (key.includes('/000002-')) await t.app.ports.objects.delete([key]);
      }
      const read = (await t.get(`/replay/sessions/${id}`)).body;
      expect(read.event_count).toBe(3);
      expect(read.gaps).toEqual([{ from: NOW - 500, to: NOW - 98, reason: 'lost' }]);
    });

    it('exports a session that, imported elsewhere, exports to the same text', async () => {
      const t = await start();
      const id = await t.record('one', { context: { language: 'en', timezone: 'Europe/Berlin' } });
      await t.record('one', { seq: 2, events: [press(NOW - 10)] });
      const lines = [...exportSession((await readSession(t.app.ports, id))!)];
      const elsewhere = await start();
      expect(await elsewhere.load(lines)).toEqual({ sessions: 1, events: 3, known: 0, refused: 0 });
      expect(await elsewhere.load(lines)).toEqual({ sessions: 0, events: 0, known: 1, refused: 0 });
      expect([...exportSession((await readSession(elsewhere.app.ports, id))!)]).toEqual(lines);
    });

    it('takes, finds again and erases imported sessions of any age', async () => {
      const t = await start();
      const starts = [
        -8.64e15,
        Date.UTC(-1, 0),
        -62e12,
        -1,
        0,
        Date.UTC(2024, 1, 29),
        Date.UTC(10_000, 0),
        8.64e15 - 1,
      ];
      const lines = starts.flatMap((started_at, i) => [
        { kind: 'session', session_id: `s${i}`, visitor_id: 'v', started_at },
        { event_type: 'click', x: 1, y: 2, page: 'https://e.x/', timestamp: started_at + 1 },
      ]);
      const texts = lines.map((line) => JSON.stringify(line));
      expect(await t.load(texts)).toEqual({ sessions: starts.length, events: starts.length, known: 0, refused: 0 });
      expect(await t.load(texts)).toMatchObject({ sessions: 0, known: starts.length });
      const list = (await t.get('/replay/sessions')).body;
      expect(list.sessions.map((one: { started_at: number }) => one.started_at)).toEqual([...starts].reverse());
      expect(await reindex(t.app.ports, t.app.writer)).toEqual({ sessions: starts.length, unreadable: 0 });
      expect((await t.get('/replay/sessions')).body).toEqual(list);
      for (let i = 0; i < starts.length; i++) {
        expect((await t.get(`/replay/sessions/s${i}`)).body).toMatchObject({ event_count: 1, gaps: [] });
        expect((await t.delete(`/replay/sessions/s${i}`)).body.erased).toMatchObject({ sessions: 1, objects: 1 });
      }
      for await (const key of t.app.ports.objects.list('sessions/')) expect(key).toBe('nothing');
    });

    it('names the lines it cannot import and goes on', async () => {
      const t = await start();
      const header = {
        kind: 'session',
        session_id: 'x.1',
        visitor_id: 'v',
        page: 'https://e.x/?a=1',
        started_at: 1000,
      };
      const event = {
        event_id: 'e1',
        event_type: 'click',
        x: -5.5,
        y: 3,
        element: 'A',
        page: 'https://e.x/p?a=1#b',
        timestamp: 2000,
      };
      const refused: string[] = [];
      const result = await t.load(
        [
          '{',
          JSON.stringify(event),
          JSON.stringify(header),
          JSON.stringify(event),
          JSON.stringify({ ...event, x: null }),
          JSON.stringify({ ...header, session_id: '..' }),
        ],
        refused,
      );
      expect(result).toEqual({ sessions: 1, events: 1, known: 0, refused: 4 });
      expect(refused.map((line) => line.split(' ')[0])).toEqual(['1:', '2:', '5:', '6:']);
      const read = (await t.get('/replay/sessions/x.1')).body;
      expect(read.events[0]).toMatchObject({ page: 'https://e.x/p', x: -5.5 });
      expect(read.session).toMatchObject({ started_at: 1000, duration: 1000, imported_at: NOW });
    });
  });
}
