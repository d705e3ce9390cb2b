// The hot store's contract on memory and on SQLite.
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { SqliteHotStore } from '../../src/node/sqlite-hot-store.ts';
import { MemoryHotStore } from '../../src/server/memory.ts';
import { temporaryFolder } from '../fixtures/folders.ts';
import { hotStoreSuite } from './hot-store.suite.ts';

hotStoreSuite('memory', () => ({ store: new MemoryHotStore() }), { outlivesItsProcess: false });

hotStoreSuite(
  'SQLite',
  () => {
    const path = join(temporaryFolder(), 'hot.db');
    let open = new SqliteHotStore(path);
    onTestFinished(() => open.close());
    return {
      store: open,
      reopen: () => {
        open.close();
        open = new SqliteHotStore(path);
        return open;
      },
    };
  },
  { outlivesItsProcess: true },
);
