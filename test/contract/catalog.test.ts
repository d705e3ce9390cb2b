// The catalog's contract on SQLite in memory and in a file, and what becomes of a file that is damaged.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MIGRATIONS } from '../../src/generated/migrations.ts';
import { SqliteDatabase } from '../../src/node/sqlite.ts';
import { StoreUnavailable } from '../../src/server/ports.ts';
import { SqlCatalog } from '../../src/server/sql-catalog.ts';
import { NOW, record } from '../fixtures/batches.ts';
import { temporaryFolder } from '../fixtures/folders.ts';
import { catalogSuite } from './catalog.suite.ts';
import { narrowedSuite } from './narrowed.suite.ts';

catalogSuite('SQLite in memory', () => open(':memory:'));
narrowedSuite('SQLite', () => open(':memory:'));
catalogSuite('SQLite in a file', () => open(join(temporaryFolder(), 'catalog.db')));

describe('SqlCatalog on SQLite', () => {
  it('finds its rows in the file again', async () => {
    const path = join(temporaryFolder(), 'catalog.db');
    const database = new SqliteDatabase(path);
    const catalog = new SqlCatalog(database, MIGRATIONS);
    await catalog.prepare();
    await catalog.upsert([{ record: record('s'), search_text: 'words' }]);
    await catalog.markComplete();
    database.close();
    const again = await open(path);
    expect(await again.find('s')).toEqual(record('s'));
    expect(await again.rebuilding()).toBeNull();
  });

  it('knows of a row that makes no sense what the columns beside it tell, and of all others everything', async () => {
    const database = new SqliteDatabase(':memory:');
    const catalog = new SqlCatalog(database, MIGRATIONS);
    await catalog.prepare();
    await catalog.upsert(['a', 'b', 'c'].map((id) => ({ record: record(id), search_text: id })));
    for (const nonsense of ['', '{', 'null', '[]', '{"session_id":"b"}', '{"session_id":"b","started_at":"<b>"}']) {
      await database.run({ sql: "UPDATE session SET record = ? WHERE session_id = 'b'", params: [nonsense] });
      const { sessions, total } = await catalog.list({ limit: 10, offset: 0 });
      expect([total, sessions.map(({ session_id }) => session_id)]).toEqual([3, ['c', 'b', 'a']]);
      const { visitor_id, started_at, ended_at, status } = record('b');
      const told = { session_id: 'b', visitor_id, started_at, ended_at, status, event_count: 0, pages: [] };
      expect(await catalog.find('b')).toMatchObject(told);
      expect((await catalog.known('b')).record).toMatchObject(told);
      expect((await catalog.expired(Number.MAX_SAFE_INTEGER, 10)).map(({ session_id }) => session_id)).toContain('b');
      expect(await catalog.find('a')).toEqual(record('a'));
    }
    await database.run({ sql: "UPDATE session SET started_at = '<b>' WHERE session_id = 'b'", params: [] });
    expect((await catalog.list({ limit: 10, offset: 0 })).sessions).toHaveLength(2);
    expect((await catalog.known('nobody')).record).toBeNull();
    database.close();
  });

  it('counts no more than 10,000 that have a word, and lists the newest of them, page after page', async () => {
    const catalog = await open(':memory:');
    const words = (i: number) => `checkout ${i < 60 ? 'newest' : 'older'}`;
    const row = (i: number) => ({ record: record(`s${i}`, { started_at: NOW - i }), search_text: words(i) });
    await catalog.upsert(Array.from({ length: 10_050 }, (_, i) => row(i)));
    await catalog.upsert([
      { record: record('live', { status: 'live', started_at: NOW - 3 }), search_text: 'checkout' },
    ]);
    const query = { limit: 50, offset: 0, q: 'checkout' };
    const first = await catalog.list(query);
    expect([first.total, first.isFloor]).toEqual([10_000, true]);
    expect(first.sessions.map(({ started_at }) => NOW - started_at)).toEqual([
      0,
      1,
      2,
      3,
      ...Array.from({ length: 46 }, (_, i) => i + 3),
    ]);
    const second = await catalog.list({ ...query, after: first.sessions[49]! });
    expect(second.sessions.map(({ session_id }) => session_id)).toEqual(
      Array.from({ length: 50 }, (_, i) => `s${i + 49}`),
    );
    const older = await catalog.list({ ...query, q: 'check older' });
    expect([older.total, older.isFloor, older.sessions[0]?.session_id]).toEqual([9990, undefined, 's60']);
    // Two letters: what has them is found by looking.
    const rare = await catalog.list({ ...query, q: 'ew' });
    expect([rare.total, rare.isFloor, rare.sessions.length]).toEqual([60, true, 50]);
  });

  it('leaves no word of a removed session in the file, nor of what its row said before', async () => {
    const path = join(temporaryFolder(), 'catalog.db');
    const database = new SqliteDatabase(path);
    const catalog = new SqlCatalog(database, MIGRATIONS);
    await catalog.prepare();
    expect(await catalog.purge()).toBe(false);
    const row = (id: string, words: string) => ({ record: record(id), search_text: words });
    for (let i = 0; i < 300; i++) await catalog.upsert([row(`kept${i}`, `pages ${i} of many`)]);
    await catalog.upsert([row('gone', 'qjx')]);
    await catalog.upsert([row('gone', 'zwq')]);
    await catalog.upsert([row('kept', 'some other words')]);
    const found = () => {
      database.checkpoint();
      return ['qjx', 'zwq'].filter((word) => readFileSync(path).includes(word));
    };
    expect(found()).toContain('zwq');
    await catalog.remove(['gone']);
    let steps = 0;
    while (await catalog.purge()) steps++;
    expect(steps).toBeGreaterThan(0);
    expect(found()).toEqual([]);
    expect(await catalog.purge()).toBe(false);
    expect((await catalog.list({ limit: 1, offset: 0, q: 'many' })).total).toBe(300);
    await catalog.remove(['kept']);
    expect(await catalog.purge()).toBe(true);
    database.close();
  });

  it('leaves no word either where another process removes while one purges', async () => {
    const path = join(temporaryFolder(), 'catalog.db');
    const database = new SqliteDatabase(path);
    onTestFinished(() => database.close());
    const [one, other] = [new SqlCatalog(database, MIGRATIONS), new SqlCatalog(database, MIGRATIONS)];
    await one.prepare();
    // So many that the index does not clean up by itself.
    const kept = Array.from({ length: 300 }, (_, i) => ({ record: record(`kept${i}`), search_text: `kept ${i}` }));
    await one.upsert(kept);
    for (const word of ['qjx', 'zwq']) await one.upsert([{ record: record(word), search_text: word }]);
    await one.remove(['qjx']);
    expect(await one.purge()).toBe(true);
    await other.remove(['zwq']);
    while (await one.purge());
    database.checkpoint();
    expect(['qjx', 'zwq', 'kept'].filter((word) => readFileSync(path).includes(word))).toEqual(['kept']);
  });

  it('refuses a file that a newer version made', async () => {
    const path = join(temporaryFolder(), 'catalog.db');
    const database = new SqliteDatabase(path);
    await new SqlCatalog(database, [...MIGRATIONS, 'CREATE TABLE future (x);']).prepare();
    database.close();
    await expect(open(path)).rejects.toThrow('newer version');
  });

  it.each(['session', 'session_words', 'erased', 'catalog_state'])(
    'is not complete where the table %s is missing, and whole again after a reset',
    async (table) => {
      const path = join(temporaryFolder(), 'catalog.db');
      const database = new SqliteDatabase(path);
      const catalog = new SqlCatalog(database, MIGRATIONS);
      await catalog.prepare();
      await catalog.upsert([{ record: record('s'), search_text: 'words' }]);
      await catalog.markComplete();
      await database.batch([{ sql: `DROP TABLE ${table}`, params: [] }]);
      database.close();
      const again = await open(path);
      expect(await again.rebuilding()).toMatchObject({ phase: 'begin' });
      await again.reset();
      expect(await again.list({ limit: 1, offset: 0 })).toEqual({ sessions: [], total: 0 });
      await again.upsert([{ record: record('s'), search_text: 'words' }]);
      expect((await again.list({ limit: 1, offset: 0, q: 'words' })).total).toBe(1);
    },
  );

  it('makes its tables again over those that another process has filled meanwhile', async () => {
    const path = join(temporaryFolder(), 'catalog.db');
    const database = new SqliteDatabase(path);
    onTestFinished(() => database.close());
    const catalog = new SqlCatalog(database, MIGRATIONS);
    await catalog.prepare();
    await catalog.upsert([{ record: record('s'), search_text: 'words' }]);
    await catalog.markComplete();
    // What the slower of two finds: nothing yet, while all of it is there when it writes.
    const blind = Object.create(database, { all: { value: async () => [] } });
    await new SqlCatalog(blind, MIGRATIONS).prepare();
    expect((await catalog.list({ limit: 1, offset: 0, q: 'words' })).total).toBe(1);
  });

  it('brings the tables of the first version up to date, and has its index made anew', async () => {
    const path = join(temporaryFolder(), 'catalog.db');
    const database = new SqliteDatabase(path);
    const first = new SqlCatalog(database, MIGRATIONS.slice(0, 1));
    await first.prepare();
    // As that version wrote a session that ended, and a running one.
    const write = `INSERT INTO session (session_id, visitor_id, started_at, kept_from, ended_at, status, words, record)
VALUES (?, 'visitor', ?, ?, ?, ?, 'words', ?)`;
    for (const [id, status] of [
      ['s', 'ended'],
      ['t', 'live'],
    ] as const) {
      const params = [id, NOW, NOW, NOW, status, JSON.stringify(record(id, { status }))];
      await database.batch([{ sql: write, params }]);
    }
    await database.batch([
      { sql: 'INSERT INTO session_words (rowid, words) SELECT id, words FROM session', params: [] },
    ]);
    await first.markComplete();
    database.close();
    const again = await open(path);
    expect(await again.rebuilding()).toMatchObject({ phase: 'begin' });
    expect((await again.list({ limit: 9, offset: 0, q: 'words' })).total).toBe(2);
    expect(await again.keptSessions(1)).toEqual([]);
  });

  it('begins anew where the file is damaged, and knows that it is not complete', async () => {
    const path = join(temporaryFolder(), 'catalog.db');
    writeFileSync(path, 'this is no database at all, though it is longer than the header of one would be'.repeat(99));
    const catalog = await open(path);
    expect(await catalog.rebuilding()).toMatchObject({ phase: 'begin' });
    await catalog.upsert([{ record: record('s'), search_text: 'words' }]);
    expect(await catalog.find('s')).not.toBeNull();
  });
});

