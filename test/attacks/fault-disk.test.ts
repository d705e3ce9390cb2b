// A disk that is full at any byte or page, that loses what was not synced, that is too slow: what the real stores of Node leave on it.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished, vi } from 'vitest';
import { FolderObjectStore } from '../../src/node/folder.ts';
import { SqliteHotStore } from '../../src/node/sqlite-hot-store.ts';
import { StoreUnavailable } from '../../src/server/ports.ts';
import { arrival, batch, NOW } from '../fixtures/batches.ts';
import { temporaryFolder } from '../fixtures/folders.ts';
import { filesBelow } from '../fixtures/server.ts';
import { patchFiles, systemError } from './patched-files.ts';
import { startStores } from './stores-of-node.ts';

const { exec: realExec } = DatabaseSync.prototype;
const KEY = 'sessions/2026/01/02/a/events/1.ndjson.gz';

it('an object for which there is no room after any of its bytes is not there, and is once there is room', async () => {
  const root = temporaryFolder();
  const store = await FolderObjectStore.open(root);
  let room = 0;
  patchFiles({
    write: async (data, write) => {
      await write(data.subarray(0, room));
      if (data.length > room) throw systemError('ENOSPC');
    },
  });
  const bytes = new TextEncoder().encode('an object, whole or not there at all');
  for (; room < bytes.length; room++) {
    const failure = await store.putIfAbsent(KEY, bytes).catch((error: unknown) => error);
    expect([room, failure]).toEqual([room, expect.objectContaining({ name: 'StoreUnavailable', full: true })]);
    expect([await store.get(KEY), filesBelow(root)]).toEqual([null, []]);
  }
  expect(await store.putIfAbsent(KEY, bytes)).toBe(true);
  expect(await store.get(KEY)).toEqual(Buffer.from(bytes));
});

it('a batch for which the hot store has no room after any of its pages is not there, and all before it is', async () => {
  const opened: DatabaseSync[] = [];
  const exec = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, sql) {
    if (!opened.includes(this)) opened.push(this);
    return realExec.call(this, sql);
  });
  onTestFinished(() => void exec.mockRestore());
  const hot = new SqliteHotStore(join(temporaryFolder(), 'hot.db'));
  onTestFinished(() => hot.close());
  const [database] = opened as [DatabaseSync];
  const pages = () => Number(database.prepare('PRAGMA page_count').get()!.page_count);
  const large = (seq: number) =>
    batch({ seq, events: Array.from({ length: 400 }, (_, i) => ({ ...batch().events[0]!, timestamp: NOW - i })) });
  await hot.append(large(0), arrival('s'), { kind: 'new' });
  const before = await hot.tail('s');
  const least = pages();
  let refused = 0;
  for (let most = least; ; most++) {
    database.exec(`PRAGMA max_page_count = ${most}`);
    const answer = await hot.append(large(1), arrival('s')).catch((error: unknown) => error);
    if (!(answer instanceof StoreUnavailable)) break;
    refused++;
    expect([most, answer.full, await hot.tail('s')]).toEqual([most, true, before]);
  }
  expect(refused).toBeGreaterThan(3);
  database.exec('PRAGMA max_page_count = 1000000');
  expect((await hot.tail('s'))?.batches.map(({ seq }) => seq)).toEqual([0, 1]);
  await hot.append(large(2), arrival('s'));
  expect((await hot.tail('s'))?.batches).toHaveLength(3);
});

it('more than may wait for a slow disk is refused at once, and all else is written', async () => {
  const hot = new SqliteHotStore(join(temporaryFolder(), 'hot.db'));
  onTestFinished(() => hot.close());
  const waiting = 10_000;
  const offered = Array.from({ length: waiting + 50 }, (_, seq) =>
    hot.append(batch({ seq }), arrival('s'), { kind: 'new' }).then(
      ({ kind }) => kind,
      (error) => error.name,
    ),
  );
  const answers = await Promise.all(offered);
  expect(answers.slice(0, waiting).every((kind) => kind === 'stored')).toBe(true);
  expect(answers.slice(waiting)).toEqual(Array(50).fill('StoreUnavailable'));
  expect((await hot.tail('s'))?.batches).toHaveLength(waiting);
  expect(await hot.append(batch({ seq: waiting }), arrival('s'))).toMatchObject({ kind: 'stored' });
});

it('a power cut at any moment leaves an object whole or not there, and whole once it was promised', async () => {
  const root = temporaryFolder();
  const store = await FolderObjectStore.open(root);
  /** Of what outlives a cut: bytes of files by their inode, and names. */
  const written = new Map<number, Buffer>();
  const names = new Map<string, number>();
  const known = (path: string) => path === root || names.has(path);
  /** What a reader finds after a cut now: bytes; null: nothing of that name. */
  const afterCut = (path: string): Buffer | null => {
    const above = path
      .slice(root.length + 1)
      .split('/')
      .map((_, i, all) => join(root, ...all.slice(0, i + 1)));
    return above.every(known) ? (written.get(names.get(path)!) ?? Buffer.alloc(0)) : null;
  };
  const path = join(root, KEY);
  const bytes = Buffer.from('an object that was promised');
  const moments: (Buffer | null)[] = [];
  patchFiles({
    synced(at, isFolder) {
      if (!isFolder) written.set(statSync(at).ino, readFileSync(at));
      else for (const name of readdirSync(at)) names.set(join(at, name), statSync(join(at, name)).ino);
      moments.push(afterCut(path));
    },
    async link(_, __, link) {
      await link();
      moments.push(afterCut(path));
    },
  });
  expect(await store.putIfAbsent(KEY, bytes)).toBe(true);
  expect(afterCut(path)).toEqual(bytes);
  expect(moments.length).toBeGreaterThan(6);
  for (const moment of moments) expect([null, bytes]).toContainEqual(moment);
  // One that finds it there does not promise it either before its name is durable.
  names.clear();
  expect(await store.putIfAbsent(KEY, Buffer.from('another'))).toBe(false);
  expect(afterCut(path)).toEqual(bytes);
});

it('what is acknowledged is synced before, in both databases where it may not be made again', async () => {
  const opened = new Map<string, DatabaseSync>();
  const commits: string[] = [];
  const exec = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, sql) {
    const name = this.location()!.split('/').at(-1)!;
    opened.set(name, this);
    const { synchronous } = this.prepare('PRAGMA synchronous').get() as { synchronous: number };
    if (sql === 'COMMIT') commits.push(`${name} ${synchronous}`);
    return realExec.call(this, sql);
  });
  onTestFinished(() => void exec.mockRestore());
  const { t, breakStore } = await startStores();
  expect(opened.get('hot.db')!.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  commits.length = 0;
  await t.record('one');
  expect(commits).toContain('hot.db 2');
  expect(commits).not.toContain('hot.db 1');
  breakStore('hot', false, ['append']);
  const kept = exec.mock.calls.length;
  await t.record('two');
  const said = exec.mock.calls.slice(kept).map(([sql]) => sql);
  expect(said[0]).toBe('PRAGMA synchronous = FULL');
});
