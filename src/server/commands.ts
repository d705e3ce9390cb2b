// What the command line tool can do, a bounded step at a time: run by the tool itself, or for it by a server, here over HTTP.
import { FormatError } from '../format/format-error.ts';
import { type Access, expectScope } from './api-key.ts';
import { readAudit } from './audit.ts';
import { clipSession } from './clip-session.ts';
import type { Command, Reply } from './command.ts';
import type { App } from './context.ts';
import { continueErasing, type EraseReceipt, eraseSessions, expectComplete, sessionsBefore } from './erase.ts';
import { exportSession } from './export-session.ts';
import { importSessions } from './import-sessions.ts';
import { createKey, listKeys, revokeKeys, type Scope } from './keys.ts';
import { parseCommand } from './parse-command.ts';
import { Problem, problemOf } from './problem.ts';
import { readKept } from './read-session.ts';
import { reindexStep } from './reindex.ts';
import { listShares, revokeShare } from './shares.ts';

/** Bytes of a command and its input, unpacked: the largest session fits. */
const INPUT_MAX = 64 * 1024 * 1024;
/** Characters that replies may wait for each other. */
const CHUNK = 32 * 1024;
/** Steps of purging in one go. */
const PURGES = 10;

/** Objects of the audit log that a step reads, for each session of its limit; and of which its replies are made at once. */
const AUDITED = 4;
const AUDITED_MAX = 1000;

/** What a key must be good for. */
const NEEDS: Record<Command['name'], Scope | 'owner'> = {
  import: 'owner',
  export: 'read',
  reindex: 'owner',
  erase: 'erase',
  finish_erase: 'erase',
  create_key: 'owner',
  list_keys: 'owner',
  revoke_key: 'owner',
  list_shares: 'read',
  revoke_share: 'read',
  audit: 'owner',
};

/** `key`: the name of who asks; `lines` is the input of an import. */
export async function* runCommand(
  app: Pick<App, 'ports' | 'writer' | 'keptSince' | 'audit'>,
  key: string,
  sessionsAtOnce: number,
  command: Command,
  lines: AsyncIterable<string>,
): AsyncGenerator<Reply> {
  const { ports, writer, audit } = app;
  switch (command.name) {
    case 'import': {
      await expectComplete(ports.catalog);
      const complaints: Reply[] = [];
      const imported = await importSessions(ports, writer, lines, (line, reason) => {
        complaints.push({ complaint: `${command.file}:${(command.after_line ?? 0) + line}: ${reason}` });
      });
      yield* complaints;
      yield { imported };
      return;
    }
    case 'export': {
      const { session_id, from = null, to = null } = command;
      const session = await readKept(app, session_id);
      if (!session) return yield { failed: 'There is no such session.' };
      audit.note({ key, act: 'export', session_id });
      for await (const line of exportSession(clipSession(session, { from, to }))) yield { line };
      return;
    }
    case 'reindex': {
      const progress = await reindexStep(ports, writer, sessionsAtOnce, command.from);
      if (progress.phase !== 'done') return yield { next: { name: 'reindex', from: progress } };
      const { sessions, unreadable } = progress;
      if (unreadable > 0) yield { complaint: `${unreadable} sessions have no readable object and are left out.` };
      return yield { line: `indexed ${sessions} sessions` };
    }
    case 'erase': {
      await writer.flush();
      const { ids, unasked } = await sessionsToErase(ports, command, sessionsAtOnce);
      const receipt = await eraseSessions(app, ids, 'erased', sessionsAtOnce);
      noteErasure(audit, key, command, receipt);
      if (receipt.erased.sessions === 0) await expectComplete(ports.catalog);
      if (unasked > 0) {
        yield { complaint: `${unasked} running sessions were left alone: erase again once they have ended.` };
      }
      return yield { next: { name: 'finish_erase', receipt } };
    }
    case 'finish_erase': {
      const { receipt } = command;
      const removed = await continueErasing(ports, sessionsAtOnce);
      if (removed) {
        receipt.erased.rows += removed.rows;
        receipt.erased.objects += removed.objects;
        return yield { next: { name: 'finish_erase', receipt } };
      }
      for (let i = 0; i < PURGES; i++) {
        if (!(await ports.catalog.purge())) return yield { line: JSON.stringify(receipt) };
        // Requests are answered between the steps.
        await new Promise<void>((resolve) => setTimeout(resolve));
      }
      return yield { next: { name: 'finish_erase', receipt } };
    }
    case 'create_key': {
      const reason = await createKey(ports, command.key);
      if (reason !== null) return yield { failed: reason };
      return audit.note({ key, act: 'create_key', name: command.key.name });
    }
    case 'list_keys': {
      for (const listed of await listKeys(ports)) yield { line: JSON.stringify(listed) };
      return;
    }
    case 'revoke_key': {
      if ((await revokeKeys(ports, command.key_name)) === 0) return yield { failed: 'There is no key of this name.' };
      return audit.note({ key, act: 'revoke_key', name: command.key_name });
    }
    case 'list_shares': {
      for (const { expires_at, ...share } of await listShares(ports))
        yield { line: JSON.stringify({ ...share, expires: new Date(expires_at).toISOString() }) };
      return;
    }
    case 'revoke_share': {
      const revoked = await revokeShare(ports, command.share_id);
      if (!revoked) return yield { failed: 'There is no share link of this id.' };
      return audit.note({ key, act: 'revoke_share', session_id: revoked.session_id, name: revoked.id });
    }
    case 'audit': {
      const { since, after = '' } = command;
      await audit.flush();
      const most = Math.min(AUDITED * sessionsAtOnce, AUDITED_MAX);
      const { lines: read, last } = await readAudit(ports.objects, since, after, most);
      for (const line of read) yield { line: JSON.stringify(line) };
      if (last !== null) yield { next: { name: 'audit', since, after: last } };
    }
  }
}

