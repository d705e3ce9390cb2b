// `npm start`: installs what is missing, builds what is stale, and serves with the demo site on.
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { endWithNpm, rightNode, runNode } from './right-node.mjs';

ensureInstalled();
await ensureBuilt();

process.env.DEMO ||= 'on';
endWithNpm();
if (rightNode() === process.execPath) await import('../dist/server.mjs');
else process.exit(await runNode([fileURLToPath(import.meta.url)]));
