// Installs what package-lock.json names and node_modules lacks. Called by every npm script, on any Node >= 20.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs `npm ci` where the installation is not the lockfile's; what npm says goes to standard error. */
export function ensureInstalled() {
  if (isInstalled()) return;
  console.error('Installing packages …');
  const npm = process.env.npm_execpath;
  // What builds is a development dependency, wherever this runs.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync(npm ? process.execPath : 'npm', npm ? [npm, ...args] : args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (result.status !== 0) {
    console.error('npm ci failed: its words above say why. Mend that and run the same command again.');
    process.exit(1);
  }
}

/** npm writes its hidden lockfile last: what it names is there. Optional packages may be absent, never of another version. */
function isInstalled() {
  const installed = packages('node_modules/.package-lock.json');
  const wanted = packages('package-lock.json');
  if (!installed || !wanted) return false;
  return Object.entries(wanted).every(([path, { integrity, optional }]) => {
    if (path === '') return true;
    return installed[path] ? installed[path].integrity === integrity : optional === true;
  });
}

function packages(lockfile) {
  try {
    return JSON.parse(readFileSync(`${root}/${lockfile}`, 'utf8')).packages;
  } catch {
    return null;
  }
}
