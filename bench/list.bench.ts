// The session list on a million sessions: the API's answer beside the bare query, and beside the offset that the seed's API would make.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
      ['search, a rare word', 50, '', () => ask(app, `?q=v${Math.floor(Math.random() * VISITORS)}x`)],
      ['search, a word of every eighth', 10, '', () => ask(app, '?q=checkout')],
    ];
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

async function ask(app: AppUnderTest, query: string): Promise<void> {
  const { status } = await app.get(`/replay/sessions${query}`);
  if (status !== 200) throw new Error(`the list answered ${status}`);
}

function row(i: number): CatalogRow {
  const visitor_id = `v${i % VISITORS}x`;
  const pages = [0, 1, 2].map((n) => `https://shop.example/${PAGES[(i >> n) % PAGES.length]}`);
  const elements = [0, 3].map((n) => ELEMENTS[(i + n) % ELEMENTS.length]!);
  const started_at = NOW - i * 1000;
  const session_id = (i * 2_654_435_761).toString(16).padStart(32, '0');
  const one = record(session_id, { visitor_id, started_at, pages, entry_page: pages[0]!, exit_page: pages[2]! });
  return { record: one, search_text: [session_id, visitor_id, 'in', ...pages, ...elements].join('\n') };
}
