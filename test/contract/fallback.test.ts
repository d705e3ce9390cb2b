// What happens while the hot store is away, on memory and on SQLite with a folder.
import { onTestFinished } from 'vitest';
import { MIGRATIONS } from '../../src/generated/migrations.ts';
import { SqliteDatabase } from '../../src/node/sqlite.ts';
import { openStores } from '../../src/node/stores.ts';
import { MemoryHotStore, MemoryObjectStore } from '../../src/server/memory.ts';
import { SqlCatalog } from '../../src/server/sql-catalog.ts';
import { temporaryFolder } from '../fixtures/folders.ts';
import { fallbackSuite } from './fallback.suite.ts';

fallbackSuite('memory', async () => {
  const catalog = new SqlCatalog(new SqliteDatabase(':memory:'), MIGRATIONS);
  await catalog.prepare();
  await catalog.markComplete();
  return { hot: new MemoryHotStore(), objects: new MemoryObjectStore(), catalog };
});

fallbackSuite('SQLite and folder', async () => {
  const stores = await openStores(temporaryFolder());
  onTestFinished(() => stores.close());
  await stores.ports.catalog.markComplete();
  return stores.ports;
});
