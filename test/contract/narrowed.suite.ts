// That every Catalog narrows and orders its list as a look at each session would. Run on SQLite and D1 with a factory.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SORTS, type Sort } from '../../src/format/list.ts';
import { SIGNALS } from '../../src/format/signal.ts';
import { type ListFilter, MEASURES, matches } from '../../src/server/list-filter.ts';
import type { Catalog, CatalogQuery, CatalogRow, ListPlace } from '../../src/server/ports.ts';
import { NOW, record } from '../fixtures/batches.ts';

const PERSON = 'ann';
const COUNTRIES = ['IN', 'DE', null];
const PAGES = ['https://shop.example/', 'https://shop.example/Pay', 'https://other.example/'];
const ELEMENTS = ['BUTTON#pay', 'A.link', 'DIV'];
const REFERRERS = ['https://www.search.example/?q=x', 'https://shop.example/x', undefined];

const row = fc
  .record({
    start: fc.nat(12),
    live: fc.boolean(),
    country: fc.constantFrom(...COUNTRIES),
    device: fc.constantFrom('mobile' as const, 'desktop' as const, null),
    pages: fc.uniqueArray(fc.constantFrom(...PAGES), { minLength: 1 }),
    elements: fc.subarray(ELEMENTS),
    errors: fc.subarray(['TypeError', 'Error']),
    signal: fc.option(fc.constantFrom(...SIGNALS), { nil: undefined }),
    referrer: fc.constantFrom(...REFERRERS),
    identity: fc.constantFrom('customer', null),
    numbers: fc.array(fc.nat(40), { minLength: 9, maxLength: 9 }),
    watched: fc.boolean(),
    // Rows of earlier versions have the lower case only.
    written: fc.boolean(),
  })
  .map((one) => ({ ...one, id: '' }));

const rowOf = (one: typeof row extends fc.Arbitrary<infer T> ? T : never, id: string): CatalogRow => {
  const [duration, active_ms, engagement_score, worth, event_count, click_count] = one.numbers as [number, ...number[]];
  const made = record(id, {
    started_at: NOW + one.start,
    status: one.live ? 'live' : 'ended',
    country: one.country,
    device: one.device,
    pages: one.pages,
    page_count: one.pages.length,
    entry_page: one.pages[0]!,
    error_count: one.errors.length,
    signals: one.signal ? { [one.signal]: 1 } : {},
    context: one.referrer ? { referrer: one.referrer } : {},
    identity: one.identity,
    duration,
    active_ms: active_ms!,
    engagement_score: engagement_score!,
    worth: worth!,
    event_count: event_count!,
    click_count: click_count!,
  });
  const words = [id, ...one.pages.map((page) => page.replace('https://', '')), ...one.elements];
  const errors = one.errors.map((error) => `error ${error}`);
  const text = [...words, ...errors].join('\n');
  return { record: made, search_text: one.written ? text : text.toLowerCase() };
};

const some = <T>(...values: T[]) => fc.subarray(values, { minLength: 1, maxLength: 2 });
const range = fc.tuple(fc.nat(30), fc.nat(30)).map(([min, more]): [number, number] => [min, min + more]);
const choices = fc.record(
  {
    entry_page: some('/pay', 'https://shop.example/'),
    page: some('/', '/PAY', 'https://other.example/'),
    country: some('in', 'DE'),
    device: some('mobile', 'desktop', 'tablet'),
    browser: some('firefox', 'chrome'),
    source: some('direct', 'search.example'),
    element: some('BUTTON#pay', 'div'),
    error: some('any', 'TypeError'),
    signal: some<string>(...SIGNALS),
  },
  { requiredKeys: [] },
);
const filter: fc.Arbitrary<ListFilter> = fc.record(
  {
    choices,
    ranges: fc.record(Object.fromEntries(MEASURES.map((measure) => [measure, range])), { requiredKeys: [] }),
    status: fc.constantFrom('live' as const, 'ended' as const),
    identified: fc.boolean(),
    watched: fc.boolean(),
    from: fc.nat(8).map((ms) => NOW + ms),
    to: fc.nat(12).map((ms) => NOW + ms),
  },
  { requiredKeys: ['choices', 'ranges'] },
);

