// Runs histories of the seeds it is given in a thread of its own, until one fails. Bundled and started by campaign.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { prepareEnvironment } from './environment.ts';
import { Finale } from './finale.ts';
import { History } from './history.ts';

export interface Share {
  first: number;
  count: number;
  /** From one seed to the next. */
  stride: number;
  /** All steps are told. */
  telling: boolean;
}

export interface Outcome {
  seeds: number;
  /** All steps of all histories, hashed. */
  digest: string;
  /** Empty unless they were to be told. */
  steps: string[];
  failure: { seed: number; reason: string } | null;
}

prepareEnvironment();
const { createHash } = await import('node:crypto');
const { first, count, stride, telling } = workerData as Share;
const hash = createHash('sha256');
let failure: Outcome['failure'] = null;
const told: string[] = [];
let seeds = 0;
for (let i = 0; i < count && !failure; i++) {
  const seed = first + i * stride;
  const steps: string[] = [];
  try {
    const history = new History(seed, (line) => steps.push(line));
    await history.run();
    await new Finale(history).run();
    history.end();
  } catch (error) {
    failure = { seed, reason: (error as Error).stack ?? String(error) };
  }
  hash.update(steps.join('\n'));
  if (telling) told.push(...steps);
  seeds++;
}
parentPort!.postMessage({ seeds, digest: hash.digest('hex'), steps: told, failure } satisfies Outcome);
