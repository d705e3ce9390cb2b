// Bytes to the server as they stand, which no HTTP client would send, and all that comes back. Used by the raw lines of the catalogue.
import { connect } from 'node:net';
import { PATIENCE_MS } from './ask.ts';

export interface Exchange {
  /** All that the server said, as latin1. */
  text: string;
  /** Status of each answer. */
  statuses: number[];
  /** The server ended the connection, or both did. */
  closed: boolean;
}

/**
 * Sends pieces one after the other and, unless `open` is said, ends its side. Resolves when the connection is closed or, where the server keeps it
 * open, after `quiet` ms without a word.
 */
export function exchange(
  origin: string,
  pieces: readonly (string | Uint8Array)[],
  { quiet = PATIENCE_MS, open = false } = {},
): Promise<Exchange> {
  return new Promise((resolve) => {
    const socket = connect({ port: Number(new URL(origin).port), host: '127.0.0.1', noDelay: true });
    let text = '';
    const end = (closed: boolean) => {
      socket.destroy();
      resolve({
        text,
        statuses: [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status)),
        closed,
      });
    };
    socket.setEncoding('latin1');
    socket.setTimeout(quiet, () => end(false));
    socket.on('data', (more) => {
      text += more;
    });
    // Whoever is cut off in the middle of sending sees an error, and what was said before.
    socket.on('error', () => {});
    socket.on('close', () => end(true));
    const bytes = pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece));
    socket.write(Buffer.concat(bytes));
    if (!open) socket.end();
  });
}

/** A request with these lines in its head. */
export function request(line: string, heads: readonly string[], body = ''): string {
  return [line, 'Host: 127.0.0.1', ...heads, '', body].join('\r\n');
}
