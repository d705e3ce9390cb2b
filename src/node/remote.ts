// Commands by HTTP, for a server elsewhere or the one that has the data directory. Called by cli.ts.
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Command, Reply } from '../server/command.ts';
import { StartError } from '../server/start-error.ts';

/** Runs one command; `lines` is the input of an import. */
export type Run = (command: Command, lines: string[]) => AsyncIterable<Reply>;

/** How often a server is asked that says "later", and the most seconds in between. */
const ATTEMPTS = 4;
const PAUSE_MAX = 30;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** The origin that SILHOUETTE_SERVER names. Throws StartError. */
export function serverOf(address: string): string {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol) || !/^\/?$/.test(url.pathname + url.search)) {
    throw new StartError('SILHOUETTE_SERVER must be the address of a server, such as https://replay.example.com.');
  }
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    throw new StartError(
      `SILHOUETTE_SERVER must begin with https: by http everybody on the way to ${url.hostname} would read the key.`,
    );
  }
  return url.origin;
}

/** Every command may be sent twice: it changes nothing the second time. */
export function runAt(origin: string, key: string): Run {
  return async function* run(command, lines) {
    for (let attempt = 1; ; attempt++) {
      const answer = await post(origin, key, '/replay/commands', [JSON.stringify(command), ...lines, ''].join('\n'));
      if (answer.statusCode === 200) return yield* repliesOf(answer);
      const detail = await detailOf(answer);
      const isLater = answer.statusCode === 503 || answer.statusCode === 429;
      if (!isLater || attempt >= ATTEMPTS) throw new Error(sentenceOf(origin, answer.statusCode, detail));
      await sleep(1000 * Math.min(Number(answer.headers['retry-after']) || 1, PAUSE_MAX));
    }
  };
}

/** Asks the server of this machine, and resolves once it has done it. */
export async function askHere(origin: string, token: string, path: string, text: string): Promise<void> {
  const answer = await post(origin, token, path, text);
  const detail = await detailOf(answer);
  if (answer.statusCode !== 204) throw new Error(`The server refuses: ${detail}.`);
}

function post(origin: string, key: string, path: string, text: string): Promise<IncomingMessage> {
  const body = gzipSync(text);
  const url = new URL(path, origin);
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/x-ndjson',
    'content-encoding': 'gzip',
    'content-length': body.length,
  };
  return new Promise((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, { method: 'POST', headers });
    sent.once('error', (error: NodeJS.ErrnoException) => {
      reject(new Error(`${origin} cannot be reached: ${error.code ?? error.message}.`, { cause: error }));
    });
    sent.once('response', resolve);
    sent.end(body);
  });
}

async function* repliesOf(answer: IncomingMessage): AsyncGenerator<Reply> {
  const isBroken = (error: unknown) => {
    throw new Error('The server ended before it had done everything.', { cause: error });
  };
  // Node's own reader of lines ends them at signs that may stand in a text, too.
  let rest = '';
  try {
    for await (const chunk of answer.setEncoding('utf8') as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      for (const line of lines) yield JSON.parse(line) as Reply;
    }
  } catch (error) {
    isBroken(error);
  }
  if (!answer.complete || rest !== '') isBroken(null);
}

/** Of an error as the API gives it; null for another's answer. */
async function detailOf(answer: IncomingMessage): Promise<string | null> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += chunk;
  try {
    return (JSON.parse(text) as { detail?: string }).detail ?? null;
  } catch {
    return null;
  }
}

function sentenceOf(origin: string, status: number | undefined, detail: string | null): string {
  if (status === 401) return `${origin} does not take the key: API_KEY must be that of this server.`;
  if (detail === null || status === 404) return `At ${origin} no Silhouette takes commands (it answers ${status}).`;
  return `${origin} refuses: ${detail}.`;
}
