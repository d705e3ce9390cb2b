// `npm run silhouette -- …`: import, export, reindex, erase; by itself, or through the server that has the data directory. Bundled to dist/cli.mjs.
import { createReadStream, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CatalogWriter } from '../server/catalog-writer.ts';
import { retention } from '../server/erase.ts';
import type { ImportResult } from '../server/import-sessions.ts';
import { StartError } from '../server/start-error.ts';
import { parseArguments, USAGE, UsageError } from './arguments.ts';
import { catchUp } from './catch-up.ts';
import { type Command, type Reply, runCommand } from './command.ts';
import { type ControlAddress, controlFile } from './control.ts';
import { readSettings, type Settings } from './settings.ts';
import { DatabaseLocked } from './sqlite.ts';
import { openStores } from './stores.ts';

/** Runs one command and hands on what it says. */
type Run = (command: Command, input: AsyncIterable<Uint8Array>, reply: (reply: Reply) => void) => Promise<void>;

/** ms to wait for a server that starts or ends, or another command, to let go of the directory. */
const PATIENCE = 5000;

async function main(args: string[]): Promise<void> {
  const commands = parseArguments(args);
  const { run, close } = await connect(readSettings(process.env));
  const total: ImportResult = { sessions: 0, events: 0, known: 0, refused: 0 };
  try {
    for (const command of commands) {
      await run(command, inputOf(command), (reply) => print(reply, total));
    }
  } finally {
    close();
  }
  if (commands[0]?.name === 'import') console.log(summaryOf(total));
}

/** Opens the stores, or finds the server that has them. */
async function connect(settings: Settings): Promise<{ run: Run; close: () => void }> {
  const { dataDir } = settings;
  for (const until = Date.now() + PATIENCE; ; await sleep(100)) {
    try {
      return await runHere(settings);
    } catch (error) {
      if (!(error instanceof DatabaseLocked)) throw error;
      const address = addressOf(dataDir);
      if (address) return { run: (...job) => runThere(address, ...job), close: () => {} };
      if (Date.now() > until) throw new Error(`${error.message} by another Silhouette that does not answer.`);
    }
  }
}

async function runHere({ dataDir, retentionDays }: Settings): Promise<{ run: Run; close: () => void }> {
  const { ports, close } = await openStores(dataDir);
  // Left by a server that was killed: whoever finds the directory in use must not look for that one.
  rmSync(controlFile(dataDir), { force: true });
  const app = { ports, writer: new CatalogWriter(ports), keptSince: retention(ports.clock, retentionDays) };
  await catchUp(app);
  return { run: (...job) => runCommand(app, ...job), close };
}

function addressOf(dataDir: string): ControlAddress | null {
  try {
    return JSON.parse(readFileSync(controlFile(dataDir), 'utf8'));
  } catch {
    return null;
  }
}

async function runThere({ port, token }: ControlAddress, ...[command, input, reply]: Parameters<Run>): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'x-command': encodeURIComponent(JSON.stringify(command)) };
  const sent = request({ host: '127.0.0.1', port, method: 'POST', headers, agent: false });
  const answered = new Promise<void>((resolve, reject) => {
    sent.once('error', reject);
    sent.once('response', async (response) => {
      if (response.statusCode !== 200) return reject(new Error('The server did not take the command.'));
      for await (const line of createInterface(response)) reply(JSON.parse(line) as Reply);
      if (response.complete) resolve();
      else reject(new Error('The server ended before it had done everything.'));
    });
  });
  await Promise.all([pipeline(input, sent), answered]);
}

async function* inputOf(command: Command): AsyncGenerator<Uint8Array> {
  if (command.name !== 'import') return;
  try {
    // npm runs scripts in the package's folder and tells where it was called.
    yield* createReadStream(resolve(process.env.INIT_CWD ?? '', command.file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    console.error(`${command.file}: ${code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`}`);
    process.exitCode = 1;
  }
}

function print(reply: Reply, total: ImportResult): void {
  if ('line' in reply) process.stdout.write(`${reply.line}\n`);
  else if ('complaint' in reply) console.error(reply.complaint);
  else if ('imported' in reply) {
    for (const name of ['sessions', 'events', 'known', 'refused'] as const) total[name] += reply.imported[name];
  } else {
    console.error(reply.failed);
    process.exitCode = 1;
  }
}

function summaryOf({ sessions, events, known, refused }: ImportResult): string {
  const parts = [`imported ${sessions} sessions, ${events} events`];
  if (known > 0) parts.push(`${known} sessions were here already`);
  if (refused > 0) parts.push(`${refused} lines could not be taken`);
  return parts.join('; ');
}

// A reader such as `head` may have enough before we do.
process.stdout.on('error', () => process.exit(0));

// Whatever is made in the data directory is for its owner's eyes alone.
process.umask(0o077);

main(process.argv.slice(2)).catch((error) => {
  if (error instanceof UsageError) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  console.error(error instanceof StartError ? error.message : String(error.message ?? error));
  process.exitCode = 1;
});
