// `npm run simulate -- N [first]`: that many simulated histories, in two threads. `-- --seed S` replays one and prints its steps.
import { join } from 'node:path';
import { ensureInstalled, root } from './install.mjs';
import { runNode } from './right-node.mjs';

ensureInstalled();
process.exitCode = await runNode([
  '--experimental-strip-types',
  join(root, 'test/fault/simulation/main.ts'),
  ...process.argv.slice(2),
]);
