// The server on Node: settings, stores, app and listener put together, and taken down again. Bundled to dist/server.mjs.
import type { Socket } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { createApp } from '../server/app.ts';
import { keptApiKey } from './api-key-file.ts';
import { builtAssets } from './assets.ts';
import { catchUp } from './catch-up.ts';
import { clientOf, openCountryDatabase } from './client.ts';
import { startControl } from './control.ts';
import { logEvent, logRequest } from './log.ts';
import { startSchedule } from './schedule.ts';
import { readSettings, type Settings } from './settings.ts';
import { DatabaseLocked } from './sqlite.ts';
import { StartError } from './start-error.ts';
import { openStores } from './stores.ts';

/** ms: how long requests that are under way may take to end once the server is told to stop. */
const DRAIN = 6000;
/** ms that the first answer waits for a catalog that must be rebuilt; a large one is rebuilt behind it. */
const REBUILD = 2000;

async function start(): Promise<void> {
  const settings = readSettings(process.env);
  const { host, dataDir } = settings;
  const countries = settings.geoipDb === null ? null : await openCountryDatabase(settings.geoipDb);
  const fail = (what: string) => (error: unknown) => logEvent(what, error);
  const stores = await openStores(dataDir, () => void rebuild());
  const apiKey = settings.apiKey ?? keptApiKey(dataDir);
  let stopping = false;

  const app = createApp(stores.ports, {
    ...settings,
    apiKey,
    assets: builtAssets(settings.demo),
    background: (work) => void work.catch(fail('work behind an answer failed')),
    log: logRequest,
    stopping: () => stopping,
  });
  const rebuild = async () => {
    const sessions = await catchUp(app).catch(fail('rebuilding the catalog failed'));
    if (sessions) logEvent(`the catalog was rebuilt from the objects: ${sessions} sessions`);
  };
  await Promise.race([rebuild(), wait(REBUILD)]);

  const server = createAdaptorServer({
    fetch: (request, env) =>
      app.fetch(request, clientOf((env as HttpBindings).incoming, settings.trustProxy, countries)),
    serverOptions: {
      maxHeaderSize: 16 * 1024,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      // A tracker posts every 5 s at most: its connection is kept in between, and behind a proxy longer than the proxy's own.
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 5000,
    },
  });
  server.on('clientError', refuseUnreadable);
  const port = await listen(server, settings);

  const control = await startControl(app, dataDir, () => stores.checkpoint());
  const schedule = startSchedule(app, {
    sealAfterMs: settings.sealAfterMs,
    checkpoint: () => stores.checkpoint(),
    onError: logEvent,
  });

  const stop = async () => {
    if (stopping) return;
    stopping = true;
    const closed = new Promise((resolve) => server.close(resolve));
    // A connection that was busy when the server closed is only closed when it idles next.
    const idle = setInterval(() => 'closeIdleConnections' in server && server.closeIdleConnections(), 50);
    const cut = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), DRAIN);
    // What a seal has begun is taken up at the next start.
    await Promise.race([Promise.all([closed, control.stop(), schedule.stop()]), wait(DRAIN + 1000)]);
    clearInterval(idle);
    clearTimeout(cut);
    await app.writer.flush().catch(fail('rows of running sessions are not in the catalog'));
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
  greet(settings, originOf(host, port), apiKey);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** The port that it listens on. Throws StartError where it cannot have it. */
function listen(server: ReturnType<typeof createAdaptorServer>, { port, host }: Settings): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'another program has it' : error.message;
      reject(new StartError(`Silhouette cannot listen on ${host} port ${port}: ${why}. Set PORT to another one.`));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** What is not HTTP, or came too slowly, or has too large a head, gets the answer that every refusal has. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const status = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }[error.code ?? ''] ?? 400;
  const body = JSON.stringify({ type: 'about:blank', title: 'Bad request', status, detail: 'this cannot be read' });
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** The address to open in a browser on this machine. */
function originOf(host: string, port: number): string {
  const isAny = host === '0.0.0.0' || host === '::';
  return `http://${isAny ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${port}`;
}

function greet({ apiKey: setKey, demo }: Settings, origin: string, apiKey: string): void {
  const lines = [
    'Silhouette is ready.',
    '',
    ...(demo ? [`  Demo site  ${origin}/demo/`] : []),
    `  Viewer     ${origin}/replay`,
    `  API key    ${setKey === null ? apiKey : '(the one that API_KEY sets)'}`,
    '',
    `Record a site of your own: <script defer src="${origin}/tracker.js"></script>`,
  ];
  console.log(lines.join('\n'));
}

// Whatever is made in the data directory is for its owner's eyes alone.
process.umask(0o077);

start().catch((error) => {
  if (error instanceof DatabaseLocked) {
    console.error(`${error.message} by another Silhouette: stop that one, or set DATA_DIR to another directory.`);
  } else {
    console.error(error instanceof StartError ? error.message : error);
  }
  process.exit(1);
});
