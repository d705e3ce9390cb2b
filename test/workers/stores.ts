// Stores of their own for each test in workerd: a set of D1 and R2, and Durable Objects under a prefix. Used by the suites here.
import { env } from 'cloudflare:workers';
import { D1SqlDatabase } from '../../src/cloudflare/d1.ts';
import { DurableHotStore } from '../../src/cloudflare/durable-hot-store.ts';
import { R2ObjectStore } from '../../src/cloudflare/r2.ts';
import { MIGRATIONS } from '../../src/generated/migrations.ts';
import { SqlCatalog } from '../../src/server/sql-catalog.ts';

/** As vitest.config.ts binds them: so many may be used side by side. */
const SETS = 6;
const TRUTHS = ['erased', 'events', 'running', 'erasing', 'postponed', 'counter'];
let made = 0;

/** Empty ones. */
export async function emptyStores() {
  const set = made++ % SETS;
  const bindings = env as unknown as Record<string, unknown>;
  const bucket = bindings[`BUCKET${set}`] as R2Bucket;
  const db = bindings[`DB${set}`] as D1Database;
  const objects = new R2ObjectStore(bucket);
  const keys: string[] = [];
  for await (const key of objects.list('')) keys.push(key);
  await objects.delete(keys);
  const catalog = new SqlCatalog(new D1SqlDatabase(db), MIGRATIONS);
  await catalog.prepare();
  await catalog.reset();
  await catalog.markComplete();
  await db.batch(TRUTHS.map((name) => db.prepare(`DELETE FROM ${name}`)));
  return { hot: new DurableHotStore(env.SESSIONS, new D1SqlDatabase(db), `${made}:`), objects, catalog };
}

/** The tables of the D1 that the objects themselves write their rows to. */
export async function prepareOwn(): Promise<SqlCatalog> {
  const catalog = new SqlCatalog(new D1SqlDatabase(env.DB), MIGRATIONS);
  await catalog.prepare();
  return catalog;
}
