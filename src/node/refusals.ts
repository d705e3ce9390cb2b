// Refuses what no app is asked about, cheaply, and ends the connection. Called by listener.ts and connections.ts.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ANSWER_HEADERS } from '../server/answer-headers.ts';

/** ms for which the other side may put off the end of a connection. */
const END_MS = 1000;
/** Connections that are refused in one turn of the event loop. */
const AT_ONCE = 50;

export const REFUSAL_HEADERS = { ...ANSWER_HEADERS, 'content-type': 'application/problem+json' };

/** Answers, and ends the connection, `patience` ms later whatever the other side does. */
export function refuse(socket: Socket, status: number, patience: number = END_MS): void {
  const body = problemText(status);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...Object.entries(REFUSAL_HEADERS).map((pair) => pair.join(': ')),
    `content-length: ${Buffer.byteLength(body)}`,
    ...(status === 503 ? [`retry-after: ${secondsLater()}`] : []),
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), patience).unref();
}

const waiting: [Socket, status: number][] = [];

/** As `refuse`, soon: where thousands are too slow at the same moment, others are answered in between. */
export function refuseSoon(socket: Socket, status: number): void {
  // It had its time: what it sends now would be answered twice.
  socket.pause();
  if (waiting.push([socket, status]) === 1) setImmediate(refuseSome);
}

function refuseSome(): void {
  for (const [socket, status] of waiting.splice(0, AT_ONCE)) if (socket.writable) refuse(socket, status);
  if (waiting.length > 0) setImmediate(refuseSome);
}

/** Whoever is sent away does not come back together with all others. */
export function secondsLater(): number {
  return 1 + Math.floor(5 * Math.random());
}

/** The body of an answer that no use case gives. */
export function problemText(status: number): string {
  const detail = status === 503 ? 'too much is asked at once; send the same again later' : 'the request cannot be read';
  return JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail });
}
