// The session list on a million sessions: the API's answer, filtered and sorted too, beside the bare query, and beside the offset that the seed's API would make.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionRecord } from '../src/format/session.ts';
import { MIGRATIONS } from '../src/generated/migrations.ts';
import { SqliteDatabase } from '../src/node/sqlite.ts';
import { MemoryHotStore, MemoryObjectStore } from '../src/server/memory.ts';
import type { CatalogRow } from '../src/server/ports.ts';
import { SqlCatalog } from '../src/server/sql-catalog.ts';
import { AppUnderTest } from '../test/fixtures/app-under-test.ts';
import { NOW, record } from '../test/fixtures/batches.ts';
import { ms, percentile, table } from './statistics.ts';

const SESSIONS = Number(process.env.BENCH_SESSIONS ?? 1_000_000);
const VISITORS = SESSIONS / 5;
const ROUNDS = 200;
const PAGES = ['', 'pricing', 'docs/install', 'blog/launch', 'cart', 'checkout', 'account', 'help'];
const ELEMENTS = ['a#buy', 'button#cta.hero-btn', 'input#search', 'a.nav-link', 'button.add-to-cart'];
const COUNTRIES = ['DE', 'US', 'IN', 'FR', 'GB', 'BR', 'JP', 'IT', 'ES', 'NL'];
const WATCHED = 5000;
/** What a page of a narrowed list may take. */
const NARROWED = '≤ 100';
/** Sessions of the oldest hundredth have seen it, and no others. */
const OLD_PAGE = 'retired';
/** Filters and sorts, each asked as the viewer would. */
const NARROWED_BY: Record<string, string> = {
  'search, a word that every third has': 'q=checkout',
  'search, a word of the oldest hundredth': `q=${OLD_PAGE}`,
  'search, two letters that nothing has': 'q=zq',
  'filter, 1 in 10,000': 'country=IS',
  'filter, 1 in 2': 'device=mobile',
  'filter, any of three': 'signal=rage_click,dead_click,error_click',
  'filter, oldest hundredth only': `page=/${OLD_PAGE}`,
  'two common filters, nothing fits both': 'browser=Safari&os=Android',
  'three common filters, nothing fits all': 'device=mobile&entry_page=/pricing&page=/&min_duration=5000000',
  range: 'min_duration=61000&max_duration=62000',
  'range that just misses most': 'min_duration=3599000&max_duration=3599900',
  unwatched: 'watched=false',
  watched: 'watched=true',
  'watched, by duration': 'watched=true&sort=duration',
  'sort by worth': 'sort=worth',
  'sort by worth, filtered': 'sort=worth&device=mobile&country=DE,US',
  'sort by worth, unwatched': 'sort=worth&watched=false',
  'sort by worth, 1 in 20': 'sort=worth&signal=rage_click',
  'sort by errors, far down': `sort=error_count&cursor=0~${NOW - 500_000_000}~x`,
  'most events first, of the shortest': 'sort=event_count&max_duration=2000',
  'sort by duration, rare': 'sort=duration&country=IS&order=asc',
  'oldest first': 'order=asc&browser=Chrome',
  'one year ago': 'from=2025-02-01&to=2026-01-25&device=desktop',
  'element and text': 'element=a%23buy&q=checkout',
  'everything at once':
    'country=DE,US,IN&device=mobile&browser=Chrome&os=Android&source=direct,google.com&page=/pricing&element=a%23buy&signal=rage_click&identified=false&watched=false&status=ended&min_duration=10000&max_duration=3000000&min_active=5000&min_pages=1&max_pages=9&min_score=5&min_worth=5&q=shop&sort=worth',
};

