// Runs as many histories as its arguments say, or replays one. Started by scripts/simulate.mjs.
import { prepareSimulation } from './campaign.ts';
import { PLANTED } from './planted.ts';

const argument = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const [count = 10_000, first = 1] = process.argv.slice(2).map(Number).filter(Number.isInteger);
const seed = argument('--seed');
const name = argument('--planted');
const planted = PLANTED.find((one) => one.name === name);
if (name && !planted) throw new Error(`no such planted bug; there are: ${PLANTED.map((one) => one.name).join(', ')}`);

const simulation = await prepareSimulation(planted?.patches);
try {
  const outcomes = await (seed ? simulation.run(Number(seed), 1, 1, true) : simulation.run(first, count, 2));
  for (const { steps } of outcomes) console.log(steps.join('\n'));
  const failures = outcomes.flatMap(({ failure }) => failure ?? []);
  for (const failure of failures)
    console.log(`seed ${failure.seed}: ${failure.reason}\nreplay it: npm run simulate -- --seed ${failure.seed}`);
  const seeds = outcomes.reduce((sum, outcome) => sum + outcome.seeds, 0);
  if (failures.length === 0) console.log(`${seeds} histories: every promise was kept`);
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  simulation.close();
}
