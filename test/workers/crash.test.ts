// Crashes at every step, on Durable Objects, R2 and D1, in workerd.
import { beforeAll } from 'vitest';
import { crashSuite } from '../contract/crash.suite.ts';
import { emptyStores, prepareOwn } from './stores.ts';

beforeAll(prepareOwn);

crashSuite('Durable Objects, R2 and D1', async () => {
  const stores = await emptyStores();
  return { stores, reopen: async () => stores };
});
