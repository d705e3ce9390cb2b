// How many rows of D1 one page of a list reads, as workerd counts them: as many whatever is asked, and however many sessions there are.
import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { D1SqlDatabase } from '../../src/cloudflare/d1.ts';
import { SIGNALS } from '../../src/format/signal.ts';
import { MIGRATIONS } from '../../src/generated/migrations.ts';
import type { ListFilter } from '../../src/server/list-filter.ts';
import type { CatalogQuery } from '../../src/server/ports.ts';
import { SqlCatalog } from '../../src/server/sql-catalog.ts';
import { NOW, record } from '../fixtures/batches.ts';
import { Meter } from './meter.ts';

/** Twice as many as are looked at. */
const SESSIONS = 20_000;
/** docs/operations.md quotes it. */
const ROWS_MAX = 100_000;

const filter = (choices: ListFilter['choices'], more: Partial<ListFilter> = {}): Partial<CatalogQuery> => {
  return { filter: { choices, ranges: {}, ...more } };
};
const ASKED: Record<string, Partial<CatalogQuery>> = {
  'a common filter': filter({ device: ['mobile'] }),
  'a rare filter': filter({ country: ['IS'] }),
  'filters that nothing fits': filter({ device: ['mobile'], browser: ['Edge'] }),
  'a range that just misses': filter({}, { ranges: { duration: [1021, 1022] } }),
  'what was not watched': filter({}, { watched: false }),
  'what was watched': filter({}, { watched: true }),
  'another order': { sort: 'worth' },
  'another order, far down': { sort: 'worth', after: { value: 3, started_at: NOW - 1e5, session_id: 'x' } },
  'another order, and what it has last': { sort: 'worth', ...filter({}, { ranges: { duration: [1000, 1000] } }) },
  'another order, filtered': { sort: 'duration', ...filter({ device: ['mobile'] }, { watched: false }) },
  'common words': { q: 'checkout' },
  'common words, far down': { q: 'checkout', after: { started_at: NOW - 1e5, session_id: 'x' } },
  'a short word that nobody has': { q: 'zz' },
  'a visitor, and words': { q: 'checkout', visitor_id: 'visitor' },
  'what was watched, by duration': { sort: 'duration', ...filter({}, { watched: true }) },
  'what was watched, and has a word that nothing has': { q: 'zz', ...filter({}, { watched: true }) },
  'filters and words': { q: 'checkout mobile', ...filter({ device: ['mobile'] }) },
  'what nothing fits, and each has to be looked at': {
    q: 'checkout zz',
    ...filter({ signal: ['dead_click'] }, { watched: false, ranges: { duration: [1, 2000] } }),
  },
  'all at once': {
    sort: 'worth',
    q: 'checkout',
    ...filter(
      { device: ['mobile'], browser: ['Chrome'], page: ['/'], signal: [...SIGNALS], source: ['direct'] },
      { watched: false, status: 'ended', from: NOW - 1e9, to: NOW, ranges: { duration: [1, 2000], worth: [1, 99] } },
    ),
  },
};

it('is bounded for every filter and order', { timeout: 240_000 }, async () => {
  await reset();
  const meter = new Meter();
  const catalog = new SqlCatalog(new D1SqlDatabase(meter.bindings(env).DB), MIGRATIONS);
  await catalog.prepare();
  const rowOf = (i: number) => {
    const device = i % 2 ? ('mobile' as const) : ('desktop' as const);
    const browser = i % 2 ? 'Chrome' : 'Edge';
    const more = { started_at: NOW - i * 10, duration: 1000 + (i % 20), worth: i % 90, device, browser };
    const one = record(`s${i}`, { ...more, country: i % 5000 === 0 ? 'IS' : 'DE', signals: { dead_click: 1 } });
    return { record: one, search_text: `checkout\n${device}` };
  };
  for (let i = 0; i < SESSIONS; i += 500) await catalog.upsert(Array.from({ length: 500 }, (_, j) => rowOf(i + j)));
  await catalog.watch(Array.from({ length: 9999 }, (_, i) => ({ person: 'owner', session_id: `s${i}` })));
  const read: Record<string, number> = {};
  for (const [name, query] of Object.entries(ASKED)) {
    const before = meter.d1_rows_read;
    await catalog.list({ limit: 101, offset: 0, kept_since: NOW - 1e9, person: 'owner', ...query });
    read[name] = meter.d1_rows_read - before;
  }
  expect(Object.entries(read).filter(([, rows]) => rows > ROWS_MAX)).toEqual([]);
});
