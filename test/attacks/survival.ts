// What must be true after every attack, whatever it was: the process lives, takes, gives back, stays small, stays inside and keeps its log clean. Called by run.ts.
import { expect, vi } from 'vitest';
import { batch, PAGE } from '../fixtures/outsider.ts';
import { expectStored } from './oracles.ts';
import { collect } from './sent.ts';
import type { Target } from './target.ts';

/** ms within which a healthy server answers. */
const PROMPT_MS = 1000;
/** Bytes that the process may hold more than at its beginning, and ms in which it must come back to that. */
const GROWTH = 64 * 2 ** 20;
const RECOVERY_MS = 30_000;
/** Attempts to be prompt on a machine that is busy with other things. */
const TRIES = 3;

/** ALIVE, NOESC and QUIET. `from`: how much of the log was there before. */
export async function expectSurvival(target: Target, from: number): Promise<void> {
  await promptly(async () => {
    const { status, json } = await target.ask({ path: '/health' });
    expect([status, json]).toEqual([200, { status: 'ok' }]);
  });
  const control = collect('control', batch());
  await promptly(async () => {
    expect((await target.post(control)).status).toBe(202);
    await expectStored(target, control.session!, control.good!);
  });
  const seen = await target.look();
  expect(seen).toMatchObject({ pid: target.server.process.pid, strayed: [], unhandled: 0, polluted: false });
  expect(target.isShutIn()).toBe(true);
  // What was given back may stay with the process: what counts is what it holds.
  if (seen.rss > target.weight + GROWTH) {
    const recovered = async () => expect((await target.look('weigh')).held).toBeLessThan(target.held + GROWTH);
    await vi.waitFor(recovered, { timeout: RECOVERY_MS, interval: 100 });
  }
  await expectQuiet(target, from);
}

async function promptly(work: () => Promise<void>): Promise<void> {
  for (let i = 1; ; i++) {
    const began = performance.now();
    await work();
    const took = performance.now() - began;
    if (took < PROMPT_MS) return;
    if (i === TRIES) throw new Error(`the server needed ${Math.round(took)} ms`);
  }
}

/** QUIET: a line of JSON for each request, with no control character, no key, no address and nothing that went wrong inside. */
export async function expectQuiet(target: Target, from: number): Promise<void> {
  const { output } = target.server;
  // The read of the control batch is the last request: once its line is there, all are.
  const isWhole = () => expect(output.stderr.slice(from)).toMatch(/:id","status":200.*\n$/);
  await vi.waitFor(isWhole, { timeout: RECOVERY_MS, interval: 5 });
  const said = output.stderr.slice(from);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  expect(said).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/);
  for (const secret of [target.server.key, PAGE, '10.0.']) expect(said).not.toContain(secret);
  for (const line of said.trimEnd().split('\n')) {
    expect(JSON.parse(line)).not.toMatchObject({ reason: 'internal' });
    expect(line).toMatch(/^\{"time":"[^"]+","(method|event)":/);
  }
}
