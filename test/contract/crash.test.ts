// Crashes at every step, on memory, and on SQLite with a folder.
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { MIGRATIONS } from '../../src/generated/migrations.ts';
import { SqliteDatabase } from '../../src/node/sqlite.ts';
import { openStores, type Stores } from '../../src/node/stores.ts';
import { MemoryHotStore, MemoryObjectStore } from '../../src/server/memory.ts';
import { SqlCatalog } from '../../src/server/sql-catalog.ts';
import type { StoresUnderTest } from '../fixtures/crashing.ts';
import { temporaryFolder } from '../fixtures/folders.ts';
import { crashSuite } from './crash.suite.ts';
import { eraseCrashSuite } from './erase-crash.suite.ts';

const memory = async (): Promise<StoresUnderTest> => {
  const catalog = new SqlCatalog(new SqliteDatabase(':memory:'), MIGRATIONS);
  await catalog.prepare();
  const stores = { hot: new MemoryHotStore(), objects: new MemoryObjectStore(), catalog };
  return { stores, reopen: async () => stores };
};

const sqliteAndFolder = async (): Promise<StoresUnderTest> => {
  const data = join(temporaryFolder(), 'data');
  const first = await openStores(data);
  let last: Stores = first;
  onTestFinished(() => last.close());
  return {
    stores: first.ports,
    reopen: async () => {
      first.close();
      last = await openStores(data);
      return last.ports;
    },
  };
};

for (const suite of [crashSuite, eraseCrashSuite]) {
  suite('memory', memory);
  suite('SQLite and folder', sqliteAndFolder);
}
