// The catalog's contract on D1, in workerd.
import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { D1SqlDatabase } from '../../src/cloudflare/d1.ts';
import { MIGRATIONS } from '../../src/generated/migrations.ts';
import { SqlCatalog } from '../../src/server/sql-catalog.ts';
import { catalogSuite } from '../contract/catalog.suite.ts';
import { narrowedSuite } from '../contract/narrowed.suite.ts';

async function empty(): Promise<SqlCatalog> {
  await reset();
  const catalog = new SqlCatalog(new D1SqlDatabase(env.DB), MIGRATIONS);
  await catalog.prepare();
  return catalog;
}

catalogSuite('D1', empty);
narrowedSuite('D1', empty);