function noteErasure(
  audit: App['audit'],
  key: string,
  command: Extract<Command, { name: 'erase' }>,
  { at, erased: { sessions } }: EraseReceipt,
): void {
  if (sessions === 0) return;
  const line = { at, key, act: 'erase' } as const;
  if ('session' in command) audit.note({ ...line, session_id: command.session });
  else audit.note({ ...line, sessions, by: 'visitor' in command ? 'visitor' : 'time' });
}

async function sessionsToErase(ports: App['ports'], command: Extract<Command, { name: 'erase' }>, limit: number) {
  if ('session' in command) return { ids: [command.session], unasked: 0 };
  await expectComplete(ports.catalog);
  if ('before' in command) return sessionsBefore(ports, command.before, limit);
  return { ids: await ports.catalog.visitor(command.visitor), unasked: 0 };
}

/** Body: the command as one line of JSON, then its input. Answer: a reply a line. Throws Problem before the first, 403 where `access` does not go so far. */
export async function answerCommand(app: App, request: Request, access: Access): Promise<Response> {
  const lines = linesOf(request);
  const first = await lines.next();
  const command = commandOf(first.value);
  expectScope(access, NEEDS[command.name]);
  const replies = runCommand(app, access.name, app.options.sessionsAtOnce, command, lines);
  // A store that does not answer is a 503 as everywhere, as long as nothing was said yet.
  let ahead: IteratorResult<Reply, void> | null = await replies.next();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      let text = '';
      try {
        while (text.length < CHUNK) {
          const { value, done } = ahead ?? (await replies.next());
          ahead = null;
          if (value) text += `${JSON.stringify(value)}\n`;
          if (!done) continue;
          if (text) controller.enqueue(encoder.encode(text));
          return controller.close();
        }
      } catch (error) {
        text += `${JSON.stringify({ failed: sentenceOf(app, error) } satisfies Reply)}\n`;
        controller.enqueue(encoder.encode(text));
        return controller.close();
      }
      controller.enqueue(encoder.encode(text));
    },
  });
  return new Response(body, { headers: { 'content-type': 'application/x-ndjson' } });
}

/** A fault of the program is told to nobody but the log. */
function sentenceOf(app: App, error: unknown): string {
  const { status, reason, message } = problemOf(error);
  const line = { method: 'POST', route: '/replay/commands', status, ms: 0, reason };
  app.options.log(error instanceof Error ? { ...line, error } : line);
  return `${message[0]!.toUpperCase()}${message.slice(1)}.`;
}

function commandOf(line: string | undefined): Command {
  try {
    return parseCommand(JSON.parse(line ?? ''));
  } catch (error) {
    const detail = error instanceof FormatError ? error.message : 'the first line must be a command as JSON';
    throw new Problem(400, 'command', detail);
  }
}

/** Lines of a body, plain or with one layer of gzip. */
async function* linesOf(request: Request): AsyncGenerator<string, undefined> {
  if (!request.body) return;
  const isPacked = request.headers.get('content-encoding') === 'gzip';
  const unpack = () => new DecompressionStream('gzip') as ReadableWritablePair<Uint8Array, Uint8Array>;
  const reader = (isPacked ? request.body.pipeThrough(unpack()) : request.body).getReader();
  const decoder = new TextDecoder();
  let bytes = 0;
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
    if (bytes > INPUT_MAX) throw new Problem(413, 'body_size', `body must be at most ${INPUT_MAX} bytes, unpacked`);
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest) yield rest;
}
