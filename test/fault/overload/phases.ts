// The ways to ask too much of a server: each an attack by another process beside a control client, and what was measured. Used by main.ts and overload.test.ts.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Attack, Met } from './attacks.ts';
import { type Control, startControl } from './control.ts';
import { Batches } from './requests.ts';

export interface Target {
  origin: string;
  port: number;
  key: string;
  pid: number;
}

export interface Phase {
  name: string;
  kind: 'heads' | 'bodies' | 'readers' | 'burst' | 'flood';
  attack: Omit<Attack, 'port'>;
}

export interface Measured {
  /** What each attacker met with. */
  met: Met[];
  control: Control;
  /** MiB at the most while it went on; NaN where the system does not tell. */
  memory: number;
  /** ms from the end of the attack to the first of 20 control batches in a row that are accepted within 100 ms. */
  recovery: number;
}

const STREAK = 20;
/** ms after which a server that does not recover is given up. */
const RECOVERY_MAX = 30_000;

/** All of them at once. */
export async function run({ port, pid }: Target, phases: Phase[]): Promise<Measured> {
  forgetPeak(pid);
  const control = startControl({ port });
  try {
    const met = await Promise.all(phases.map(({ kind, attack }) => attackWith(kind, { ...attack, port })));
    const ended = performance.now();
    const recovered = () => control.streak.length >= STREAK;
    while (!recovered() && performance.now() - ended < RECOVERY_MAX) await wait(20);
    const recovery = recovered() ? Math.max(0, control.streak.since - ended) : Number.POSITIVE_INFINITY;
    return { met, control, memory: peakOf(pid), recovery };
  } finally {
    await control.stop();
  }
}

/** The control client beside an attack on a server that refuses everything: ms to each refusal, and answers a second. */
export async function refusals({ port }: Pick<Target, 'port'>, { kind, attack }: Phase): Promise<[number[], number]> {
  const control = startControl({ port });
  try {
    const met = await attackWith(kind, { ...attack, port });
    return [control.refused, answersOf(met)];
  } finally {
    control.abandon();
  }
}

/** A second. */
export function answersOf({ statuses, took }: Met): number {
  return Object.values(statuses).reduce((sum, count) => sum + count, 0) / (took / 1000);
}

/** The control client alone: what is normal on this machine. */
export async function quiet({ port }: Target, seconds: number): Promise<Control> {
  const control = startControl({ port });
  await wait(seconds * 1000);
  await control.stop();
  return control;
}

async function attackWith(kind: string, attack: Attack): Promise<Met> {
  const script = fileURLToPath(new URL('./attacks.ts', import.meta.url));
  const args = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', script, kind];
  const options = { maxBuffer: 512 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(process.execPath, [...args, JSON.stringify(attack)], options);
  return JSON.parse(stdout) as Met;
}

/** Stores a session of so many batches of 1,000 events; its path in the API. */
export async function bigSession({ origin }: Target, count: number): Promise<string> {
  const batches = new Batches(1000);
  for (let i = 0; i < count; i++) {
    const headers = { 'content-type': 'text/plain', 'user-agent': 'Mozilla/5.0 Firefox/140.0' };
    const response = await fetch(`${origin}/collect`, { method: 'POST', headers, body: batches.next() });
    if (response.status !== 202) throw new Error(`a batch of the big session was answered ${response.status}`);
  }
  return `/replay/sessions/${batches.session_id}`;
}

function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {}
}

function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}
