// `npm run overload`: 10,000 slow clients, 10,000 batches at once, ten times the capacity and more against the real server; `-- heads flood` runs these alone.
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled, root } from './install.mjs';
import { runNode } from './right-node.mjs';

ensureInstalled();
await ensureBuilt();
process.exitCode = await runNode([
  '--experimental-strip-types',
  join(root, 'test/fault/overload/main.ts'),
  ...process.argv.slice(2),
]);
