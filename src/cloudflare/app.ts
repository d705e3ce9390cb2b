// The app on Durable Objects, R2 and D1. Called by worker.ts, and by tests that give it other bindings.
import { waitUntil } from 'cloudflare:workers';
import { MIGRATIONS } from '../generated/migrations.ts';
import { createApp } from '../server/app.ts';
import type { App, RequestLine } from '../server/context.ts';
import { completeWhereEmpty } from '../server/reindex.ts';
import { SqlCatalog } from '../server/sql-catalog.ts';
import { builtAssets } from './assets.ts';
import type { Budget } from './budget.ts';
import { SummedCounters } from './counters.ts';
import { D1SqlDatabase } from './d1.ts';
import { DurableHotStore } from './durable-hot-store.ts';
import type { Bindings } from './env.ts';
import { clientLimits } from './limits.ts';
import { R2ObjectStore } from './r2.ts';
import { readSettings } from './settings.ts';
import { DatabaseWithTables } from './tables.ts';

/** A session's object writes its row itself, and SQL keeps rows of erased sessions out: many isolates need no queue. */
const NO_WRITER = { note: () => undefined, flush: async () => undefined, alone: <T>(work: () => Promise<T>) => work() };

/** Running sessions that a page of the list asks: the free plan lets a request ask 50 times. */
const ASKED_AT_ONCE = 30;

/** Asks nothing of any store; `budget`: how often all of them may be asked. Throws StartError. */
export function buildApp(env: Bindings, budget?: Budget): App {
  const settings = readSettings(env);
  const bare = new D1SqlDatabase(env.DB, budget);
  const objects = new R2ObjectStore(env.BUCKET, budget);
  const database = new DatabaseWithTables(bare, async () => {
    const catalog = new SqlCatalog(bare, MIGRATIONS);
    if (!(await catalog.prepare())) return;
    // Where it cannot be told the cron rebuilds the index.
    await completeWhereEmpty({ hot: new DurableHotStore(env.SESSIONS, bare, '', budget), objects, catalog }).catch(
      () => undefined,
    );
  });
  const ports = {
    hot: new DurableHotStore(env.SESSIONS, database, '', budget),
    objects,
    catalog: new SqlCatalog(database, MIGRATIONS),
    clock: { now: () => Date.now() },
    thresholds: settings.thresholds,
  };
  const options = {
    ...settings,
    askedAtOnce: ASKED_AT_ONCE,
    assets: builtAssets(settings.demo),
    counters: new SummedCounters(database),
    clientLimits: clientLimits(env),
    background: (work: Promise<unknown>) => waitUntil(work.catch((error) => console.error(error))),
    log: logFailure,
    stopping: () => false,
  };
  return createApp(ports, options, NO_WRITER);
}

/** Failures alone: Cloudflare bills for lines, and a batch costs less than one. */
function logFailure({ error, ...line }: RequestLine): void {
  if (line.status < 500) return;
  console.error(JSON.stringify({ ...line, ...(error ? { error: String(error.cause ?? error) } : {}) }));
}
