// `npm start` as a newcomer runs it, and each way it can be ended: no process may be left behind.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { environment, ROOT, ready } from '../fixtures/server.ts';

describe('npm start', () => {
  it('makes nothing anew when all is built, and answers within 3 s of the processor, with the demo on', async (context) => {
    const { origin, child, output } = await start();
    expect((await fetch(`${origin}/demo/`)).status).toBe(200);
    expect(output.stderr).not.toMatch(/Installing|Building/);
    if (process.platform !== 'linux') return context.skip('this system does not tell how long a process worked');
    expect(workedFor(child.pid!)).toBeLessThan(3000);
  });

  it('prints nothing but the greeting on standard output', async () => {
    const { output } = await start();
    expect(output.stdout.split('\n')[0]).toBe('Silhouette is ready.');
  });

  it('ends within 10 s by SIGTERM to npm', async () => {
    const { child, origin } = await start();
    child.kill('SIGTERM');
    await expectGone(origin);
  });

  it('ends within 10 s by Ctrl-C, which the whole process group gets', async () => {
    const { child, origin } = await start();
    process.kill(-child.pid!, 'SIGINT');
    await expectGone(origin);
  });

  it('ends when npm is killed without a word', async () => {
    const { child, origin } = await start();
    child.kill('SIGKILL');
    await expectGone(origin);
  });

  it('ends npm too when the server is told to end', async () => {
    const { child, output, dataDir } = await start();
    process.kill(pidOfServer(dataDir), 'SIGTERM');
    await vi.waitUntil(() => child.exitCode !== null || child.signalCode !== null, { timeout: 10_000 });
    expect(child.exitCode, output.stderr).toBe(0);
  });

  it('starts on the right Node where the one at hand is too old', async (context) => {
    const old = nodesOfTheMachine().find((node) => execFileSync(node, ['-v'], { encoding: 'utf8' }).startsWith('v20.'));
    if (!old) return context.skip('there is no Node 20 on this machine');
    const { origin, child } = await start([old, join(ROOT, 'scripts/start.mjs')]);
    expect((await fetch(`${origin}/health`)).status).toBe(200);
    child.kill('SIGTERM');
    await expectGone(origin);
  });
});

async function start(command = ['npm', 'start', '--silent']) {
  const dataDir = temporaryFolder();
  const env = environment({ PORT: '0', DATA_DIR: dataDir });
  const child = spawn(command[0]!, command.slice(1), { cwd: ROOT, env, detached: true });
  const { origin, output } = await ready(child, dataDir);
  onTestFinished(() => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // Nobody of the group is left, as it should be.
    }
  });
  return { child, origin, output, dataDir };
}

async function expectGone(origin: string): Promise<void> {
  const isGone = () =>
    fetch(`${origin}/health`).then(
      () => false,
      () => true,
    );
  await vi.waitUntil(isGone, { timeout: 10_000, interval: 50 });
}

/** ms of the processor that a process and all that it started have taken, whatever else the machine did meanwhile. */
function workedFor(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // What follows its name, which may hold anything: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return children.reduce((sum, child) => sum + workedFor(Number(child)), own);
}

function pidOfServer(dataDir: string): number {
  return JSON.parse(readFileSync(join(dataDir, 'control.json'), 'utf8')).pid;
}

/** Those that the path leads to beside the project's own. */
function nodesOfTheMachine(): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  return folders.map((folder) => join(folder, 'node')).filter((path) => existsSync(path));
}
