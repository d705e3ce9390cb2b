// What every Catalog must do. A new adapter runs it with a factory.
import { describe, expect, it } from 'vitest';
import type { Catalog, CatalogRow, KeptBatch, Rebuilding } from '../../src/server/ports.ts';
import { arrival, batch, NOW, record } from '../fixtures/batches.ts';

export function catalogSuite(name: string, make: () => Promise<Catalog>): void {
  const row = (id: string, more = {}, search_text = 'shop.example/'): CatalogRow => ({
    record: record(id, more),
    search_text,
  });
  const idsOf = ({ sessions }: Awaited<ReturnType<Catalog['list']>>) => sessions.map(({ session_id }) => session_id);
  const FIRST = { limit: 100, offset: 0 };

  describe(`Catalog: ${name}`, () => {
    it('is empty at first and not complete', async () => {
      const catalog = await make();
      expect(await catalog.list(FIRST)).toEqual({ sessions: [], total: 0 });
      expect(await catalog.find('s')).toBeNull();
      expect(await catalog.rebuilding()).toMatchObject({ phase: 'begin' });
      await catalog.markComplete();
      expect(await catalog.rebuilding()).toBeNull();
    });

    it('finds what was put in, and replaces it by its id', async () => {
      const catalog = await make();
      await catalog.upsert([row('s', { status: 'live', event_count: 1 }), row('t')]);
      await catalog.upsert([row('s', { event_count: 9, pages: ['https://shop.example/9'] })]);
      expect(await catalog.find('s')).toEqual(record('s', { event_count: 9, pages: ['https://shop.example/9'] }));
      const { total, sessions } = await catalog.list(FIRST);
      expect(total).toBe(2);
      const { pages: _pages, findings: _findings, ...summary } = record('s', { event_count: 9 });
      expect(sessions.find(({ session_id }) => session_id === 's')).toEqual(summary);
    });

    it('lists the latest start first, and by id where two started at once', async () => {
      const catalog = await make();
      await catalog.upsert([
        row('b', { started_at: NOW }),
        row('late', { started_at: NOW + 1 }),
        row('c', { started_at: NOW }),
        row('a', { started_at: NOW }),
        row('early', { started_at: NOW - 1 }),
      ]);
      expect(idsOf(await catalog.list(FIRST))).toEqual(['late', 'c', 'b', 'a', 'early']);
    });

    it('gives the same rows by offset and by cursor, to the last page', async () => {
      const catalog = await make();
      const rows = Array.from({ length: 1203 }, (_, i) => row(`s${i}`, { started_at: NOW + Math.floor(i / 5) }));
      await catalog.upsert(rows);
      const byOffset: string[] = [];
      for (let offset = 0; offset < 1300; offset += 100) {
        const page = await catalog.list({ limit: 100, offset });
        expect(page.total).toBe(1203);
        byOffset.push(...idsOf(page));
      }
      const byCursor: string[] = [];
      let after: { started_at: number; session_id: string } | undefined;
      do {
        const { sessions } = await catalog.list({ limit: 97, offset: 0, ...(after ? { after } : {}) });
        byCursor.push(...sessions.map(({ session_id }) => session_id));
        after = sessions.at(-1);
      } while (after);
      expect(new Set(byOffset).size).toBe(1203);
      expect(byCursor).toEqual(byOffset);
      expect(idsOf(await catalog.list({ limit: 100, offset: 1203 }))).toEqual([]);
      expect(idsOf(await catalog.list({ limit: 0, offset: 0 }))).toEqual([]);
    });

    it('filters by visitor, exactly', async () => {
      const catalog = await make();
      await catalog.upsert([
        row('1', { visitor_id: 'ann' }),
        row('2', { visitor_id: 'Ann' }),
        row('3', { visitor_id: 'anna' }),
      ]);
      expect(await catalog.list({ ...FIRST, visitor_id: 'ann' })).toMatchObject({
        total: 1,
        sessions: [{ session_id: '1' }],
      });
      expect(await catalog.list({ ...FIRST, visitor_id: "' OR 1=1 --" })).toEqual({ sessions: [], total: 0 });
      expect(await catalog.visitor('anna')).toEqual(['3']);
    });

    it('searches words without regard to case, all of them, and takes nothing in them for a command', async () => {
      const catalog = await make();
      await catalog.upsert([
        row('1', {}, 'shop.example/checkout\nbutton#pay\nin'),
        row('2', {}, 'shop.example/about\na.link\nde'),
        row('3', {}, 'odd "quoted" 100% a_b c*d (e) née'),
      ]);
      const search = async (q: string) => (await idsOf(await catalog.list({ ...FIRST, q }))).sort();
      expect(await search('CHECKOUT')).toEqual(['1']);
      expect(await search('heckou')).toEqual(['1']);
      expect(await search('shop.example')).toEqual(['1', '2']);
      expect(await search('shop #pay')).toEqual(['1']);
      expect(await search('pay about')).toEqual([]);
      expect(await search('de')).toEqual(['2']);
      expect(await search('  ')).toEqual(['1', '2', '3']);
      expect(await search('"quoted"')).toEqual(['3']);
      expect(await search('NÉE')).toEqual(['3']);
      for (const odd of ['100%', 'a_b', 'c*d', '(e)']) expect(await search(odd)).toEqual(['3']);
      for (const none of ['10_%', "' OR 1=1 --", 'shop OR about', 'NEAR(a b)', '*', '"""', 'words:shop']) {
        expect(await search(none)).toEqual(none === '*' ? ['3'] : []);
      }
    });

    it('searches and filters together, and counts what matches on all pages', async () => {
      const catalog = await make();
      const rows = Array.from({ length: 150 }, (_, i) =>
        row(`s${i}`, { visitor_id: i % 2 ? 'odd' : 'even' }, `page ${i % 3}xyz`),
      );
      await catalog.upsert(rows);
      const { total, sessions } = await catalog.list({ limit: 10, offset: 5, visitor_id: 'odd', q: '0xyz' });
      expect([total, sessions.length]).toEqual([25, 10]);
      const many = Array.from({ length: 100 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join(' ');
      const filter = { choices: { country: ['IN'] }, ranges: { duration: [1, 9] as [number, number] } };
      for (const more of [{}, { visitor_id: 'odd' }, { filter }, { filter, sort: 'worth' as const }])
        expect(await catalog.list({ ...FIRST, ...more, kept_since: 1, q: many })).toEqual({ sessions: [], total: 0 });
    });

    it('finds by its words again what was replaced', async () => {
      const catalog = await make();
      await catalog.upsert([row('s', {}, 'before')]);
      await catalog.upsert([row('s', {}, 'afterwards')]);
      expect((await catalog.list({ ...FIRST, q: 'before' })).total).toBe(0);
      expect((await catalog.list({ ...FIRST, q: 'afterwards' })).total).toBe(1);
    });

    it('removes rows, and counts those that were there', async () => {
      const catalog = await make();
      await catalog.upsert(Array.from({ length: 205 }, (_, i) => row(`s${i}`, {}, `words${i}`)));
      const ids = Array.from({ length: 204 }, (_, i) => `s${i}`);
      expect(await catalog.remove([...ids, 'nobody'])).toBe(204);
      expect(await catalog.remove([])).toBe(0);
      expect(idsOf(await catalog.list(FIRST))).toEqual(['s204']);
      expect((await catalog.list({ ...FIRST, q: 'words17' })).total).toBe(0);
    });

    it('names ended sessions whose time is over, an imported one by its import, oldest first', async () => {
      const catalog = await make();
      await catalog.upsert([
        row('old', { ended_at: 1000 }),
        row('older', { ended_at: 500 }),
        row('live', { ended_at: 500, status: 'live' }),
        row('imported', { ended_at: 1, imported_at: 5000 }),
        row('young', { ended_at: 2000 }),
      ]);
      const expired = async (before: number, limit: number) =>
        (await catalog.expired(before, limit)).map((r) => r.session_id);
      expect(await expired(2000, 10)).toEqual(['older', 'old']);
      expect(await expired(6000, 10)).toEqual(['older', 'old', 'young', 'imported']);
      expect(await expired(6000, 1)).toEqual(['older']);
      await catalog.upsert([row('began', { started_at: 400, ended_at: 500, status: 'live' })]);
      expect((await catalog.expiredRunning(501, 10)).map((r) => r.session_id)).toEqual(['began']);
      expect(await catalog.expiredRunning(500, 10)).toEqual([]);
      await catalog.remove(['began']);
      expect((await catalog.endedBefore(1000)).sort()).toEqual(['imported', 'live', 'older']);
    });

    it('leaves out and does not count what is expired', async () => {
      const catalog = await make();
      const words = 'some words';
      await catalog.upsert([
        row('old', { ended_at: 500 }, words),
        row('idle', { started_at: 400, ended_at: 500, status: 'live' }, words),
        row('imported', { ended_at: 500, imported_at: 5000 }, words),
        row('young', { ended_at: 1000 }, words),
        row('live', { started_at: 400, ended_at: 1000, status: 'live' }, words),
      ]);
      const kept_since = 1000;
      const queries = [
        {},
        { q: 'words' },
        { q: 'me wo' },
        { visitor_id: 'visitor' },
        { after: { started_at: NOW + 1, session_id: '' } },
      ];
      for (const query of queries) {
        const page = await catalog.list({ ...FIRST, ...query, kept_since });
        expect([page.total, idsOf(page)]).toEqual([3, ['young', 'imported', 'live']]);
      }
      expect(idsOf(await catalog.list({ limit: 1, offset: 2, kept_since }))).toEqual(['live']);
      expect((await catalog.list({ ...FIRST, kept_since: 0 })).total).toBe(5);
    });

    it('finds running sessions by their words, and those that ended or run again', async () => {
      const catalog = await make();
      const total = async (q: string) => (await catalog.list({ ...FIRST, q })).total;
      await catalog.upsert([row('s', { status: 'live' }, 'first'), row('other', {}, 'first and other')]);
      expect(await total('first')).toBe(2);
      await catalog.upsert([row('s', { status: 'live' }, 'second')]);
      expect([await total('first'), await total('second')]).toEqual([1, 1]);
      await catalog.upsert([row('s', { status: 'ended' }, 'third')]);
      expect([await total('second'), await total('third')]).toEqual([0, 1]);
      await catalog.upsert([row('s', { status: 'live' }, 'third again')]);
      expect([await total('third'), await total('again')]).toEqual([1, 1]);
      expect((await catalog.find('s'))?.status).toBe('live');
      await catalog.remove(['s']);
      expect([await total('third'), (await catalog.list(FIRST)).total]).toEqual([0, 1]);
    });

    it('finds many at once, those that are there', async () => {
      const catalog = await make();
      await catalog.upsert(Array.from({ length: 205 }, (_, i) => row(`s${i}`)));
      const ids = Array.from({ length: 210 }, (_, i) => `s${i + 1}`);
      const found = await catalog.findMany(ids);
      expect([found.size, found.get('s7')]).toEqual([204, record('s7')]);
      expect((await catalog.findMany([])).size).toBe(0);
      await catalog.markErased(ids.slice(0, 150), NOW);
      expect(await catalog.erasedOf(ids)).toEqual(new Set(ids.slice(0, 150)));
    });

    it('writes no row of an id that was erased', async () => {
      const catalog = await make();
      await catalog.upsert([row('s', {}, 'words')]);
      await catalog.markErased(['s'], NOW);
      await catalog.remove(['s']);
      for (const status of ['live', 'ended'] as const)
        await catalog.upsert([row('s', { status }, 'words'), row(status)]);
      expect(await catalog.find('s')).toBeNull();
      expect((await catalog.list(FIRST)).total).toBe(2);
      expect((await catalog.list({ ...FIRST, q: 'words' })).total).toBe(0);
    });

    it('keeps a batch once, and answers what stands', async () => {
      const catalog = await make();
      const kept = (seq: number, more: Partial<KeptBatch> = {}, session = 's'): KeptBatch => ({
        batch: batch({ seq, session_key: '' }),
        arrival: arrival(session, { received_at: NOW + 10 - seq }),
        accepted: 2,
        rejected: 0,
        ...more,
      });
      expect(await catalog.keep(kept(1))).toEqual({ accepted: 2, rejected: 0 });
      expect(await catalog.keep(kept(0))).toEqual({ accepted: 2, rejected: 0 });
      expect(await catalog.keep(kept(1, { accepted: 1, rejected: 1 }))).toEqual({ accepted: 2, rejected: 0 });
      await catalog.keep(kept(0, {}, 't'));
      expect(await catalog.kept('s')).toEqual([kept(1), kept(0)]);
      expect(await catalog.kept('s', 1)).toEqual([kept(1)]);
      expect(await catalog.kept('nobody')).toEqual([]);
      expect(await catalog.keptSessions(10)).toEqual(['s', 't']);
      expect(await catalog.keptSessions(1)).toEqual(['s']);
      expect(await catalog.keptSessions(10, 's')).toEqual(['t']);
      expect(await catalog.keptEvents(['s', 'nobody', 't'])).toEqual(new Map(Object.entries({ s: 4, t: 2 })));
      await catalog.removeKept('s', [{ page_id: 'page', seq: 1 }]);
      expect(await catalog.kept('s')).toEqual([kept(0)]);
      expect(await catalog.remove(['s'])).toBe(1);
      expect(await catalog.keptSessions(10)).toEqual(['t']);
      await catalog.markErased(['s'], NOW);
      expect(await catalog.keep(kept(5))).toBeNull();
      expect(await catalog.kept('s')).toEqual([]);
    });

    it('knows what is still to be removed', async () => {
      const catalog = await make();
      const sessions = Array.from({ length: 205 }, (_, i) => ({ session_id: `s${i}`, started_at: NOW - i }));
      await catalog.beginErasing(sessions);
      await catalog.beginErasing(sessions.slice(0, 3));
      expect(await catalog.erasing(2)).toHaveLength(2);
      await catalog.endErasing(sessions.slice(1).map(({ session_id }) => session_id));
      expect(await catalog.erasing(10)).toEqual([sessions[0]]);
    });

    it('names what failed after all else, the longest ago first, until it succeeds', async () => {
      const catalog = await make();
      const ids = ['a', 'b', 'c', 'd'];
      await catalog.beginErasing(ids.map((session_id) => ({ session_id, started_at: NOW })));
      for (const id of ids) await catalog.keep({ batch: batch(), arrival: arrival(id), accepted: 2, rejected: 0 });
      await catalog.postpone(['a', 'c'], NOW + 1);
      await catalog.postpone(['b'], NOW);
      const turns = async (limit: number) => (await catalog.erasing(limit)).map(({ session_id }) => session_id);
      expect([await turns(2), await catalog.keptToMove(2)]).toEqual([
        ['d', 'b'],
        ['d', 'b'],
      ]);
      await catalog.postpone(['b'], NOW + 2);
      expect([(await turns(9)).at(-1), (await catalog.keptToMove(9)).at(-1)]).toEqual(['b', 'b']);
      await catalog.endErasing(['b']);
      expect((await catalog.keptToMove(9)).slice(0, 2)).toEqual(['b', 'd']);
      await catalog.removeKept('a', [{ page_id: 'page', seq: 0 }]);
      expect((await turns(9))[0]).toBe('a');
      // Of a failure it may be the answer alone that was lost: then nothing is left to come after the others.
      await catalog.removeKept('b', [{ page_id: 'page', seq: 0 }]);
      await catalog.postpone(['b'], NOW);
      await catalog.beginErasing([{ session_id: 'b', started_at: NOW }]);
      expect((await turns(9)).slice(0, 2)).toEqual(['a', 'b']);
    });

    it('remembers when an id was erased first', async () => {
      const catalog = await make();
      expect(await catalog.erasedAt('s')).toBeNull();
      await catalog.markErased(['s', 't'], NOW);
      await catalog.markErased(['s'], NOW + 5);
      expect(await catalog.erasedAt('s')).toBe(NOW);
    });

    it('forgets every row at a reset, and no erasure', async () => {
      const catalog = await make();
      await catalog.upsert([row('s', {}, 'words')]);
      await catalog.markErased(['t'], NOW);
      await catalog.markComplete();
      await catalog.reset();
      expect(await catalog.list({ ...FIRST, q: 'words' })).toEqual({ sessions: [], total: 0 });
      expect(await catalog.erasedAt('t')).toBe(NOW);
      expect(await catalog.rebuilding()).toMatchObject({ phase: 'begin' });
      await catalog.upsert([row('s')]);
      expect((await catalog.list(FIRST)).total).toBe(1);
    });

    it('knows how far its rebuilding has come, and takes nothing from one before', async () => {
      const catalog = await make();
      const at = (id: string, phase: Rebuilding['phase'], after = ''): Rebuilding => {
        return { id, phase, after, sessions: 0, unreadable: 1 };
      };
      await catalog.reset(at('first', 'erasures'));
      await catalog.advance(at('first', 'objects', 'a/key'));
      expect(await catalog.rebuilding()).toEqual(at('first', 'objects', 'a/key'));
      await catalog.reset(at('second', 'erasures'));
      for (const late of [at('first', 'running'), at('first', 'done')]) await catalog.advance(late);
      expect(await catalog.rebuilding()).toEqual(at('second', 'erasures'));
      await catalog.advance(at('second', 'done'));
      expect(await catalog.rebuilding()).toBeNull();
      await catalog.advance(at('second', 'objects'));
      expect(await catalog.rebuilding()).toBeNull();
    });

    it('tells of a session what it has, and what it may lack', async () => {
      const catalog = await make();
      const nothing = { erased_at: null, record: null };
      expect(await catalog.known('s')).toEqual({ ...nothing, lacks: 'erasures' });
      const begun: Rebuilding = { id: 'one', phase: 'erasures', after: '', sessions: 0, unreadable: 0 };
      await catalog.reset(begun);
      expect(await catalog.known('s')).toEqual({ ...nothing, lacks: 'erasures' });
      await catalog.advance({ ...begun, phase: 'objects' });
      expect(await catalog.known('s')).toEqual({ ...nothing, lacks: 'sessions' });
      await catalog.markComplete();
      await catalog.upsert([row('s')]);
      await catalog.markErased(['t'], NOW);
      expect(await catalog.known('s')).toEqual({ erased_at: null, record: record('s'), lacks: 'nothing' });
      expect(await catalog.known('t')).toEqual({ erased_at: NOW, record: null, lacks: 'nothing' });
    });

    it('fills in rows, none over one that knows of as many events, and finds all by their words', async () => {
      const catalog = await make();
      const total = async (q: string) => (await catalog.list({ ...FIRST, q })).total;
      await catalog.upsert([
        row('ended', { event_count: 5 }, 'newest'),
        row('back', { event_count: 5 }, 'before'),
        row('over', { event_count: 5, status: 'live' }, 'before'),
      ]);
      await catalog.markErased(['erased'], NOW);
      await catalog.fill([
        row('ended', { event_count: 5, status: 'live' }, 'older'),
        row('back', { event_count: 6, status: 'live' }, 'since'),
        row('over', { event_count: 6 }, 'since'),
        row('new', { event_count: 1 }, 'since'),
        row('erased', { event_count: 1 }, 'since'),
      ]);
      const { sessions } = await catalog.list(FIRST);
      expect(Object.fromEntries(sessions.map(({ session_id, status }) => [session_id, status]))).toEqual({
        ended: 'ended',
        back: 'live',
        over: 'ended',
        new: 'ended',
      });
      expect([await total('newest'), await total('older'), await total('before'), await total('since')]).toEqual([
        1, 0, 0, 3,
      ]);
      await catalog.upsert([row('back', { event_count: 6 }, 'since')]);
      expect([await total('before'), await total('since')]).toEqual([0, 3]);
    });

    it('leaves what is begun and not finished at a reset', async () => {
      const catalog = await make();
      const kept = { batch: batch(), arrival: arrival('s'), accepted: 2, rejected: 0 };
      await catalog.keep(kept);
      await catalog.beginErasing([{ session_id: 't', started_at: NOW }]);
      await catalog.reset();
      expect(await catalog.kept('s')).toEqual([kept]);
      expect(await catalog.erasing(10)).toHaveLength(1);
    });

    it('takes nothing and is content', async () => {
      const catalog = await make();
      await catalog.upsert([]);
      await catalog.markErased([], NOW);
      await expect(catalog.probe()).resolves.toBeUndefined();
    });
  });
}
