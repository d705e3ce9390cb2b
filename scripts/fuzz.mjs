// `npm run fuzz`: a million damaged bodies and 10,000 flipped bits, or as many bodies as an argument says: `npm run fuzz -- 50000`. SEED names another campaign.
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled, root } from './install.mjs';
import { runNode } from './right-node.mjs';

ensureInstalled();
await ensureBuilt();
process.env.BODIES = process.argv[2] ?? '1000000';
process.env.FLIPS ??= '10000';
const files = ['test/fault/fuzz.test.ts', 'test/fault/bit-flips.test.ts'];
process.exitCode = await runNode([join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...files]);
