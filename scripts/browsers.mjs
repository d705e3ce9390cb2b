// `npm run browsers`: tracker and viewer in Firefox and WebKit, beside Chromium, where they are installed; names those that are not. Arguments go to vitest.
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled, root } from './install.mjs';
import { runNode } from './right-node.mjs';

ensureInstalled();
await ensureBuilt();
const config = join(root, 'test/other-browsers/vitest.config.ts');
process.exitCode = await runNode([
  join(root, 'node_modules/vitest/vitest.mjs'),
  'run',
  '--config',
  config,
  ...process.argv.slice(2),
]);