export function narrowedSuite(name: string, make: () => Promise<Catalog>): void {
  const idsOf = (rows: { session_id: string }[]) => rows.map(({ session_id }) => session_id);
  const read = async (catalog: Catalog, query: Omit<CatalogQuery, 'offset'>): Promise<string[]> => {
    const ids: string[] = [];
    let after: ListPlace | undefined;
    for (let pages = 0; pages < 100; pages++) {
      const { sessions, stopped } = await catalog.list({ ...query, offset: 0, ...(after && { after }) });
      ids.push(...idsOf(sessions));
      const last = sessions.at(-1);
      if (last && sessions.length === query.limit) after = { ...last, value: last[query.sort ?? 'started_at'] };
      else if (stopped) after = stopped;
      else return ids;
    }
    throw new Error('the list has no end');
  };

  describe(`a narrowed list: ${name}`, () => {
    it('holds what fits, once, in its order, and counts it', { timeout: 120_000 }, async () => {
      const asked = fc.record({
        rows: fc.array(row, { minLength: 1, maxLength: 25 }),
        filters: fc.array(filter, { minLength: 6, maxLength: 6 }),
        sort: fc.constantFrom<Sort>(...SORTS),
        ascending: fc.boolean(),
        q: fc.constantFrom(undefined, 'pay', 'shop pay', 'lin', 'p', 'button error', 't'),
        visitor_id: fc.constantFrom(undefined, undefined, 'visitor', 'nobody'),
        limit: fc.integer({ min: 1, max: 7 }),
      });
      const property = fc.asyncProperty(asked, async ({ rows, filters, q, visitor_id, ...order }) => {
        const catalog = await make();
        const given = rows.map((one, i) => rowOf(one, `s${i}`));
        const watched = new Set(rows.flatMap((one, i) => (one.watched ? [`s${i}`] : [])));
        await catalog.upsert(given);
        await catalog.watch([...watched].map((session_id) => ({ person: PERSON, session_id })));
        await catalog.watch([{ person: 'bob', session_id: 's0' }]);
        for (const one of filters) {
          const more = { ...(q !== undefined && { q }), ...(visitor_id !== undefined && { visitor_id }) };
          const query = { ...order, ...more, filter: one, person: PERSON };
          const value = ({ record }: CatalogRow) => record[order.sort];
          const fitting = given
            .filter((each) => matches(each, one, watched.has(each.record.session_id)))
            .filter(({ record }) => visitor_id === undefined || record.visitor_id === visitor_id)
            .filter(({ search_text }) => (q ?? '').split(' ').every((word) => search_text.toLowerCase().includes(word)))
            .sort((a, b) => value(a) - value(b) || compare(a.record, b.record));
          if (!order.ascending) fitting.reverse();
          const ids = fitting.map(({ record }) => record.session_id);
          expect(await read(catalog, query)).toEqual(ids);
          const page = await catalog.list({ ...query, offset: 2 });
          expect([page.total, idsOf(page.sessions)]).toEqual([ids.length, ids.slice(2, 2 + order.limit)]);
          const { rows: newest, isAll } = await catalog.newest({
            ...query,
            sort: 'started_at',
            ascending: false,
            offset: 0,
          });
          expect([newest.length, isAll]).toEqual([Math.min(order.limit, ids.length), ids.length <= order.limit]);
        }
      });
      await fc.assert(property, { numRuns: Number(process.env.NARROWED_RUNS ?? 25) });
    });

    it('finds what is kept as it was written, and what an earlier version kept in lower case, alike', async () => {
      const catalog = await make();
      const text = 'shop.example/\nBUTTON#payNow\nerror TypeError';
      await catalog.upsert([
        { record: record('new'), search_text: text },
        { record: record('old'), search_text: text.toLowerCase() },
        { record: record('running', { status: 'live' }), search_text: text },
      ]);
      const filter = { choices: { element: ['BUTTON#payNow'] }, ranges: {} };
      for (const q of ['payNow', 'BUTTON#pay', 'error typeerror', 'yN', 'pe sh']) {
        for (const more of [{}, { filter }, { sort: 'worth' as const }]) {
          const { sessions } = await catalog.list({ limit: 9, offset: 0, q, ...more });
          expect([q, idsOf(sessions).sort()]).toEqual([q, ['new', 'old', 'running']]);
        }
      }
    });

    it('finds a session by what it is now, and not once it is gone', async () => {
      const catalog = await make();
      const at = (more: object) => ({ record: record('s', more), search_text: 's' });
      const inList = async (country: string) =>
        idsOf(
          (await catalog.list({ limit: 9, offset: 0, filter: { choices: { country: [country] }, ranges: {} } }))
            .sessions,
        );
      await catalog.upsert([at({ country: 'IN' })]);
      await catalog.upsert([at({ country: 'DE', event_count: 3 })]);
      expect([await inList('IN'), await inList('DE')]).toEqual([[], ['s']]);
      // What is put together beside it knows less.
      await catalog.fill([at({ country: 'FR', event_count: 1 })]);
      expect([await inList('FR'), await inList('DE')]).toEqual([[], ['s']]);
      await catalog.fill([at({ country: 'FR', event_count: 9 })]);
      expect([await inList('FR'), await inList('DE')]).toEqual([['s'], []]);
      await catalog.upsert([at({ country: 'NL', status: 'live' })]);
      expect([await inList('FR'), await inList('NL')]).toEqual([[], ['s']]);
      await catalog.upsert([at({ country: 'NL' })]);
      await catalog.remove(['s']);
      expect(await inList('NL')).toEqual([]);
    });

    it('keeps marks by person, each once, until they are taken away', async () => {
      const catalog = await make();
      const mark = { person: PERSON, session_id: 's' };
      await catalog.watch([mark, mark, { person: 'bob', session_id: 's' }]);
      expect(await catalog.watchedOf(PERSON, ['s', 't'])).toEqual(new Set(['s']));
      expect(await catalog.marksOf(['s'])).toHaveLength(2);
      await catalog.unwatch([mark, mark]);
      expect(await catalog.marksOf(['s'])).toEqual([{ person: 'bob', session_id: 's' }]);
    });

    it('loses and doubles none of more than a page that began in one ms, and of old and far ones', async () => {
      const catalog = await make();
      const times = [NOW, NOW, NOW, NOW - 1, NOW + 1, -5, -5, -6, 0, 8e15, 8e15, -8e15];
      const rows = times.map((started_at, i) => ({ record: record(`s${i}`, { started_at }), search_text: '' }));
      // One after the other, so that their places are not in the order of their ids.
      for (const one of rows.toReversed()) await catalog.upsert([one]);
      await catalog.upsert(Array.from({ length: 200 }, (_, i) => ({ record: record(`t${i}`), search_text: '' })));
      for (const ascending of [true, false]) {
        const ids = await read(catalog, { limit: 3, ascending, filter: { choices: { country: ['in'] }, ranges: {} } });
        expect(new Set(ids).size).toBe(212);
        expect(ids.length).toBe(212);
      }
    });
  });
}

function compare(a: { started_at: number; session_id: string }, b: typeof a): number {
  return a.started_at - b.started_at || (a.session_id < b.session_id ? -1 : 1);
}
