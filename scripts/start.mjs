// `npm start`, and `npm run dev:cloudflare` with the name of its bundle: installs what is missing, builds what is stale, and serves with the demo site on.
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { endWithNpm, rightNode, runNode } from './right-node.mjs';

const [bundle = 'server'] = process.argv.slice(2);

ensureInstalled();
await ensureBuilt();

process.env.DEMO ||= 'on';
endWithNpm();
if (rightNode() === process.execPath) await import(`../dist/${bundle}.mjs`);
else process.exit(await runNode([...process.execArgv, fileURLToPath(import.meta.url), bundle]));