describe('SqliteDatabase', () => {
  it('gives way to an empty file, and says so, where damage shows while it runs', async () => {
    const path = join(temporaryFolder(), 'catalog.db');
    const before = new SqliteDatabase(path);
    const filled = new SqlCatalog(before, MIGRATIONS);
    await filled.prepare();
    const rows = Array.from({ length: 500 }, (_, i) => ({ record: record(`s${i}`), search_text: `words ${i}` }));
    await filled.upsert(rows);
    await filled.markComplete();
    before.close();
    const bytes = readFileSync(path);
    // The schema stays readable; everything in the tables is not.
    bytes.fill(0xaa, 30 * 4096);
    writeFileSync(path, bytes);

    let lost = 0;
    const database = new SqliteDatabase(path, () => lost++);
    onTestFinished(() => database.close());
    const catalog = new SqlCatalog(database, MIGRATIONS);
    await catalog.prepare();
    await expect(catalog.list({ limit: 100, offset: 0 })).rejects.toThrow(StoreUnavailable);
    expect(lost).toBe(1);
    await catalog.prepare();
    expect(await catalog.rebuilding()).toMatchObject({ phase: 'begin' });
    await catalog.upsert(rows);
    expect((await catalog.list({ limit: 100, offset: 0 })).total).toBe(500);
    expect(lost).toBe(1);
  });
});

async function open(path: string): Promise<SqlCatalog> {
  const database = new SqliteDatabase(path);
  onTestFinished(() => database.close());
  const catalog = new SqlCatalog(database, MIGRATIONS);
  await catalog.prepare();
  return catalog;
}
