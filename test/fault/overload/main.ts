// The whole campaign of overload against the built server, with its bars. Started by scripts/overload.mjs; `-- NAME …` runs phases of these names alone.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { percentile, table } from '../../../bench/statistics.ts';
import { missing } from './control.ts';
import { answersOf, bigSession, type Measured, type Phase, quiet, refusals, run, type Target } from './phases.ts';

const KEY = 'a-key-for-overload-01';
/** Bars: MiB, and ms. A refusal is measured where it is met by a client that is not itself overloaded. */
const MEMORY = 512;
const REFUSAL = 100;
/**
 * Where server, attack and control share too few processors, not even a server that does nothing but refuse keeps that bar: then
 * so many times what that one takes is the bar.
 */
const OVER_CEILING = 1.5;
const ACCEPTED = 1000;
const RECOVERY = 10_000;
const DRAINED = 5000;
/** ms that a slow head may live. */
const HEAD_LIFE = 10_000;

const phasesOf = (big: string): Phase[] => [
  { name: 'heads', kind: 'heads', attack: { count: 10_000, seconds: 25 } },
  { name: 'bodies', kind: 'bodies', attack: { count: 10_000, seconds: 25, quick: 100 } },
  { name: 'fat-bodies', kind: 'bodies', attack: { count: 2000, seconds: 15, quick: 250_000 } },
  { name: 'burst', kind: 'burst', attack: { count: 10_000, seconds: 0 } },
  { name: 'flood', kind: 'flood', attack: { count: 1000, seconds: 30, rate: 20_000 } },
  { name: 'readers', kind: 'readers', attack: { count: 200, seconds: 20, path: big, key: KEY } },
  { name: 'lists', kind: 'flood', attack: { count: 200, seconds: 10, rate: 5000, path: LIST, key: KEY } },
];
/** No index helps with two letters, and no session has these. */
const LIST = '/replay/sessions?q=zq';

const data = mkdtempSync(join(tmpdir(), 'silhouette-overload-'));
const bundle = fileURLToPath(new URL('../../../dist/server.mjs', import.meta.url));
// As `npm start` has it.
const env = { ...process.env, PORT: '0', DATA_DIR: data, RATE_LIMITS: 'off', API_KEY: KEY, HOST: '127.0.0.1' };
const start = (...args: string[]) =>
  spawn(process.execPath, ['--max-semi-space-size=16', ...args], { env, stdio: ['ignore', 'pipe', 'ignore'] });
const server = start(bundle);
const ceiling = start('--experimental-strip-types', fileURLToPath(new URL('./ceiling.ts', import.meta.url)));
try {
  process.exitCode = (await campaign(await started(server), await started(ceiling))) ? 0 : 1;
} finally {
  server.kill('SIGKILL');
  ceiling.kill('SIGKILL');
  rmSync(data, { recursive: true, force: true });
}

async function started(server: ReturnType<typeof start>): Promise<Target> {
  let printed = '';
  for await (const text of server.stdout.setEncoding('utf8')) {
    printed += text;
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(printed)?.[1]);
    if (port) return { origin: `http://127.0.0.1:${port}`, port, key: KEY, pid: server.pid! };
  }
  throw new Error(`the server ended: ${printed}`);
}

async function campaign(target: Target, refusing: Target): Promise<boolean> {
  const usual = await quiet(target, 5);
  const baseline = percentile(usual.accepted, 99);
  const acknowledged = new Map(usual.acknowledged);
  const names = process.argv.slice(2);
  const rows: string[][] = [];
  const missed: string[] = [];
  for (const phase of phasesOf(await bigSession(target, 100))) {
    if (names.length > 0 && !names.includes(phase.name)) continue;
    const measured = await run(target, [phase]);
    for (const [session, ids] of measured.control.acknowledged) acknowledged.set(session, ids);
    rows.push(rowOf(phase, measured));
    let soonest = 0;
    if (percentile(measured.control.refused, 99) > REFUSAL) {
      const [refused, answers] = await refusals(refusing, phase);
      soonest = percentile(refused, 99);
      const name = `${phase.name}, of a server that only refuses`;
      rows.push([name, answers.toFixed(0), '', `${soonest.toFixed(0)} ms`, String(refused.length), '', '']);
    }
    missed.push(...missedBy(phase, measured, soonest).map((what) => `${phase.name}: ${what}`));
    console.log(`${phase.name} ${JSON.stringify(measured.met[0]!.statuses)}, cut off ${measured.met[0]!.cut}`);
  }
  const head = [
    'attack',
    'answers a second',
    'control: accepted p99',
    'refused p99',
    'refused',
    'peak memory',
    'recovered after',
  ];
  console.log(`\n${table(`Overload (control p99 without any: ${baseline.toFixed(1)} ms)`, head, rows)}`);
  const lost = await missing(target.origin, KEY, acknowledged);
  const events = [...acknowledged.values()].flat().length;
  console.log(
    `${events} events of the control client were acknowledged, ${lost.length} of them are not read back once`,
  );
  const health = await fetch(`${target.origin}/health`, { headers: { 'x-api-key': KEY } });
  console.log('counters:', JSON.stringify((await health.json()).counters));
  if (lost.length > 0) missed.push(`${lost.length} acknowledged events were lost or doubled`);
  for (const what of missed) console.log(`MISSED ${what}`);
  return missed.length === 0;
}

function rowOf({ name }: Phase, { met, control, memory, recovery }: Measured): string[] {
  const ms = (samples: number[]) => (samples.length > 0 ? `${percentile(samples, 99).toFixed(0)} ms` : '');
  const refused = `${control.refused.length} of ${control.refused.length + control.accepted.length}`;
  return [
    name,
    answersOf(met[0]!).toFixed(0),
    ms(control.accepted),
    ms(control.refused),
    refused,
    `${memory.toFixed(0)} MiB`,
    `${recovery.toFixed(0)} ms`,
  ];
}

function missedBy({ kind }: Phase, { met: [met], control, memory, recovery }: Measured, soonest: number): string[] {
  if (!met) return ['no attack'];
  const missed: string[] = [];
  const bar = (what: string, value: number, max: number) => {
    if (value > max) missed.push(`${what} ${value.toFixed(0)}, at most ${max}`);
  };
  bar('MiB of memory', memory, MEMORY);
  bar('ms to recover', recovery, RECOVERY);
  if (kind === 'burst') bar('ms until all were answered', met.took, DRAINED);
  else {
    bar('p99 ms of what is accepted', percentile(control.accepted, 99) || 0, ACCEPTED);
    bar('p99 ms to a refusal', percentile(control.refused, 99) || 0, Math.max(REFUSAL, OVER_CEILING * soonest));
  }
  bar('refusals without Retry-After', (met.statuses[429] ?? 0) + (met.statuses[503] ?? 0) - met.polite, 0);
  if (kind === 'heads') bar('ms that a slow head lived', Math.max(0, ...met.lives), HEAD_LIFE);
  const allowed = ['200', '202', '408', '429', '503'];
  for (const status of Object.keys(met.statuses)) if (!allowed.includes(status)) missed.push(`answers of ${status}`);
  missed.push(...new Set(control.odd.map((what) => `a control batch was ${what}`)));
  return missed;
}
