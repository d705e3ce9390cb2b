// The server on Node: settings, stores, app and listener put together, and taken down again. Bundled to dist/server.mjs.
import { setFlagsFromString } from 'node:v8';
import { createApp } from '../server/app.ts';
import { Readings } from '../server/readings.ts';
import { ownApiKey } from './api-key-file.ts';
import { builtAssets } from './assets.ts';
import { catchUp } from './catch-up.ts';
import { clientOf, openCountryDatabase } from './client.ts';
import { startControl } from './control.ts';
import { greet } from './greeting.ts';
import { listen } from './listener.ts';
import { logEvent, logRequest } from './log.ts';
import { runStart } from './run-start.ts';
import { startSchedule } from './schedule.ts';
import { readSettings } from './settings.ts';
import { openStores } from './stores.ts';

/** Under load V8 lets a heap of 30 MB grow to 200 before it looks for garbage, and keeps it; to look sooner takes a tenth of what can be done. */
const GARBAGE = '--heap-growing-percent=';
/** % by which the heap may grow where the process has more than MUCH; 0: as V8 likes. */
const SOON = 70;
/** Bytes. */
const MUCH = 300 * 1024 * 1024;
/** ms between two looks at the process. */
const LOOK = 500;
/** ms: how long requests that are under way may take to end once the server is told to stop. */
const DRAIN = 6000;
/** ms that what goes on after answers is waited for then. */
const BEHIND = 1000;
/** ms that the first answer waits for a catalog that must be rebuilt; a large one is rebuilt behind it. */
const REBUILD = 2000;
/** ms: a program that reads all day makes no more files of the audit log than seconds. */
const AUDIT_PAUSE = 1000;

async function start(): Promise<void> {
  setInterval(() => setFlagsFromString(GARBAGE + (process.memoryUsage.rss() > MUCH ? SOON : 0)), LOOK).unref();
  const settings = readSettings(process.env);
  const { dataDir } = settings;
  const countries = settings.geoipDb === null ? null : await openCountryDatabase(settings.geoipDb);
  const fail = (what: string) => (error: unknown) => logEvent(what, error);
  const stores = await openStores(dataDir, () => void rebuild(), settings);
  const apiKey = settings.apiKey ?? ownApiKey(dataDir);
  let stopping = false;
  /** What goes on after answers. */
  const behind = new Set<Promise<unknown>>();

  const app = createApp(stores.ports, {
    ...settings,
    apiKey,
    sessionsAtOnce: Number.POSITIVE_INFINITY,
    askedAtOnce: Number.POSITIVE_INFINITY,
    readings: new Readings(),
    auditPause: AUDIT_PAUSE,
    assets: builtAssets(settings.demo),
    background: (work) => {
      const one: Promise<unknown> = work.catch(fail('work behind an answer failed')).finally(() => behind.delete(one));
      behind.add(one);
    },
    log: logRequest,
    stopping: () => stopping,
  });
  const rebuild = async () => {
    const sessions = await catchUp(app).catch(fail('rebuilding the catalog failed'));
    if (sessions) logEvent(`the catalog was rebuilt from the objects: ${sessions} sessions`);
  };
  await Promise.race([rebuild(), wait(REBUILD)]);

  const listener = await listen(
    settings,
    (request, incoming) => app.fetch(request, clientOf(incoming, settings.trustProxy, countries)),
    app.bodies,
    (reason) => app.counters.add(reason),
    (status, reason) => logRequest({ method: '-', route: '-', status, ms: 0, reason }),
  );
  const control = await startControl(app, dataDir, stores, listener.origin);
  const schedule = startSchedule(app, {
    sealAfterMs: settings.sealAfterMs,
    checkpoint: () => stores.checkpoint(),
    onError: logEvent,
  });

  const stop = async () => {
    if (stopping) return;
    stopping = true;
    // What a seal has begun is taken up at the next start.
    await Promise.race([Promise.all([listener.close(DRAIN), control.stop(), schedule.stop()]), wait(DRAIN + 1000)]);
    await app.writer.flush().catch(fail('rows of running sessions are not in the catalog'));
    await Promise.race([Promise.all([app.audit.flush(), ...behind]), wait(BEHIND)]);
    stores.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stop().catch((error) => {
        logEvent('stopping failed', error);
        process.exit(1);
      });
    });
  }
  greet(settings, listener.origin, apiKey);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

runStart(start);
