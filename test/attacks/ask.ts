// One HTTP request exactly as it is written, which no browser and no fetch would make: any method, path, header, twice or wrong. Used by target.ts.
import { Agent, type OutgoingHttpHeaders, request } from 'node:http';
import type { Answer as BrowserAnswer } from '../fixtures/outsider.ts';

/** ms in which every request is answered whole. */
export const PATIENCE_MS = 5000;

export interface Request {
  method?: string;
  path?: string;
  /** A list of values sends the header that often. */
  headers?: OutgoingHttpHeaders;
  body?: string | Uint8Array;
}

export type Answer = BrowserAnswer;

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Rejects where no whole answer comes in time. */
export function ask(origin: string, { method = 'GET', path = '/', headers = {}, body }: Request): Promise<Answer> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const sent = request({ agent, hostname, port, method, path, headers, setDefaultHeaders: false }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(pieces).toString();
        const given = new Headers();
        for (let i = 0; i < response.rawHeaders.length; i += 2) {
          given.append(response.rawHeaders[i]!, response.rawHeaders[i + 1]!);
        }
        const isJson = /[/+]json/.test(given.get('content-type') ?? '') && text !== '';
        resolve({
          status: response.statusCode ?? 0,
          headers: given,
          text,
          json: isJson ? JSON.parse(text) : undefined,
        });
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
