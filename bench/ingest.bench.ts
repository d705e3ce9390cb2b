// Durable batches a second, beside what reading and parsing alone can do on this machine: same load, same run, in turn.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ms, table } from './statistics.ts';

const CONNECTIONS = 32;
const SECONDS = 5;
/** Each is the ceiling and, right after it, ours: a machine whose speed drifts is judged by neighbours. */
const TURNS = 7;

interface Load {
  requests: number;
  seconds: number;
  p50: number;
  p99: number;
  failed: number;
}

/** Reads each body whole, parses its JSON and forgets it. */
const CEILING = `
  require('node:http').createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => { JSON.parse(Buffer.concat(chunks).toString()); response.writeHead(204).end(); });
  }).listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port); });`;

export async function run(): Promise<string> {
  const data = mkdtempSync(join(tmpdir(), 'silhouette-bench-'));
  const started: ChildProcess[] = [];
  try {
    const ceiling = await start(started, ['-e', CEILING], {});
    const server = fileURLToPath(new URL('../dist/server.mjs', import.meta.url));
    const settings = { PORT: '0', DATA_DIR: data, RATE_LIMITS: 'off', API_KEY: 'a-key-for-the-bench' };
    const ours = await start(started, [server], settings);
    const results: Record<'ceiling' | 'ours', Load[]> = { ceiling: [], ours: [] };
    for (let turn = 0; turn < TURNS; turn++) {
      results.ceiling.push(await load(ceiling));
      results.ours.push(await load(ours));
    }
    const rate = ({ requests, seconds }: Load) => requests / seconds;
    const middle = <T>(all: T[], size: (one: T) => number) =>
      [...all].sort((a, b) => size(a) - size(b))[Math.floor(TURNS / 2)]!;
    const [parse, durable] = [middle(results.ceiling, rate), middle(results.ours, rate)];
    const shares = results.ours.map((ours, turn) => Math.round((100 * rate(ours)) / rate(results.ceiling[turn]!)));
    const row = (name: string, one: Load, bar: string) => [
      name,
      Math.round(rate(one)).toLocaleString('en'),
      ms(one.p50),
      ms(one.p99),
      one.failed,
      bar,
    ];
    return [
      table(
        `Ingest: ${CONNECTIONS} connections, batches of 45 events, median of ${TURNS} turns of ${SECONDS} s`,
        ['server', 'batches a second', 'p50', 'p99', 'failed', 'bar'],
        [
          row('read and parse only (ceiling)', parse, ''),
          row('silhouette, durable', durable, 'p99 ≤ 25 ms'),
          ['share of the ceiling', `${middle(shares, Number)} %`, '', '', '', '≥ 40 %'],
          ['in each turn', shares.map((share) => `${share} %`).join(' '), '', '', '', ''],
        ],
      ),
    ].join('\n');
  } finally {
    for (const child of started) child.kill('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  }
}

/** Starts a server and gives the port it prints. */
function start(started: ChildProcess[], args: string[], settings: Record<string, string>): Promise<number> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const port = /127\.0\.0\.1:(\d+)/.exec(printed)?.[1];
      if (port) resolve(Number(port));
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${printed}`)));
  });
}

async function load(port: number): Promise<Load> {
  const script = fileURLToPath(new URL('./load.ts', import.meta.url));
  const args = [script, String(port), String(CONNECTIONS), String(SECONDS)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Load;
}
