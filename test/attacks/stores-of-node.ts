// The app on the real stores of Node, in a folder of its own, of which a test can let one fail. For fault-disk.test.ts and fault-stores.test.ts.
import { onTestFinished } from 'vitest';
import { openStores } from '../../src/node/stores.ts';
import { reindex } from '../../src/server/reindex.ts';
import { AppUnderTest } from '../fixtures/app-under-test.ts';
import { breakable } from '../fixtures/breakable.ts';
import { temporaryFolder } from '../fixtures/folders.ts';

export async function startStores() {
  const opened = await openStores(temporaryFolder());
  onTestFinished(() => opened.close());
  const { stores, breakStore } = breakable(opened.ports);
  const t = new AppUnderTest(stores, { rateLimits: false });
  // As at every start: the index is complete from then on.
  await reindex(t.app.ports, t.app.writer);
  return { breakStore, stores, t };
}