export async function run(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'silhouette-bench-'));
  const database = new SqliteDatabase(join(folder, 'catalog.db'));
  try {
    const catalog = new SqlCatalog(database, MIGRATIONS);
    await catalog.prepare();
    const began = performance.now();
    for (let i = 0; i < SESSIONS; i += 2000) {
      await catalog.upsert(Array.from({ length: Math.min(2000, SESSIONS - i) }, (_, j) => row(i + j)));
    }
    const filled = performance.now() - began;
    const marks = Array.from({ length: WATCHED }, (_, i) => ({ person: 'owner', session_id: idOf(i * 3) }));
    await catalog.watch(marks);
    const app = new AppUnderTest({ hot: new MemoryHotStore(), objects: new MemoryObjectStore(), catalog });
    app.clock.at = NOW;
    const bare = 'SELECT record FROM session ORDER BY started_at DESC, session_id DESC LIMIT 50 OFFSET ?';
    const cursor = () => `${NOW - Math.floor(Math.random() * SESSIONS) * 1000}~x`;
    const cases: [string, number, string, () => Promise<unknown>][] = [
      ['bare query, first page', ROUNDS, '', () => database.all(bare, [0])],
      ['first page', ROUNDS, '≤ 50', () => ask(app, '')],
      ['one visitor', ROUNDS, '≤ 50', () => ask(app, `?visitor_id=v${Math.floor(Math.random() * VISITORS)}`)],
      ['cursor page, anywhere', ROUNDS, '≤ 50', () => ask(app, `?cursor=${cursor()}`)],
      ['offset, anywhere', ROUNDS, '≤ 300', () => ask(app, `?offset=${Math.floor(Math.random() * (SESSIONS - 50))}`)],
      ['bare query, offset at the end', 10, '', () => database.all(bare, [SESSIONS - 100])],
      ['offset at the end', ROUNDS, '≤ 300', () => ask(app, `?offset=${SESSIONS - 100}`)],
      ['search, a rare word', 50, NARROWED, () => ask(app, `?q=v${Math.floor(Math.random() * VISITORS)}x`)],
    ];
    for (const [name, query] of Object.entries(NARROWED_BY)) {
      cases.push([name, 50, NARROWED, () => ask(app, `?${query}`)]);
    }
    cases.push(['facets of all', 50, NARROWED, () => ask(app, '', 'facets')]);
    cases.push(['facets, filtered', 50, NARROWED, () => ask(app, '?device=mobile&country=DE', 'facets')]);
    const rows = [];
    for (const [name, rounds, bar, work] of cases) {
      const samples = [];
      for (let i = 0; i < rounds; i++) {
        const start = performance.now();
        await work();
        samples.push(performance.now() - start);
      }
      rows.push([name, ms(percentile(samples, 50)), ms(percentile(samples, 99)), bar && `${bar} ms`]);
    }
    const title = `List of ${SESSIONS.toLocaleString('en')} sessions (filled in ${(filled / 1000).toFixed(0)} s)`;
    return table(title, ['request', 'p50', 'p99', 'bar (p99)'], rows);
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ask(app: AppUnderTest, query: string, what = 'sessions'): Promise<void> {
  const { status } = await app.get(`/replay/${what}${query}`);
  if (status !== 200) throw new Error(`the list answered ${status}`);
}

function idOf(i: number): string {
  return (i * 2_654_435_761).toString(16).padStart(32, '0');
}

/** 0 to 1, the same for the same `i` and `of`: what is told of one thing tells nothing of another. */
function chance(i: number, of: number): number {
  let x = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(of + 1, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
}

function row(i: number): CatalogRow {
  const visitor_id = `v${i % VISITORS}x`;
  const isOld = i > SESSIONS * 0.99 && i % 2 === 0;
  const pages = [0, 1, 2].map((n) => `https://shop.example/${PAGES[(i >> n) % PAGES.length]}`);
  if (isOld) pages.push(`https://shop.example/${OLD_PAGE}`);
  const elements = [0, 3].map((n) => ELEMENTS[(i + n) % ELEMENTS.length]!);
  const started_at = NOW - i * 1000;
  const session_id = idOf(i);
  const of = (salt: number) => chance(i, salt);
  const isMobile = of(1) < 0.5;
  const os = isMobile ? (of(2) < 0.6 ? 'Android' : 'iOS') : of(2) < 0.7 ? 'Windows' : 'macOS';
  const browser = os === 'iOS' || (os === 'macOS' && of(3) < 0.5) ? 'Safari' : of(3) < 0.9 ? 'Chrome' : 'Firefox';
  const country = of(4) < 0.0001 ? 'IS' : COUNTRIES[Math.floor(of(4) * of(5) * COUNTRIES.length)]!;
  const duration = Math.round(1000 * 3600 ** of(6));
  const signals: SessionRecord['signals'] = {};
  if (of(7) < 0.05) signals.rage_click = 1;
  if (of(8) < 0.2) signals.dead_click = 2;
  if (of(9) < 0.01) signals.error_click = 1;
  const error_count = of(10) < 0.03 ? 1 : 0;
  const one = record(session_id, {
    visitor_id,
    started_at,
    pages,
    entry_page: pages[0]!,
    exit_page: pages.at(-1)!,
    country,
    device: isMobile ? 'mobile' : 'desktop',
    os,
    browser,
    context: of(11) < 0.4 ? {} : { referrer: of(11) < 0.7 ? 'https://www.google.com/' : 'https://news.example/a' },
    duration,
    ended_at: started_at + duration,
    active_ms: Math.round(duration * of(12)),
    page_count: pages.length,
    event_count: Math.round(2000 * of(13)),
    click_count: Math.round(100 * of(14)),
    error_count,
    engagement_score: Math.floor(100 * of(15)),
    worth: Math.floor(100 * of(16)),
    identity: of(17) < 0.1 ? `user${i}` : null,
    signals,
  });
  const text = [session_id, visitor_id, country.toLowerCase(), ...pages, ...elements];
  return { record: one, search_text: text.join('\n') };
}
