// `npm run bench`: runs every bench/*.bench.ts in turn and prints its table. Arguments pick by name: `npm run bench -- ingest`.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled, root } from './install.mjs';
import { rightNode, runNode } from './right-node.mjs';

ensureInstalled();
await ensureBuilt();

if (rightNode() !== process.execPath)
  process.exit(await runNode([fileURLToPath(import.meta.url), ...process.argv.slice(2)]));

const wanted = process.argv.slice(2);
const files = readdirSync(join(root, 'bench')).filter((name) => name.endsWith('.bench.ts'));
for (const file of files.sort()) {
  if (wanted.length > 0 && !wanted.some((word) => file.includes(word))) continue;
  const { run } = await import(pathToFileURL(join(root, 'bench', file)).href);
  console.log(await run());
}
