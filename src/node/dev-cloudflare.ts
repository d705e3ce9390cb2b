// The app in the Workers runtime on this machine: wrangler's workerd, its stores below the data directory. Bundled to dist/dev-cloudflare.mjs.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { StartError } from '../server/start-error.ts';
import { ownApiKey } from './api-key-file.ts';
import { cannotListen } from './doors.ts';
import { greet } from './greeting.ts';
import { logEvent } from './log.ts';
import { runStart } from './run-start.ts';
import { readSettings, type Settings } from './settings.ts';
import { openDatabase } from './sqlite.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WRANGLER = join(ROOT, 'node_modules/wrangler/wrangler-dist/cli.js');
/** What the Worker reads beside its key. */
const VARIABLES = [
  'ALLOWED_ORIGINS',
  'RETENTION_DAYS',
  'SEAL_AFTER_SECONDS',
  'RESPECT_PRIVACY_SIGNALS',
  'RECORD_BOTS',
  'RATE_LIMITS',
  'DEMO',
  'SIGNALS',
  'SESSIONS_AT_ONCE',
];
/** ms between runs of the cron, which never fires by itself on a machine of one's own. */
const CRON = 60_000;
/** ms for the first answer, and for the end. */
const READY = 60_000;
const END = 6000;
/** Ends wrangler, and by it workerd, where this process was killed without a word. */
const WATCH_PARENT =
  "data:text/javascript,const p=process.ppid;setInterval(()=>{if(process.ppid!==p)process.kill(process.pid,'SIGTERM')},500).unref()";

async function start(): Promise<void> {
  const settings = readSettings(process.env);
  const { dataDir } = settings;
  const folder = join(dataDir, 'cloudflare');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = openDatabase(join(folder, 'lock.db'), 'NORMAL');
  // wrangler begins another one at each start.
  rmSync(join(folder, 'logs'), { recursive: true, force: true });
  const apiKey = settings.apiKey ?? ownApiKey(dataDir);
  await expectFree(settings);
  const wrangler = runWrangler(settings, folder, apiKey);
  let stopping = false;

  wrangler.once('exit', (code) => {
    lock.close();
    if (!stopping) console.error(`The Workers runtime ended with ${code}: its words, if it had any, stand above.`);
    process.exit(stopping ? 0 : 1);
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stopping = true;
      wrangler.kill('SIGTERM');
      setTimeout(() => process.kill(-wrangler.pid!, 'SIGKILL'), END).unref();
    });
  }

  const origin = await originOf(wrangler, settings.host);
  await untilAnswered(origin, apiKey);
  greet(settings, origin, apiKey);
  setInterval(() => void runCron(origin), CRON).unref();
}

/** wrangler would quietly take another port. */
async function expectFree({ host, port }: Settings): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(host, port, error)));
    server.listen(port, host, resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}

/** Offline, without a word, a question or a file outside the data directory; a process group of its own, so that Ctrl-C is ours to handle. */
function runWrangler({ host, port }: Settings, folder: string, apiKey: string): ChildProcess {
  const variables = VARIABLES.flatMap((name) => (process.env[name] ? ['--var', `${name}:${process.env[name]}`] : []));
  const args = [
    '--no-warnings',
    `--import=${WATCH_PARENT}`,
    WRANGLER,
    'dev',
    '--local',
    ...['--config', join(ROOT, 'wrangler.jsonc')],
    ...['--ip', host, '--port', String(port), '--inspector-port', '0'],
    ...['--persist-to', folder],
    ...['--log-level', 'error', '--show-interactive-dev-session=false'],
    // A file that is not there: a `.dev.vars` of the checkout is no setting of ours. `--env-file` Node would take for its own.
    ...['--envFile', join(folder, 'no-variables')],
    ...variables,
  ];
  const env = {
    ...process.env,
    // By the environment, which other users of the machine cannot read.
    API_KEY: apiKey,
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_SEND_ERROR_REPORTS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    WRANGLER_LOG_PATH: join(folder, 'logs'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    // wrangler is 15 MB of JavaScript.
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
    CI: '1',
  };
  return spawn(process.execPath, args, { cwd: ROOT, env, detached: true, stdio: ['ignore', 2, 2, 'ipc'] });
}

async function originOf(wrangler: ChildProcess, host: string): Promise<string> {
  for (;;) {
    const [message] = await once(wrangler, 'message');
    const { event, port } = JSON.parse(String(message)) as { event: string; port: number };
    const isAny = host === '0.0.0.0' || host === '::';
    if (event === 'DEV_SERVER_READY') {
      return `http://${isAny ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${port}`;
    }
  }
}

/** The first request makes the tables. */
async function untilAnswered(origin: string, apiKey: string): Promise<void> {
  for (const until = Date.now() + READY; ; await sleep(50)) {
    const answer = await fetch(`${origin}/health`, { headers: { 'x-api-key': apiKey } }).catch(() => null);
    if (answer?.ok) return;
    if (Date.now() > until) throw new StartError(`The Workers runtime does not answer: ${await answer?.text()}`);
  }
}

async function runCron(origin: string): Promise<void> {
  const answer = await fetch(`${origin}/cdn-cgi/local/scheduled`).catch(() => null);
  if (!answer?.ok) logEvent('the cron failed and will be run again');
}

runStart(start);
