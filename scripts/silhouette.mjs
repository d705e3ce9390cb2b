// `npm run silhouette -- COMMAND …`: the command line tool; standard output holds nothing but the tool's own.
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled, root } from './install.mjs';
import { runNode } from './right-node.mjs';

ensureInstalled();
await ensureBuilt();
process.exitCode = await runNode([join(root, 'dist/cli.mjs'), ...process.argv.slice(2)]);
