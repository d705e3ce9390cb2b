// One HTTP request exactly as it is written, which no browser and no fetch would make: any method, path, header, twice or wrong. Used by target.ts.
import { Agent, type IncomingMessage, request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { Answer as BrowserAnswer } from '../fixtures/outsider.ts';

/** ms in which every request is answered: a machine at rest needs a fraction of what nobody would wait for, a busy one has its time. */
export const PATIENCE_MS = 20_000;

export interface Request {
  method?: string;
  path?: string;
  /** A list of values sends the header that often. */
  headers?: Record<string, string | string[]>;
  body?: string | Uint8Array;
  /** Another loopback address to come from, where the system has them. */
  from?: string;
}

export type Answer = BrowserAnswer;

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Rejects where no whole answer comes in time. */
export function ask(
  origin: string,
  { method = 'GET', path = '/', headers = {}, body, from }: Request,
): Promise<Answer> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const way = { hostname, port, ...(from !== undefined && { localAddress: from }) };
    const sent = request({ agent, ...way, method, path, headers, setDefaultHeaders: false }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        try {
          resolve(answerOf(response, Buffer.concat(pieces)));
        } catch (error) {
          reject(error);
        }
      });
    });
    sent.setTimeout(PATIENCE_MS, () => sent.destroy(new Error(`${method} ${path} was not answered in time`)));
    sent.on('error', reject);
    if (headers.host === undefined) sent.setHeader('host', `${hostname}:${port}`);
    if (body !== undefined && headers['transfer-encoding'] === undefined && headers['content-length'] === undefined) {
      sent.setHeader('content-length', Buffer.byteLength(body));
    }
    sent.end(body);
  });
}

function answerOf({ statusCode, rawHeaders }: IncomingMessage, body: Buffer): Answer {
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i]!, rawHeaders[i + 1]!);
  const text = (headers.get('content-encoding') === 'gzip' ? gunzipSync(body) : body).toString();
  const isJson = /[/+]json/.test(headers.get('content-type') ?? '') && text !== '';
  return { status: statusCode ?? 0, headers, text, json: isJson ? JSON.parse(text) : undefined };
}
