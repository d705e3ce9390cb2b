// Simulated histories from seeds: every promise is kept in each, a seed replays exactly, and each planted bug is caught. `npm run simulate` runs any number.
import { expect, it } from 'vitest';
import { prepareSimulation, type Simulation } from './simulation/campaign.ts';
import { PLANTED } from './simulation/planted.ts';
import type { Outcome } from './simulation/worker.ts';

/** Of the sound program, some 30 ms of a core each; a planted bug has as many to be caught in. */
const SEEDS = 2000;
const THREADS = 2;

const failures = (outcomes: Outcome[]) => outcomes.flatMap(({ failure }) => failure ?? []);

async function using<T>(simulation: Simulation, work: (simulation: Simulation) => Promise<T>): Promise<T> {
  try {
    return await work(simulation);
  } finally {
    simulation.close();
  }
}

it(`in ${SEEDS} histories nothing acknowledged is lost, doubled or changed, and nothing erased comes back`, {
  timeout: 600_000,
}, async () => {
  const outcomes = await using(await prepareSimulation(), (simulation) => simulation.run(1, SEEDS, THREADS));
  const told = failures(outcomes).map(({ seed, reason }) => `npm run simulate -- --seed ${seed}: ${reason}`);
  expect(told).toEqual([]);
  expect(outcomes.reduce((sum, { seeds }) => sum + seeds, 0)).toBe(SEEDS);
});

it('a seed gives the same steps again', async () => {
  const [first, again] = await using(await prepareSimulation(), async (simulation) => [
    await simulation.run(1, 20, 1),
    await simulation.run(1, 20, 1),
  ]);
  expect(again).toEqual(first);
});

it('there are 20 planted bugs', () => {
  expect(new Set(PLANTED.map(({ name }) => name)).size).toBeGreaterThanOrEqual(20);
});

for (const { name, patches } of PLANTED) {
  it(`catches: ${name}`, { timeout: 300_000 }, async () => {
    const outcomes = await using(await prepareSimulation(patches), (simulation) => simulation.run(1, SEEDS, 1));
    expect(failures(outcomes)).toHaveLength(1);
  });
}
