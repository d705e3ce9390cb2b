// Data directories that a server cannot use: made by a newer version, read-only, another's, half of them something else. Each is refused in one line and left as it is.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { environment, filesBelow, ROOT, startServer } from '../fixtures/server.ts';
import { Visitor } from '../fixtures/visitor.ts';

const NOBODY = 65_534;

let made = '';
beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'silhouette-'));
  const ends: (() => Promise<void>)[] = [];
  const server = await startServer(join(made, 'data'), {}, (end) => ends.push(end));
  expect((await new Visitor(() => server.origin).send()).status).toBe(202);
  await server.stop();
  for (const end of ends) await end();
});
afterAll(() => rmSync(made, { recursive: true, force: true }));

/** A directory that a server has used, for one test alone. */
function used(): string {
  const folder = join(temporaryFolder(), 'data');
  cpSync(join(made, 'data'), folder, { recursive: true });
  return folder;
}

function state(folder: string): string[] {
  const isLog = (path: string) => /-(wal|shm)$/.test(path);
  const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  return filesBelow(folder).flatMap((path) => (isLog(path) ? [] : [`${path} ${hash(path)}`]));
}

async function expectRefused(dataDir: string, sentence: RegExp, uid?: number): Promise<void> {
  const server = join(ROOT, 'dist/server.mjs');
  const env = environment({ PORT: '0', DATA_DIR: dataDir });
  const child = spawn(process.execPath, [server], { env, ...(uid === undefined ? {} : { uid, gid: uid }) });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (said.stdout += text));
  child.stderr.on('data', (text) => (said.stderr += text));
  const ended = once(child, 'close');
  // One that starts nevertheless says so.
  child.stdout.once('data', () => child.kill('SIGKILL'));
  const [code] = await ended;
  expect([code, said.stdout, said.stderr]).toEqual([1, '', expect.stringMatching(sentence)]);
  expect(said.stderr.trimEnd().split('\n')).toHaveLength(1);
}

it.each([
  ['hot.db', 'PRAGMA user_version = 99'],
  ['catalog.db', 'INSERT INTO migration VALUES (99)'],
])('a %s of a newer version is refused and left as it is', async (name, statement) => {
  const folder = used();
  const database = new DatabaseSync(join(folder, name));
  database.exec(`${statement}; PRAGMA wal_checkpoint(TRUNCATE)`);
  database.close();
  const before = state(folder);
  await expectRefused(folder, /was made by a newer version of Silhouette: start that one\.?\n$/);
  expect(state(folder)).toEqual(before);
});

it('a file system that is read-only is refused and left as it is', async (context) => {
  const folder = used();
  const mount = spawnSync('mount', ['--bind', folder, folder]);
  if (mount.status !== 0) return context.skip('this user may not mount a file system');
  onTestFinished(() => void spawnSync('umount', ['-l', folder]));
  if (spawnSync('mount', ['-o', 'remount,bind,ro', folder]).status !== 0)
    return context.skip('no read-only mount here');
  const before = state(folder);
  await expectRefused(folder, /^DATA_DIR \S+ cannot be used: .*\n$/);
  expect(state(folder)).toEqual(before);
});

it('a directory of another user is refused and left as it is', async (context) => {
  if (process.getuid?.() !== 0) return context.skip('this user cannot be another');
  const folder = used();
  const before = state(folder);
  await expectRefused(folder, /^DATA_DIR \S+ cannot be used: .*\n$/, NOBODY);
  expect(state(folder)).toEqual(before);
  // All of it this user's but the database that comes second.
  const mixed = used();
  for (const path of [join(mixed, '..'), mixed, ...filesBelow(mixed)])
    if (!path.endsWith('catalog.db')) chownSync(path, NOBODY, NOBODY);
  await expectRefused(mixed, /^\S*DATA_DIR \S+ cannot be used: .*\n$/, NOBODY);
});

const PLACES: [string, (folder: string) => string][] = [
  ['below a file', (folder) => join(folder, 'hot.db/data')],
  [
    'behind a link to nowhere',
    (folder) => {
      symlinkSync(join(folder, 'nowhere/else'), join(folder, 'link'));
      return join(folder, 'link');
    },
  ],
  ['where nobody can make one', () => '/proc/silhouette'],
  ['of which the catalog is a folder', (folder) => replace(folder, 'catalog.db')],
  ['of which the hot store is a folder', (folder) => replace(folder, 'hot.db')],
  ['of which the key is a folder', (folder) => replace(folder, 'api-key')],
];

function replace(folder: string, name: string): string {
  rmSync(join(folder, name), { force: true });
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'something'), '');
  return folder;
}

it.each(PLACES)('a directory %s is refused in a line', async (_, place) => {
  const folder = place(used());
  await expectRefused(folder, / cannot be used: .*\n$/);
});
