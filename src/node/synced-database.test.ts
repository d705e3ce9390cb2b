// A disk that cannot sync acknowledges nothing.
import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { arrival, batch, NOW } from '../../test/fixtures/batches.ts';
import { temporaryFolder } from '../../test/fixtures/folders.ts';
import { SqliteHotStore } from './sqlite-hot-store.ts';

const NEW = { kind: 'new' } as const;

it.runIf(process.platform === 'linux')(
  'a log that cannot be synced acknowledges nothing, not even what is sent again, until all of it is durable after all',
  async () => {
    const path = join(temporaryFolder(), 'hot.db');
    const store = new SqliteHotStore(path);
    onTestFinished(() => store.close());
    await store.append(batch(), arrival('s'), NEW);

    // The handle that is synced is taken away, so that the system itself refuses.
    const [log] = openFiles(`${path}-wal`).sort((a, b) => b - a) as [number];
    closeSync(log);
    const next = batch({ seq: 1 });
    await expect(store.append(next, arrival('s'))).rejects.toMatchObject({ name: 'StoreUnavailable', full: false });
    // It is written by now, and so a duplicate.
    await expect(store.append(next, arrival('s'))).rejects.toMatchObject({ name: 'StoreUnavailable' });
    await expect(store.probe()).rejects.toMatchObject({ name: 'StoreUnavailable' });

    expect(openSync(`${path}-wal`, 'r+')).toBe(log);
    expect(await store.append(next, arrival('s'))).toMatchObject({ kind: 'duplicate', accepted: 2 });
    await store.probe();
    expect((await store.tail('s'))?.batches.map(({ seq }) => seq)).toEqual([0, 1]);
    expect(await store.append(batch({ seq: 2, sent_at: NOW }), arrival('s'))).toMatchObject({ kind: 'stored' });
  },
);

function openFiles(path: string): number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((fd) => linkOf(fd) === path);
}

function linkOf(fd: number): string | null {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return null;
  }
}
