// What the cron does, once a minute: one piece of work a run, cut where the questions that the free plan lets a run ask are spent. Called by worker.ts.
import type { App } from '../server/context.ts';
import { continueErasing, retain } from '../server/erase.ts';
import { moveKept } from '../server/fallback.ts';
import { RunSpent } from '../server/ports.ts';
import { continueReindex } from '../server/reindex.ts';
import { buildApp } from './app.ts';
import { Budget } from './budget.ts';
import { DurableHotStore } from './durable-hot-store.ts';
import type { Bindings } from './env.ts';
import { readSettings } from './settings.ts';

/** Steps that the search index is merged by in a run. */
const MERGES = 5;
const HOUR = 3_600_000;

/**
 * Does the first of these that has something to do, beginning with another each minute, so that none waits for ever, and each has
 * a whole run for itself now and then. Every piece can be repeated: a run that was cut off costs nothing but itself.
 */
export async function maintain(env: Bindings): Promise<void> {
  const app = buildApp(env, new Budget(readSettings(env).questionsAtOnce));
  const now = app.ports.clock.now();
  const { sessionsAtOnce } = app.options;
  const pieces: (() => Promise<boolean>)[] = [
    () => moveKept(app, sessionsAtOnce),
    async () => (await continueErasing(app.ports, sessionsAtOnce)) !== null,
    () => retain(app),
    () => merge(app),
    () => continueReindex(app.ports, app.writer, sessionsAtOnce),
    () => lookAfter(app),
  ];
  const first = Math.floor(now / 60_000) % pieces.length;
  try {
    for (const piece of [...pieces.slice(first), ...pieces.slice(0, first)]) if (await piece()) return;
  } catch (error) {
    if (!(error instanceof RunSpent)) throw error;
  }
}

/** Sees to running sessions that are older than most, whose alarm may have been lost; false: there are none. */
async function lookAfter({ ports: { hot, clock }, options }: App): Promise<boolean> {
  return hot instanceof DurableHotStore && hot.lookAfter(clock.now() - HOUR, options.sessionsAtOnce);
}

/** Takes removed words out of the search index; false: there were none. */
async function merge({ ports }: App): Promise<boolean> {
  for (let step = 0; step < MERGES; step++) if (!(await ports.catalog.purge())) return step > 0;
  return true;
}
