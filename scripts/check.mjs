// `npm run check`: formatting and lint, types with the import law of the references, and the laws that those cannot express.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { ensureBuilt, filesBelow } from './build.mjs';
import { ensureInstalled, root } from './install.mjs';

const LINES_MAX = 400;
const FORBIDDEN_FOLDERS = new Set(['utils', 'util', 'shared', 'common', 'helpers', 'lib', 'misc']);
const IMPORT = /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?\s*'(\.[^']+)'/g;

ensureInstalled();
await ensureBuilt();

const results = [
  run('format and lint', 'biome', ['ci', '--diagnostic-level=warn', '--error-on-warnings', '.']),
  run('types and references', 'tsc', ['-b', 'tsconfig.json']),
  run('types of tests', 'tsc', ['-p', 'test/tsconfig.json']),
  run('types of tests in workerd', 'tsc', ['-p', 'test/workers/tsconfig.json']),
  lawsOfTheHouse(),
];
process.exitCode = results.every(Boolean) ? 0 : 1;

function run(title, tool, args) {
  const { status } = spawnSync(join(root, 'node_modules/.bin', tool), args, { cwd: root, stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${title}`);
  return status === 0;
}

function lawsOfTheHouse() {
  const files = ['src', 'test', 'bench', 'scripts']
    .flatMap((folder) => [...filesBelow(join(root, folder))])
    .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !/[\\/](generated|output|site)[\\/]/.test(relative(root, path)));
  const faults = [...files.flatMap(faultsOf), ...importCycles(files)];
  for (const fault of faults) console.log(`  ${fault}`);
  console.log(`${faults.length === 0 ? 'ok    ' : 'FAILED'} names, lengths, barrels, cycles`);
  return faults.length === 0;
}

function faultsOf(path) {
  const name = relative(root, path);
  const text = readFileSync(path, 'utf8');
  const faults = [];
  const lines = text.split('\n').length - 1;
  if (lines > LINES_MAX) faults.push(`${name}: ${lines} lines, at most ${LINES_MAX}`);
  const folder = dirname(name)
    .split(/[\\/]/)
    .find((part) => FORBIDDEN_FOLDERS.has(part));
  if (folder) faults.push(`${name}: a folder called ${folder} says nothing of what is in it`);
  if (/^index\.tsx?$/.test(basename(path))) faults.push(`${name}: no barrel files`);
  if (/(?:^|\n)export\s+(?:type\s+)?(?:\*|\{[^}]*\})\s*(?:as\s+\w+\s+)?from\s/.test(text))
    faults.push(`${name}: exports what another file owns`);
  if (!/^(?:#!.*\n)?(?:\/\/|\/\*)/.test(text)) faults.push(`${name}: the first line must say what the file is`);
  return faults;
}

/** Every cycle of imports once, types included. */
function importCycles(files) {
  const graph = new Map(files.map((path) => [path, importsOf(path)]));
  const done = new Set();
  const cycles = [];
  const visit = (path, way) => {
    const at = way.indexOf(path);
    if (at >= 0) cycles.push(`cycle: ${[...way.slice(at), path].map((file) => relative(root, file)).join(' → ')}`);
    if (at >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of files) visit(path, []);
  return cycles;
}

function importsOf(path) {
  return [...readFileSync(path, 'utf8').matchAll(IMPORT)].map((match) => resolve(dirname(path), match[1]));
}
