// What every Catalog must do. A new adapter runs it with a factory.
import { describe, expect, it } from 'vitest';
import type { Catalog, CatalogRow } from '../../src/server/ports.ts';
import { NOW, record } from '../fixtures/batches.ts';

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
      expect(await catalog.complete()).toBe(false);
      await catalog.markComplete();
      expect(await catalog.complete()).toBe(true);
    });

    it('finds what was put in, and replaces it by its id', async () => {
      const catalog = await make();
      await catalog.upsert([row('s', { status: 'live', event_count: 1 }), row('t')]);
      await catalog.upsert([row('s', { event_count: 9, pages: ['https://shop.example/9'] })]);
      expect(await catalog.find('s')).toEqual(record('s', { event_count: 9, pages: ['https://shop.example/9'] }));
      const { total, sessions } = await catalog.list(FIRST);
      expect(total).toBe(2);
      const { pages: _, ...summary } = record('s', { event_count: 9 });
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
      expect((await catalog.endedBefore(1000)).sort()).toEqual(['imported', 'live', 'older']);
    });

    it('remembers when an id was erased first', async () => {
      const catalog = await make();
      expect(await catalog.erasedAt('s')).toBeNull();
      await catalog.markErased(['s', 't'], NOW);
      await catalog.markErased(['s'], NOW + 5);
      expect(await catalog.erasedAt('s')).toBe(NOW);
    });

    it('forgets everything at a reset', async () => {
      const catalog = await make();
      await catalog.upsert([row('s', {}, 'words')]);
      await catalog.markErased(['t'], NOW);
      await catalog.markComplete();
      await catalog.reset();
      expect(await catalog.list({ ...FIRST, q: 'words' })).toEqual({ sessions: [], total: 0 });
      expect(await catalog.erasedAt('t')).toBeNull();
      expect(await catalog.complete()).toBe(false);
      await catalog.upsert([row('s')]);
      expect((await catalog.list(FIRST)).total).toBe(1);
    });

    it('takes nothing and is content', async () => {
      const catalog = await make();
      await catalog.upsert([]);
      await catalog.markErased([], NOW);
      await expect(catalog.probe()).resolves.toBeUndefined();
    });
  });
}
