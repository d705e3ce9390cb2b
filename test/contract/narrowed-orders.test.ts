// That an order by a number is read along its index as a look at each session would have it, and is that of the newest where this would take too long.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SORTS } from '../../src/format/list.ts';
import { MIGRATIONS } from '../../src/generated/migrations.ts';
import { SqliteDatabase } from '../../src/node/sqlite.ts';
import { type ListFilter, MEASURES, matches } from '../../src/server/list-filter.ts';
import type { CatalogQuery, ListPlace } from '../../src/server/ports.ts';
import { SqlCatalog } from '../../src/server/sql-catalog.ts';
import { listNarrowed } from '../../src/server/sql-narrowed.ts';
import { LIMITS } from '../../src/server/sql-plan.ts';
import { NOW, record } from '../fixtures/batches.ts';

const SESSIONS = 400;
const PERSON = 'ann';
const COUNTRIES = ['DE', 'IN', 'US', 'FR'];
const NUMBERS = SORTS.filter((sort) => sort !== 'started_at');

const rows = Array.from({ length: SESSIONS }, (_, i) => {
  const numbers = Object.fromEntries(NUMBERS.map((name, n) => [name, (i * (7 + n)) % (3 + n * 20)]));
  const status = i % 50 === 0 ? ('live' as const) : ('ended' as const);
  // Many start in the same ms.
  const started_at = NOW + Math.floor(i / 9);
  const search_text = i % 3 ? 'checkout' : 'pricing';
  return { record: record(`s${i}`, { ...numbers, status, started_at, country: COUNTRIES[i % 4]! }), search_text };
});
const isWatched = (id: string) => Number(id.slice(1)) % 5 === 0;

const asked = fc.record({
  countries: fc.option(fc.subarray(COUNTRIES, { minLength: 1 }), { nil: undefined, freq: 1 }),
  watched: fc.constantFrom(undefined, true, false),
  few: fc.constantFrom(10, 2000),
  from: fc.constantFrom(undefined, NOW + 10),
  range: fc.option(fc.tuple(fc.constantFrom(...MEASURES), fc.nat(20), fc.nat(60)), { nil: undefined }),
  q: fc.constantFrom(undefined, 'out', 'ou'),
  sort: fc.constantFrom(...SORTS),
  ascending: fc.boolean(),
  limit: fc.integer({ min: 1, max: 60 }),
  read: fc.constantFrom(20, 60, 1000),
  many: fc.constantFrom(20, 100),
});

const database = new SqliteDatabase(':memory:');
beforeAll(async () => {
  const catalog = new SqlCatalog(database, MIGRATIONS);
  await catalog.prepare();
  await catalog.upsert(rows);
  const marked = rows.map(({ record }) => record.session_id).filter(isWatched);
  await catalog.watch(marked.map((session_id) => ({ person: PERSON, session_id })));
});
afterAll(() => database.close());

it('is the same list, in as many pages as it takes', { timeout: 120_000 }, async () => {
  let [ofAll, ofNewest, stops] = [0, 0, 0];
  const property = fc.asyncProperty(asked, async ({ countries, watched, from, range, read, few, many, ...order }) => {
    const ranges = range ? { [range[0]]: [range[1], range[1] + range[2]] } : {};
    const filter = { choices: countries ? { country: countries } : {}, ranges, watched, from } as ListFilter;
    const number = ({ record }: (typeof rows)[number]) => record[order.sort];
    const wanted = rows
      .filter(
        (row) => matches(row, filter, isWatched(row.record.session_id)) && row.search_text.includes(order.q ?? ''),
      )
      .sort((a, b) => number(a) - number(b) || (isBefore(a.record, b.record) ? -1 : 1))
      .map(({ record }) => record.session_id);
    if (!order.ascending) wanted.reverse();
    const found: string[] = [];
    let after: ListPlace | undefined;
    for (let pages = 0; ; pages++) {
      expect(pages).toBeLessThan(1000);
      const query = { ...order, offset: 0, filter, person: PERSON, ...(after && { after }) } as CatalogQuery;
      const page = await listNarrowed(database, query, { ...LIMITS, many, read, few });
      found.push(...page.rows.map((row) => row.record.session_id));
      const of_newest = page.sortedOf !== null;
      if (of_newest) ofNewest++;
      else ofAll++;
      if (page.stopped) stops++;
      const last = page.rows.at(-1)?.record;
      if (last && page.rows.length === order.limit) after = { ...last, value: last[order.sort], of_newest };
      else if (page.stopped) after = page.stopped;
      else break;
    }
    expect(found).toEqual(wanted);
  });
  await fc.assert(property, { numRuns: 150 });
  for (const times of [ofAll, ofNewest, stops]) expect(times).toBeGreaterThan(10);
});

function isBefore(a: { started_at: number; session_id: string }, b: typeof a): boolean {
  return a.started_at === b.started_at ? a.session_id < b.session_id : a.started_at < b.started_at;
}
