// The real app on stores in memory and a free port, and a Chromium that visits it. For the harnesses of tracker and viewer, and their benches.
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';
import { MIGRATIONS } from '../../src/generated/migrations.ts';
import { SqliteDatabase } from '../../src/node/sqlite.ts';
import { createApp } from '../../src/server/app.ts';
import type { App, AppOptions } from '../../src/server/context.ts';
import { MemoryHotStore, MemoryObjectStore } from '../../src/server/memory.ts';
import { reindex } from '../../src/server/reindex.ts';
import { SqlCatalog } from '../../src/server/sql-catalog.ts';
import { KEY } from '../fixtures/app-under-test.ts';

/** Empty where this machine has no Chromium: tests then skip. */
export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
/** The product takes a headless browser's own name for a bot. */
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

/**
 * Of the browser's features. The first two are pages of its address bar, which took half the processor's time of each window that nobody types into;
 * the others are Playwright's: a second list would replace its own.
 */
const FEATURES_OFF = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

export interface ServedApp {
  app: App;
  origin: string;
  close(): Promise<void>;
}

type Answer = Response | Promise<Response>;

/** Sees each request first, with what the app would answer it. */
export type Meet = (request: Request, ask: (request: Request) => Answer) => Answer;

export async function serveApp(
  assets: AppOptions['assets'],
  meet: Meet = (request, ask) => ask(request),
): Promise<ServedApp> {
  const database = new SqliteDatabase(':memory:');
  const catalog = new SqlCatalog(database, MIGRATIONS);
  await catalog.prepare();
  const app = createApp(
    {
      hot: new MemoryHotStore(),
      objects: new MemoryObjectStore(),
      catalog,
      clock: { now: () => Date.now() },
    },
    {
      apiKey: KEY,
      allowedOrigins: null,
      rateLimits: false,
      respectPrivacySignals: true,
      recordBots: false,
      retentionDays: 30,
      sessionsAtOnce: Number.POSITIVE_INFINITY,
      askedAtOnce: Number.POSITIVE_INFINITY,
      assets,
      background: (work) => void work.catch(() => undefined),
      log: () => undefined,
      stopping: () => false,
    },
  );
  // As at every start: a new index says that it is behind until then.
  await reindex(app.ports, app.writer);
  const ask = (request: Request) => app.fetch(request, { address: '127.0.0.1', country: null });
  const server = createAdaptorServer({ fetch: (request) => meet(request, ask) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    app,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      await new Promise((resolve) => {
        server.close(resolve);
        'closeAllConnections' in server && server.closeAllConnections();
      });
      database.close();
    },
  };
}

export function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch({
    ...options,
    executablePath: CHROMIUM,
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--disable-features=${FEATURES_OFF}`,
      `--user-agent=${USER_AGENT}`,
    ],
  });
}
