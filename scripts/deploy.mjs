// `npm run deploy`: puts the app on the user's Cloudflare account; R2, D1 and Durable Objects are made by it. Arguments go to wrangler: `-- --dry-run`.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled, root } from './install.mjs';
import { rightNode } from './right-node.mjs';

const WRANGLER = join(root, 'node_modules/wrangler/wrangler-dist/cli.js');
const KEY_MIN = 16;
/** ms: a new address needs some seconds to be known everywhere. */
const READY = 120_000;

const args = process.argv.slice(2);
const setKey = process.env.API_KEY || null;
// wrangler takes no secret from our environment but the one in the file.
delete process.env.API_KEY;

ensureInstalled();
await ensureBuilt();
const folder = mkdtempSync(join(tmpdir(), 'silhouette-deploy-'));
// Interrupted it leaves no key behind, either.
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
process.exitCode = args.includes('--dry-run') ? (await wrangler(['deploy', ...args])).code : await deploy();

async function deploy() {
  if (setKey !== null && !/^[\x21-\x7e]{16,}$/.test(setKey)) {
    return fail(
      `API_KEY must have at least ${KEY_MIN} characters of printable ASCII: whoever guesses it reads every session.`,
    );
  }
  const account = await whoAmI();
  if (account !== null) return fail(account);
  const hasKey = setKey === null && (await hasSecret());
  if (hasKey === null) return fail('Cloudflare does not tell whether a key is set: the words above say why.');
  // What a build service prints stands in its log: there the secret is set beforehand.
  const makesKey = !hasKey && setKey === null && !process.env.CI && !process.env.WORKERS_CI;
  const key = makesKey ? randomBytes(32).toString('base64url') : setKey;
  const output = join(folder, 'output.ndjson');
  const secrets = join(folder, 'secrets.json');
  // In a file for this user's eyes alone: arguments are everybody's on this machine.
  if (key !== null) writeFileSync(secrets, JSON.stringify({ API_KEY: key }), { mode: 0o600 });
  const deployArgs = ['deploy', '--keep-vars', ...(key === null ? [] : ['--secrets-file', secrets]), ...args];
  const { code } = await wrangler(deployArgs, { env: { WRANGLER_OUTPUT_FILE_PATH: output } });
  if (code !== 0) return fail('Nothing was put in place of what runs: the words above say why.');
  const origin = originOf(readFileSync(output, 'utf8'));
  if (origin === null)
    return fail('It is deployed, but without an address: see `routes` and `workers_dev` in wrangler.jsonc.');
  const answered = await untilAnswered(origin, key);
  greet(
    origin,
    makesKey ? key : setKey === null ? '(the secret API_KEY, as it was set before)' : '(the one that API_KEY sets)',
  );
  return answered
    ? 0
    : fail(`It is deployed, but ${origin}/health does not answer 200 yet: look there again in some minutes.`);
}

/** Null: an account that may be deployed to; else a sentence about what is missing. */
async function whoAmI() {
  const { stdout, stderr } = await wrangler(['whoami', '--json'], { quiet: true });
  if (/"loggedIn":\s*true/.test(stdout)) return null;
  if (!/"loggedIn":\s*false/.test(stdout) || process.env.CLOUDFLARE_API_TOKEN) {
    console.error(stdout + stderr);
    return 'Cloudflare cannot be asked who you are: is there a network, and is CLOUDFLARE_API_TOKEN a token that may deploy?';
  }
  return 'wrangler is not logged in at Cloudflare: run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN, and run this again.';
}

/** Null: Cloudflare does not tell, and what it says instead stands on the screen. */
async function hasSecret() {
  const { code, stdout, stderr } = await wrangler(['secret', 'list', '--format', 'json'], { quiet: true });
  if (code === 0) return JSON.parse(stdout).some(({ name }) => name === 'API_KEY');
  // 10007: there is no such Worker yet.
  if (/10007|does not exist/.test(stderr)) return false;
  console.error(stderr);
  return null;
}

/** The first address that wrangler wrote down; null: there is none. */
function originOf(output) {
  const entries = output
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const target = entries.find(({ type }) => type === 'deploy')?.targets?.find((one) => !/^(cron|schedule)/.test(one));
  const url = target && URL.parse(/^https?:/.test(target) ? target : `https://${target.split(/[\s/]/)[0]}`);
  return url ? url.origin : null;
}

/** The first request makes the tables. */
async function untilAnswered(origin, key) {
  const headers = key === null ? {} : { 'x-api-key': key };
  for (const until = Date.now() + READY; Date.now() < until; await sleep(2000)) {
    const answer = await fetch(`${origin}/health`, { headers, redirect: 'error' }).catch(() => null);
    if (answer?.ok) return true;
  }
  return false;
}

function greet(origin, key) {
  const lines = [
    'Silhouette is on Cloudflare.',
    '',
    `  Viewer     ${origin}/replay`,
    `  API key    ${key}`,
    '',
    `Record a site of your own: <script defer src="${origin}/tracker.js"></script>`,
  ];
  console.log(lines.join('\n'));
}

/** Runs wrangler; `quiet`: what it says is for us, else for the user. */
function wrangler(command, { quiet = false, env = {} } = {}) {
  const stdio = quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit';
  const settings = {
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_SEND_ERROR_REPORTS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
  };
  const child = spawn(rightNode(), ['--no-warnings', WRANGLER, ...command], {
    cwd: root,
    env: { ...process.env, ...settings, ...env },
    stdio,
  });
  const result = { code: 1, stdout: '', stderr: '' };
  child.stdout?.on('data', (text) => (result.stdout += text));
  child.stderr?.on('data', (text) => (result.stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...result, code: code ?? 1 }));
  });
}

function fail(sentence) {
  console.error(sentence);
  return 1;
}
