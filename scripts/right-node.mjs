// Finds a Node that can run the product and runs a script on it. Called by the npm scripts, on any Node >= 20.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';

/** Path of this Node if its SQLite has all that is needed (FTS5), else of the installed one; else ends with a sentence. */
export function rightNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major >= 24 || (major === 22 && minor >= 16)) return process.execPath;
  const installed = join(root, 'node_modules/.bin/node');
  if (existsSync(installed)) return installed;
  console.error(
    `Silhouette needs Node 24, or 22.16 or newer, and this is ${process.versions.node}: install one from https://nodejs.org and run the same command again.`,
  );
  process.exit(1);
}

/** Runs Node with these arguments, hands signals on to it, and resolves to its exit code. */
export function runNode(args, { env = process.env, stdio = 'inherit' } = {}) {
  // Node 22 says that node:sqlite is experimental: nothing a user can act on.
  const child = spawn(rightNode(), ['--disable-warning=ExperimentalWarning', ...args], { env, stdio });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

/**
 * Where npm, or the shell it runs scripts in, dies without a word, this process was left behind: it ends itself as by
 * SIGTERM. A process that was started on its own watches nobody.
 */
export function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const ancestors = () => `${process.ppid} ${parentOf(process.ppid)}`;
  const before = ancestors();
  setInterval(() => {
    if (ancestors() !== before) process.kill(process.pid, 'SIGTERM');
  }, 500).unref();
}

/** Where the system tells it: Linux. */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')')).split(' ')[2];
  } catch {
    return null;
  }
}
