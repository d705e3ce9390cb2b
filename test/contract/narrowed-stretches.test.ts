// That a list whose facets would take long to intersect is read in stretches, or by what is rare in it, and is the same list.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/generated/migrations.ts';
import { SqliteDatabase } from '../../src/node/sqlite.ts';
import { type ListFilter, matches } from '../../src/server/list-filter.ts';
import type { CatalogQuery, ListPlace } from '../../src/server/ports.ts';
import { SqlCatalog } from '../../src/server/sql-catalog.ts';
import { listNarrowed } from '../../src/server/sql-narrowed.ts';
import { LIMITS, type Limits } from '../../src/server/sql-plan.ts';
import { NOW, record } from '../fixtures/batches.ts';

const SESSIONS = 400;
const DEVICES = ['mobile', 'desktop', 'tablet'] as const;
const COUNTRIES = ['DE', 'IN', 'US', 'FR'];

const rows = Array.from({ length: SESSIONS }, (_, i) => {
  const more = { device: DEVICES[i % 3]!, country: COUNTRIES[i % 4]!, worth: (i * 37) % 100, duration: (i * i) % 9000 };
  const status = i % 50 === 0 ? ('live' as const) : ('ended' as const);
  // Some start in the same ms, and for a long time none.
  const started_at = NOW + Math.floor(i / 4) + (i > 300 ? 5_000_000 : 0);
  return { record: record(`s${i}`, { ...more, status, started_at }), search_text: 'words' };
});

const asked = fc.record({
  devices: fc.subarray([...DEVICES], { minLength: 1 }),
  countries: fc.subarray(COUNTRIES, { minLength: 1 }),
  worth: fc.tuple(fc.nat(50), fc.nat(60)).map(([min, more]): [number, number] => [min, min + more]),
  duration: fc.constantFrom<[number, number]>([0, 9000], [1, Number.MAX_SAFE_INTEGER], [8900, 9000]),
  ascending: fc.boolean(),
  limit: fc.integer({ min: 1, max: 40 }),
  rare: fc.constantFrom(0, 5, 150),
  work: fc.constantFrom(0.5, 5, 30),
});

it('is the same list, in as many pages as it takes', { timeout: 120_000 }, async () => {
  const database = new SqliteDatabase(':memory:');
  const catalog = new SqlCatalog(database, MIGRATIONS);
  await catalog.prepare();
  await catalog.upsert(rows);
  let stops = 0;
  const property = fc.asyncProperty(asked, async ({ devices, countries, worth, duration, rare, work, ...order }) => {
    const filter: ListFilter = { choices: { device: devices, country: countries }, ranges: { worth, duration } };
    const limits: Limits = { ...LIMITS, rare, work };
    const fits = rows.map((row) => row.record).filter((one, i) => matches({ ...rows[i]!, record: one }, filter, false));
    const wanted = fits.sort((a, b) => a.started_at - b.started_at || (a.session_id < b.session_id ? -1 : 1));
    if (!order.ascending) wanted.reverse();
    const found: string[] = [];
    let after: ListPlace | undefined;
    for (let pages = 0; ; pages++) {
      expect(pages).toBeLessThan(5000);
      const query: CatalogQuery = { ...order, offset: 0, filter, ...(after && { after }) };
      const page = await listNarrowed(database, query, limits);
      found.push(...page.rows.map((row) => row.record.session_id));
      expect(page.isFloor || page.total === wanted.length).toBe(true);
      expect(page.total).toBeLessThanOrEqual(wanted.length);
      if (page.rows.length === order.limit) after = page.rows.at(-1)!.record;
      else if (page.stopped) after = page.stopped;
      else break;
      if (page.stopped) stops++;
    }
    expect(found).toEqual(wanted.map(({ session_id }) => session_id));
  });
  await fc.assert(property, { numRuns: 60 });
  expect(stops).toBeGreaterThan(0);
  database.close();
});
