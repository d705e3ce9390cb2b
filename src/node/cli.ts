// `npm run silhouette -- …`: import, export, reindex, erase, keys, audit; by itself, through the server that has the data directory, or at SILHOUETTE_SERVER. Bundled to dist/cli.mjs.
import { createReadStream, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { COMMAND_LINE } from '../server/api-key.ts';
import { Audit } from '../server/audit.ts';
import { CatalogWriter } from '../server/catalog-writer.ts';
import type { Command, Reply } from '../server/command.ts';
import { runCommand } from '../server/commands.ts';
import { Counters } from '../server/counters.ts';
import { retention } from '../server/erase.ts';
import type { ImportResult } from '../server/import-sessions.ts';
import { makeKey } from '../server/keys.ts';
import { StartError } from '../server/start-error.ts';
import { type NewKeyWanted, parseArguments, USAGE, UsageError } from './arguments.ts';
import { catchUp } from './catch-up.ts';
import { type ControlAddress, controlFile } from './control.ts';
import { linesOf } from './lines.ts';
import { type Run, runAt, serverOf } from './remote.ts';
import { readSettings, type Settings } from './settings.ts';
import { slicesOf } from './slices.ts';
import { DatabaseLocked } from './sqlite.ts';
import { openStores } from './stores.ts';

/** ms to wait for a server that starts or ends, or another command, to let go of the directory. */
const PATIENCE = 5000;

async function main(args: string[]): Promise<void> {
  const commands = parseArguments(args);
  const { run, close } = await connect(readSettings(process.env));
  const total: ImportResult = { sessions: 0, events: 0, known: 0, refused: 0 };
  try {
    for (const command of commands) {
      if (command.name === 'import') await importFile(run, command.file, total);
      else if (command.name === 'make_key') await createKey(run, command, total);
      else await runToTheEnd(run, command, [], total);
    }
  } finally {
    await close();
  }
  if (commands[0]?.name === 'import') console.log(summaryOf(total));
}

interface Connection {
  run: Run;
  close(): Promise<void>;
}

/** Opens the stores, or finds the server that has them. */
async function connect(settings: Settings): Promise<Connection> {
  const { dataDir, apiKey } = settings;
  const close = async () => {};
  if (process.env.SILHOUETTE_SERVER) {
    const origin = serverOf(process.env.SILHOUETTE_SERVER);
    if (apiKey === null) throw new StartError(`API_KEY must be set to the key of ${origin}.`);
    return { run: runAt(origin, apiKey), close };
  }
  for (const until = Date.now() + PATIENCE; ; await sleep(100)) {
    try {
      return await runHere(settings);
    } catch (error) {
      if (!(error instanceof DatabaseLocked)) throw error;
      const address = addressOf(dataDir);
      if (address) return { run: runAt(`http://127.0.0.1:${address.port}`, address.token), close };
      if (Date.now() > until) throw new Error(`${error.message} by another Silhouette that does not answer.`);
    }
  }
}

async function runHere({ dataDir, retentionDays }: Settings): Promise<Connection> {
  const { ports, close } = await openStores(dataDir);
  // Left by a server that was killed: whoever finds the directory in use must not look for that one.
  rmSync(controlFile(dataDir), { force: true });
  // What it writes behind answers is waited for at the end.
  const audit = new Audit(ports, { counters: new Counters(), background: () => {} });
  const app = { ports, writer: new CatalogWriter(ports), keptSince: retention(ports.clock, retentionDays), audit };
  await catchUp(app);
  async function* run(command: Command, lines: string[]): AsyncGenerator<Reply> {
    yield* runCommand(app, COMMAND_LINE.name, Number.POSITIVE_INFINITY, command, each(lines));
  }
  return {
    run,
    async close() {
      await audit.flush();
      close();
    },
  };
}

async function* each(lines: string[]): AsyncGenerator<string> {
  yield* lines;
}

function addressOf(dataDir: string): ControlAddress | null {
  try {
    return JSON.parse(readFileSync(controlFile(dataDir), 'utf8'));
  } catch {
    return null;
  }
}

async function importFile(run: Run, file: string, total: ImportResult): Promise<void> {
  const complain = (line: number, reason: string) => print({ complaint: `${file}:${line}: ${reason}` }, total);
  try {
    // npm runs scripts in the package's folder and tells where it was called.
    const input = createReadStream(resolve(process.env.INIT_CWD ?? '', file));
    for await (const { after_line, lines } of slicesOf(linesOf(input, complain))) {
      await runToTheEnd(run, { name: 'import', file, after_line }, lines, total);
    }
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall !== 'open' && syscall !== 'read') throw error;
    console.error(`${file}: ${code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`}`);
    process.exitCode = 1;
  }
}

/** The key itself never leaves this process but by standard output. */
async function createKey(run: Run, wanted: NewKeyWanted, total: ImportResult): Promise<void> {
  const { key_name: name, scopes, expires_at } = wanted;
  const { key, id, digest } = await makeKey();
  await runToTheEnd(run, { name: 'create_key', key: { id, name, scopes, digest, expires_at } }, [], total);
  process.stdout.write(`${key}\n`);
}

/** Step by step, as long as there is a next one. */
async function runToTheEnd(run: Run, first: Command, lines: string[], total: ImportResult): Promise<void> {
  for (let command: Command | null = first; command; ) {
    let next: Command | null = null;
    for await (const reply of run(command, lines)) {
      if ('next' in reply) next = reply.next;
      else print(reply, total);
    }
    command = next;
  }
}

function print(reply: Exclude<Reply, { next: Command }>, total: ImportResult): void {
  if ('line' in reply) process.stdout.write(`${reply.line}\n`);
  else if ('complaint' in reply) {
    console.error(reply.complaint);
  } else if ('imported' in reply) {
    for (const name of ['sessions', 'events', 'known', 'refused'] as const) total[name] += reply.imported[name];
  } else throw new Error(reply.failed);
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
