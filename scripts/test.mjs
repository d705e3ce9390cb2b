// `npm test`: installs what is missing (Debian's Chromium too, where it may), builds, runs every test, and ends with the count.
// Arguments go to vitest: `npm test -- --project unit`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled, root } from './install.mjs';
import { runNode } from './right-node.mjs';

const REPORT = join(root, 'test/output/report.json');

ensureInstalled();
const counts = { passed: 0, failed: 0, skipped: 0 };
let code = 1;
try {
  await ensureBuilt();
  process.env.CHROMIUM ||= findChromium() ?? installChromium() ?? '';
  mkdirSync(join(root, 'test/output'), { recursive: true });
  rmSync(REPORT, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  code = await runNode([join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...process.argv.slice(2)]);
  count(JSON.parse(readFileSync(REPORT, 'utf8')));
} catch (error) {
  console.error(error);
}
// A crash of the runner, an unhandled error or a file that cannot be loaded is a failure that no test stands for.
if (code !== 0 && counts.failed === 0) counts.failed = 1;
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;

function count(report) {
  counts.passed = report.numPassedTests;
  counts.failed = report.numFailedTests;
  counts.skipped = report.numPendingTests + report.numTodoTests;
  for (const file of report.testResults) {
    if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed')) counts.failed++;
  }
}

/** A Chromium or Chrome on this machine; null: none. */
function findChromium() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  paths.push(
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  );
  return paths.find((path) => existsSync(path)) ?? null;
}

/** Debian's package, where we are root there; null: the browser tests are skipped and say so. */
function installChromium() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return null;
  console.error('Installing chromium …');
  const options = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['update', '-qq'], options);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation'], options);
  return findChromium();
}
