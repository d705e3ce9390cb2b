// What happens by itself: idle sessions are sealed, expired ones removed, and what was deleted leaves the disk. Started by main.ts.
import { setImmediate } from 'node:timers/promises';
import type { App } from '../server/context.ts';
import { continueErasing, repeatErasures, retain } from '../server/erase.ts';
import { moveKept } from '../server/fallback.ts';
import { sealIdle } from '../server/seal.ts';

const POLL_MAX = 30_000;
const POLL_MIN = 250;
/** Sessions of which kept batches are moved in one step. */
const MOVED_AT_ONCE = 20;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LEAP = 'the clock has leapt by more than a day: nothing is removed for its age until it has stood for an hour';

export interface Schedule {
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

interface Options {
  sealAfterMs: number;
  /** Empties the databases' logs. */
  checkpoint(): void;
  onError(what: string, error?: unknown): void;
}

export function startSchedule(app: App, options: Options): Schedule {
  const { ports, writer } = app;
  const { sealAfterMs, checkpoint, onError } = options;
  const poll = Math.min(POLL_MAX, Math.max(POLL_MIN, sealAfterMs / 4));
  const seal = async () => void (await sealIdle(ports, writer, ports.clock.now() - sealAfterMs));
  // At start the whole log: a backup may have been restored.
  let since = 0;
  const remove = async (isStopped: () => boolean) => {
    await repeatErasures(app, since);
    if (ports.clock.isSteady?.() === false) onError(LEAP);
    else since = ports.clock.now() - DAY;
    // Requests are answered between the steps.
    while (!isStopped() && (await continueErasing(ports, app.options.sessionsAtOnce))) await setImmediate();
    while (!isStopped() && (await retain(app))) await setImmediate();
    while (!isStopped() && (await ports.catalog.purge())) await setImmediate();
    checkpoint();
  };
  const move = async (isStopped: () => boolean) => {
    while (!isStopped() && (await moveKept(app, MOVED_AT_ONCE))) await setImmediate();
  };
  const jobs = [
    repeat(
      poll,
      () => app.audit.flush(),
      () => undefined,
    ),
    repeat(poll, move, (error) =>
      onError('batches that the catalog keeps were not moved and will be tried again', error),
    ),
    repeat(poll, seal, (error) => onError('sealing failed and will be tried again', error)),
    repeat(HOUR, remove, (error) => onError('retention failed and will be tried again', error)),
  ];
  return {
    async stop() {
      await Promise.all(jobs.map((job) => job.stop()));
    },
  };
}

/** Does `work` now, and again `pause` ms after each time it ended; never twice at once. */
function repeat(
  pause: number,
  work: (isStopped: () => boolean) => Promise<void>,
  onError: (error: unknown) => void,
): Schedule {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let running = run();

  async function run(): Promise<void> {
    await work(() => stopped).catch(onError);
    if (!stopped) timer = setTimeout(() => (running = run()), pause);
  }
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
