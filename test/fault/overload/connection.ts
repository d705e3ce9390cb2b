// One connection of a client, as raw bytes: what it sends and how slowly is its own business. Used by attacks.ts and control.ts.
import { connect, type Socket } from 'node:net';

export interface Way {
  port: number;
}

/** Of the usual loopback address: to choose another costs a millisecond where thousands of ports are taken. */
export function open({ port }: Way, more: object = {}): Socket {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, ...more });
  // A connection that the server cuts off is an outcome like others: `close` tells.
  socket.on('error', () => {});
  return socket;
}

/** Calls back with the status of each answer, once it has come whole. Answers without a length are not for this. */
export function onAnswers(socket: Socket, take: (status: number, retryAfter: boolean) => void): void {
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
    for (;;) {
      const head = text.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
      if (text.length < head + 4 + length) return;
      const status = Number(text.slice(9, 12));
      const retryAfter = /\r\nretry-after: \d/i.test(text.slice(0, head));
      text = text.slice(head + 4 + length);
      take(status, retryAfter);
    }
  });
}
