// The app's contract on memory, and on SQLite with a folder.
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { MIGRATIONS } from '../../src/generated/migrations.ts';
import { FolderObjectStore } from '../../src/node/folder.ts';
import { SqliteDatabase } from '../../src/node/sqlite.ts';
import { SqliteHotStore } from '../../src/node/sqlite-hot-store.ts';
import { MemoryHotStore, MemoryObjectStore } from '../../src/server/memory.ts';
import { SqlCatalog } from '../../src/server/sql-catalog.ts';
import { temporaryFolder } from '../fixtures/folders.ts';
import { appSuite } from './app.suite.ts';
import { commandsSuite } from './commands.suite.ts';
import { keepingSuite } from './keeping.suite.ts';
import { keysSuite } from './keys.suite.ts';
import { layoutSuite } from './layout.suite.ts';
import { sharesSuite } from './shares.suite.ts';
import { signalsSuite } from './signals.suite.ts';
import { stretchSuite } from './stretch.suite.ts';
import { triageSuite } from './triage.suite.ts';

async function catalogAt(path: string): Promise<SqlCatalog> {
  const database = new SqliteDatabase(path);
  onTestFinished(() => database.close());
  const catalog = new SqlCatalog(database, MIGRATIONS);
  await catalog.prepare();
  await catalog.markComplete();
  return catalog;
}

const memory = async () => ({
  hot: new MemoryHotStore(),
  objects: new MemoryObjectStore(),
  catalog: await catalogAt(':memory:'),
});

const sqliteAndFolder = async () => {
  const data = temporaryFolder();
  const hot = new SqliteHotStore(join(data, 'hot.db'));
  onTestFinished(() => hot.close());
  return { hot, objects: await FolderObjectStore.open(data), catalog: await catalogAt(join(data, 'catalog.db')) };
};

for (const suite of [
  appSuite,
  layoutSuite,
  commandsSuite,
  keepingSuite,
  keysSuite,
  sharesSuite,
  signalsSuite,
  stretchSuite,
  triageSuite,
]) {
  suite('memory', memory);
  suite('SQLite and folder', sqliteAndFolder);
}
