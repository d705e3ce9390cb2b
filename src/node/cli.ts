// `npm run silhouette -- …`: import, export, reindex, erase, keys, audit; by itself, through the server that has the data directory, or at SILHOUETTE_SERVER. Bundled to dist/cli.mjs.
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Command, Reply } from '../server/command.ts';
import type { ImportResult } from '../server/import-sessions.ts';
import { makeKey } from '../server/keys.ts';
import { StartError } from '../server/start-error.ts';
import { type NewKeyWanted, parseArguments, USAGE, UsageError } from './arguments.ts';
import { connect } from './connect.ts';
import { linesOf } from './lines.ts';
import type { Run } from './remote.ts';
import { readSettings } from './settings.ts';
import { slicesOf } from './slices.ts';

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
