// `npm run silhouette -- …`: import, export, reindex, erase, keys, shares, audit, backup, restore, doctor; by itself, through the server that has the data directory, or at SILHOUETTE_SERVER. Bundled to dist/cli.mjs.
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Command, Reply } from '../server/command.ts';
import type { ImportResult } from '../server/import-sessions.ts';
import { makeKey } from '../server/keys.ts';
import { StartError } from '../server/start-error.ts';
import { type NewKeyWanted, parseArguments, USAGE, UsageError } from './arguments.ts';
import { makeBackup } from './backup.ts';
import { type Connection, connect } from './connect.ts';
import { examine } from './doctor/examine.ts';
import { ownServer } from './doctor/own-server.ts';
import { linesOf } from './lines.ts';
import type { Run } from './remote.ts';
import { restoreBackup } from './restore.ts';
import { readSettings, type Settings } from './settings.ts';
import { slicesOf } from './slices.ts';

async function main(args: string[]): Promise<void> {
  const commands = parseArguments(args);
  if (commands.length === 0) return console.log(USAGE);
  const settings = readSettings(process.env);
  if (commands[0]?.name === 'restore') return restore(settings, commands[0].folder);
  if (commands[0]?.name === 'doctor') return doctor(settings, commands[0].page);
  const { run, snapshot, close } = await connect(settings);
  const total: Total = { sessions: 0, events: 0, known: 0, refused: 0, complaint: null };
  try {
    for (const command of commands) {
      if (command.name === 'import') await importFile(run, command.file, total);
      else if (command.name === 'make_key') await createKey(run, command, total);
      else if (command.name === 'backup') await backup(settings, command.folder, snapshot);
      else if (command.name !== 'restore' && command.name !== 'doctor') await runToTheEnd(run, command, [], total);
    }
  } finally {
    await close();
  }
  if (commands[0]?.name !== 'import') return;
  console.log(summaryOf(total));
  if (total.complaint === null || total.sessions + total.known > 0) return;
  console.error(`nothing could be taken; the first of ${total.refused} refused lines is ${total.complaint}`);
  process.exitCode = 1;
}

/** Of all files that are imported, and the first of what is complained of. */
type Total = ImportResult & { complaint: string | null };

async function backup({ dataDir }: Settings, folder: string, snapshot: Connection['snapshot']): Promise<void> {
  if (!snapshot) throw elsewhere('backup');
  const { files, bytes } = await makeBackup(dataDir, pathOf(folder), snapshot);
  console.log(`backed up ${files} files, ${bytes} bytes, to ${pathOf(folder)}`);
}

async function restore({ dataDir, thresholds }: Settings, folder: string): Promise<void> {
  if (process.env.SILHOUETTE_SERVER) throw elsewhere('restore');
  const { files, bytes, sessions } = await restoreBackup(dataDir, pathOf(folder), thresholds);
  console.log(`restored ${files} files, ${bytes} bytes, to ${dataDir}: ${sessions} sessions`);
}

/** A line a check; 1 where there is a problem. */
async function doctor(settings: Settings, page: URL): Promise<void> {
  for await (const { level, text } of examine(page, ownServer(settings))) {
    process.stdout.write(`${level.padEnd(9)}${text}\n`);
    if (level === 'problem') process.exitCode = 1;
  }
}

function elsewhere(command: string): StartError {
  return new StartError(`${command} runs on the machine that has the data: unset SILHOUETTE_SERVER.`);
}

/** npm runs scripts in the package's folder and tells where it was called. */
function pathOf(file: string): string {
  return resolve(process.env.INIT_CWD ?? '', file);
}

async function importFile(run: Run, file: string, total: Total): Promise<void> {
  const complain = (line: number, reason: string) => {
    total.refused++;
    print({ complaint: `${file}:${line}: ${reason}` }, total);
  };
  try {
    const input = createReadStream(pathOf(file));
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
async function createKey(run: Run, wanted: NewKeyWanted, total: Total): Promise<void> {
  const { key_name: name, scopes, expires_at } = wanted;
  const { key, id, digest } = await makeKey();
  await runToTheEnd(run, { name: 'create_key', key: { id, name, scopes, digest, expires_at } }, [], total);
  process.stdout.write(`${key}\n`);
}

/** Step by step, as long as there is a next one. */
async function runToTheEnd(run: Run, first: Command, lines: string[], total: Total): Promise<void> {
  for (let command: Command | null = first; command; ) {
    let next: Command | null = null;
    for await (const reply of run(command, lines)) {
      if ('next' in reply) next = reply.next;
      else print(reply, total);
    }
    command = next;
  }
}

function print(reply: Exclude<Reply, { next: Command }>, total: Total): void {
  if ('line' in reply) process.stdout.write(`${reply.line}\n`);
  else if ('complaint' in reply) {
    total.complaint ??= reply.complaint;
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

// Copying and syncing thousands of files waits for the disk, not for this process: Node's four threads would be too few.
process.env.UV_THREADPOOL_SIZE ??= '32';

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
