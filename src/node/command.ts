// What the command line tool can do, over the app's ports: run by cli.ts itself, or by the server for it (control.ts).
import { setImmediate } from 'node:timers/promises';
import type { App } from '../server/context.ts';
import { eraseSessions, sessionsBefore } from '../server/erase.ts';
import { exportSession } from '../server/export-session.ts';
import { type ImportResult, importSessions } from '../server/import-sessions.ts';
import { readKept } from '../server/read-session.ts';
import { reindex } from '../server/reindex.ts';
import { linesOf } from './lines.ts';

export type Command =
  /** `file` is the name that complaints bear; its bytes come as the input. */
  | { name: 'import'; file: string }
  | { name: 'export'; session_id: string }
  | { name: 'reindex' }
  | { name: 'erase'; session: string }
  | { name: 'erase'; visitor: string }
  /** Epoch ms. */
  | { name: 'erase'; before: number };

export type Reply =
  /** A line of the result. */
  | { line: string }
  /** A sentence about what could not be done. */
  | { complaint: string }
  | { imported: ImportResult }
  /** The command as a whole came to nothing. */
  | { failed: string };

export async function runCommand(
  app: Pick<App, 'ports' | 'writer' | 'keptSince'>,
  command: Command,
  input: AsyncIterable<Uint8Array>,
  reply: (reply: Reply) => void,
): Promise<void> {
  const { ports, writer } = app;
  switch (command.name) {
    case 'import': {
      const complain = (line: number, reason: string) => reply({ complaint: `${command.file}:${line}: ${reason}` });
      const imported = await importSessions(ports, writer, linesOf(input, complain), complain);
      return reply({ imported });
    }
    case 'export': {
      const session = await readKept(app, command.session_id);
      if (!session) return reply({ failed: 'There is no such session.' });
      for (const line of exportSession(session)) reply({ line });
      return;
    }
    case 'reindex': {
      const { sessions, unreadable } = await reindex(ports, writer);
      if (unreadable > 0) reply({ complaint: `${unreadable} sessions have no readable object and are left out.` });
      return reply({ line: `indexed ${sessions} sessions` });
    }
    case 'erase': {
      await writer.flush();
      const receipt = await eraseSessions(ports, writer, await sessionsToErase(ports, command), 'erased');
      while (await ports.catalog.purge()) await setImmediate();
      return reply({ line: JSON.stringify(receipt) });
    }
  }
}

async function sessionsToErase(ports: App['ports'], command: Extract<Command, { name: 'erase' }>): Promise<string[]> {
  if ('session' in command) return [command.session];
  if ('visitor' in command) return ports.catalog.visitor(command.visitor);
  return sessionsBefore(ports, command.before);
}
