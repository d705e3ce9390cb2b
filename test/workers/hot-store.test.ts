// The hot store's contract on Durable Objects, in workerd.
import { evictAllDurableObjects } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll } from 'vitest';
import { D1SqlDatabase } from '../../src/cloudflare/d1.ts';
import { DurableHotStore } from '../../src/cloudflare/durable-hot-store.ts';
import { hotStoreSuite } from '../contract/hot-store.suite.ts';
import { prepareOwn } from './stores.ts';

let made = 0;

beforeAll(prepareOwn);

hotStoreSuite(
  'Durable Objects',
  () => {
    const store = new DurableHotStore(env.SESSIONS, new D1SqlDatabase(env.DB), `${++made}:`);
    const reopen = async () => {
      await evictAllDurableObjects();
      return store;
    };
    return { store, reopen };
  },
  { outlivesItsProcess: true, sessions: 520 },
);
