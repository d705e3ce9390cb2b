// The object store's contract on R2, in workerd.
import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { R2ObjectStore } from '../../src/cloudflare/r2.ts';
import { objectStoreSuite } from '../contract/object-store.suite.ts';

objectStoreSuite('R2', async () => {
  await reset();
  return new R2ObjectStore(env.BUCKET);
});
