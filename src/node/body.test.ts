// Bodies that come in pieces of every size are the bytes that were sent, and are counted and cut off while they come.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Bodies, type Hold } from '../server/bodies.ts';
import { Problem } from '../server/problem.ts';
import { readBytes } from './body.ts';

async function open() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { server, socket };
}

/** A server that reads one body; what becomes of it, and the socket of who sends it. */
async function sender(hold: Hold) {
  const { server, socket } = await open();
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
  const [incoming] = await once(server, 'request');
  return { socket, read: readBytes(incoming, hold) };
}

const chunk = (bytes: Buffer) =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);

test('pieces of every size, in any order, are the bytes that were sent', async () => {
  const { socket, read } = await sender(new Bodies().hold());
  const sizes = [1, 5000, 1, 1, 1023, 1024, 900, 900, 900, 900, 900, 1, 60_000, 3, ...Array(3000).fill(1), 7000, 2];
  const sent = sizes.map((size, i) => Buffer.alloc(size, i));
  for (const piece of sent) socket.write(chunk(piece));
  socket.write('0\r\n\r\n');
  expect(Buffer.compare(Buffer.from(await read), Buffer.concat(sent))).toBe(0);
});

test('a body without a byte is one', async () => {
  const { socket, read } = await sender(new Bodies().hold());
  socket.write('0\r\n\r\n');
  expect(await read).toHaveLength(0);
});

test('a body that is cut off, is too much or does not come whole is rejected, with the reason', async () => {
  const hold = new Bodies().hold();
  let cut = (_: Problem) => {};
  const first = await sender({ ...hold, onCut: (told) => (cut = told) });
  cut(new Problem(503, 'bodies', 'no room'));
  await expect(first.read).rejects.toThrow('no room');

  const second = await sender(new Bodies(40 * 1024).hold());
  second.socket.write(chunk(Buffer.alloc(60_000)));
  await expect(second.read).rejects.toThrow('too much is sent at once');

  const third = await sender(new Bodies().hold());
  third.socket.write(chunk(Buffer.alloc(10)), () => third.socket.destroy());
  await expect(third.read).rejects.toThrow(/aborted|ended/);
});

test('a body that came with its head is not waited for, and its connection brings the next one', async () => {
  const { server, socket } = await open();
  const hold = new Bodies().hold();
  const texts: string[] = [];
  const ends: Promise<unknown>[] = [];
  const listeners: number[] = [];
  const both = new Promise<void>((resolve, reject) =>
    server.on('request', (incoming, outgoing) =>
      queueMicrotask(() => {
        ends.push(once(incoming, 'end'));
        const reading = readBytes(incoming, hold);
        listeners.push(incoming.listenerCount('data'));
        const answer = (bytes: Uint8Array) => {
          texts.push(Buffer.from(bytes).toString());
          outgoing.end();
          if (texts.length === 2) resolve();
        };
        reading.then(answer).catch(reject);
      }),
    ),
  );
  const ask = (text: string) =>
    socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
  ask('first');
  await once(socket, 'data');
  ask('second one');
  await both;
  await Promise.all(ends);
  expect(texts).toEqual(['first', 'second one']);
  expect(listeners).toEqual([0, 0]);
});
