// How the command line tool reaches a running server: a listener on the loopback, whose address and token only the owner's files tell.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { COMMAND_LINE } from '../server/api-key.ts';
import { answerCommand } from '../server/commands.ts';
import type { App } from '../server/context.ts';
import { Problem, problemOf } from '../server/problem.ts';

/** What stands in control.json. */
export interface ControlAddress {
  port: number;
  token: string;
  /** The server, for those who want to know who has the data directory. */
  pid: number;
  /** Where the server itself listens, such as http://127.0.0.1:8787. */
  origin: string;
}

export function controlFile(dataDir: string): string {
  return join(dataDir, 'control.json');
}

export interface Control {
  /** Takes no more commands; resolves when the running ones are done or cut off. */
  stop(): Promise<void>;
}

/** Where a backup asks for what is in no object yet; body: the folder. No address that is reachable from elsewhere takes one. */
export const SNAPSHOT_PATH = '/snapshot';

/** What the control needs of the stores. */
interface ControlledStores {
  /** Runs before the tool is told that its command is done. */
  checkpoint(): void;
  snapshot(folder: string): Promise<void>;
}

export async function startControl(
  app: App,
  dataDir: string,
  stores: ControlledStores,
  origin: string,
): Promise<Control> {
  const token = randomBytes(32).toString('hex');
  const server = createServer((request, response) => {
    answer(app, stores, token, request, response)
      .then(() => stores.checkpoint())
      .catch((error) => refuse(response, problemOf(error)))
      .finally(() => response.end());
  });
  // An import may be longer than any request of a visitor.
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const file = controlFile(dataDir);
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify({ port, token, pid: process.pid, origin } satisfies ControlAddress), {
    mode: 0o600,
  });
  return {
    async stop() {
      rmSync(file, { force: true });
      await new Promise((resolve) => {
        server.close(resolve);
        setTimeout(() => server.closeAllConnections(), 3000).unref();
      });
    },
  };
}

async function answer(
  app: App,
  stores: ControlledStores,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const given = Buffer.from(request.headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return refuse(response, new Problem(401, 'key', 'this is not the token of control.json'));
  }
  if (request.url === SNAPSHOT_PATH) {
    app.audit.note({ key: COMMAND_LINE.name, act: 'backup' });
    await stores.snapshot(gunzipSync(await buffer(request)).toString());
    response.writeHead(204);
    return;
  }
  const headers = { 'content-encoding': request.headers['content-encoding'] ?? 'identity' };
  const body = Readable.toWeb(request) as ReadableStream<Uint8Array>;
  const init = { method: 'POST', headers, body, duplex: 'half' } as const;
  const answered = await answerCommand(app, new Request('http://127.0.0.1/replay/commands', init), COMMAND_LINE);
  response.writeHead(answered.status, Object.fromEntries(answered.headers));
  for await (const chunk of answered.body!) {
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
}

function refuse(response: ServerResponse, problem: Problem): void {
  const { body, headers } = problem.toAnswer();
  if (!response.headersSent) response.writeHead(problem.status, headers).write(body);
}
