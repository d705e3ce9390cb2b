// The object store's contract on memory and on a folder, and what only a folder can get wrong.
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderObjectStore } from '../../src/node/folder.ts';
import { MemoryObjectStore } from '../../src/server/memory.ts';
import { temporaryFolder } from '../fixtures/folders.ts';
import { objectStoreSuite } from './object-store.suite.ts';

objectStoreSuite('memory', async () => new MemoryObjectStore());
objectStoreSuite('folder', () => FolderObjectStore.open(temporaryFolder()));

describe('FolderObjectStore', () => {
  const body = new Uint8Array([1]);
  const keysOf = async (store: FolderObjectStore) => {
    const keys: string[] = [];
    for await (const key of store.list('')) keys.push(key);
    return keys;
  };

  it('never leaves its root, whatever the key', async () => {
    const root = temporaryFolder();
    const store = await FolderObjectStore.open(join(root, 'data'));
    const keys = [
      '../x',
      's/../../x',
      's/..',
      's/./x',
      '/etc/passwd',
      's//x',
      's/',
      'x',
      '',
      '.incoming/x',
      's/a\\b',
      's/\0',
      's/é',
    ];
    for (const key of keys) {
      await expect(store.putIfAbsent(key, body)).rejects.toThrow('printable ASCII');
      await expect(store.get(key)).rejects.toThrow('printable ASCII');
      await expect(store.delete([key])).rejects.toThrow('printable ASCII');
    }
    for (const prefix of ['../', 's/../../', '/', './', '.incoming/']) {
      for await (const key of store.list(prefix)) expect.fail(`listed ${key}`);
    }
    expect(readdirSync(root)).toEqual(['data']);
  });

  it('does not take for objects what others put there, nor links', async () => {
    const root = temporaryFolder();
    const store = await FolderObjectStore.open(root);
    await store.putIfAbsent('sessions/a', body);
    writeFileSync(join(root, 'hot.db'), '');
    writeFileSync(join(root, 'sessions/é'), '');
    mkdirSync(join(root, 'sessions/empty'));
    symlinkSync('/', join(root, 'sessions/link'));
    expect(await keysOf(store)).toEqual(['sessions/a']);
  });

  it('throws away what a killed process left half written', async () => {
    const root = temporaryFolder();
    await FolderObjectStore.open(root);
    writeFileSync(join(root, '.incoming/half'), 'half');
    const store = await FolderObjectStore.open(root);
    expect(readdirSync(join(root, '.incoming'))).toEqual([]);
    expect(await keysOf(store)).toEqual([]);
  });

  it('removes the folders that an object leaves empty, but never the root', async () => {
    const root = temporaryFolder();
    const store = await FolderObjectStore.open(root);
    await store.putIfAbsent('sessions/2026/01/02/a/events/1', body);
    await store.putIfAbsent('sessions/2026/01/03/b/events/1', body);
    await store.delete(['sessions/2026/01/02/a/events/1']);
    expect(readdirSync(join(root, 'sessions/2026/01'))).toEqual(['03']);
    await store.delete(['sessions/2026/01/03/b/events/1']);
    expect(existsSync(join(root, 'sessions'))).toBe(false);
    expect(existsSync(root)).toBe(true);
  });

  it('leaves nothing half written behind', async () => {
    const root = temporaryFolder();
    const store = await FolderObjectStore.open(root);
    await Promise.all(Array.from({ length: 20 }, () => store.putIfAbsent('sessions/a', body)));
    expect(readdirSync(join(root, '.incoming'))).toEqual([]);
  });
});
