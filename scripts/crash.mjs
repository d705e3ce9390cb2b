// `npm run crash`: kills the real server under load 200 times, or as often as an argument says: `npm run crash -- 1000`.
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled, root } from './install.mjs';
import { runNode } from './right-node.mjs';

ensureInstalled();
await ensureBuilt();
process.env.CRASHES = process.argv[2] ?? '200';
process.exitCode = await runNode([join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'test/fault/crash.test.ts']);
