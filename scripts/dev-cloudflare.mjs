// `npm run dev:cloudflare`: as `npm start`, in the Workers runtime on this machine.
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { endWithNpm, rightNode, runNode } from './right-node.mjs';

ensureInstalled();
await ensureBuilt();

process.env.DEMO ||= 'on';
endWithNpm();
if (rightNode() === process.execPath) await import('../dist/dev-cloudflare.mjs');
else process.exit(await runNode([fileURLToPath(import.meta.url)]));
