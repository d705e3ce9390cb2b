// Who makes room where a connection too many comes: a real listener that has room for three.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Connections } from './connections.ts';

async function listenForThree() {
  const counted: string[] = [];
  const clock = { at: 0 };
  /** Answers that the test gives when it likes to. */
  const asked: ServerResponse[] = [];
  const connections = new Connections((reason) => counted.push(reason), { max: 3, now: () => clock.at });
  const server = createServer((incoming, outgoing) => {
    connections.note(incoming, outgoing);
    if (incoming.url === '/wait') asked.push(outgoing);
    else outgoing.end('ok');
  });
  connections.watch(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const open = async (text: string) => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1');
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    socket.write(text);
    return socket;
  };
  return { open, counted, asked, clock };
}

const HEAD = 'GET /now HTTP/1.1\r\nHost: a\r\n';
const WAIT = 'GET /wait HTTP/1.1\r\nHost: a\r\n\r\n';

/** What the other side says until it ends the connection. */
async function lastWords(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: string) => (text += chunk));
  await once(socket, 'close');
  return text;
}

test('a slow head makes room for whoever comes, with a word', async () => {
  const { open, counted } = await listenForThree();
  const slow = await open('GET /now HT');
  const ended = lastWords(slow);
  const others = [await open(HEAD), await open(HEAD)];
  const fresh = await open(`${HEAD}\r\n`);
  expect((await once(fresh, 'data'))[0]).toMatch(/^HTTP\/1.1 200 /);
  expect(await ended).toMatch(/^HTTP\/1.1 503 .*\r\nretry-after: [1-5]\r\n.*"status":503/s);
  expect(counted).toEqual(['connection_slow']);
  others[0]!.write('\r\n');
  expect((await once(others[0]!, 'data'))[0]).toMatch(/^HTTP\/1.1 200 /);
});

test('of two that idle the one that asked last stays', async () => {
  const { open, counted } = await listenForThree();
  const [first, second, third] = [await open(`${HEAD}\r\n`), await open(`${HEAD}\r\n`), await open(`${HEAD}\r\n`)];
  await Promise.all([first, second, third].map((socket) => once(socket, 'data')));
  first.write(`${HEAD}\r\n`);
  await once(first, 'data');
  const ended = lastWords(second);
  const fresh = await open(`${HEAD}\r\n`);
  await once(fresh, 'data');
  expect(await ended).toBe('');
  expect(counted).toEqual(['connection_idle']);
  expect([first, third].map((socket) => socket.closed)).toEqual([false, false]);
});

test('nobody who is being answered is cut off: whoever comes then is sent away', async () => {
  const { open, counted, asked } = await listenForThree();
  const waiting = [await open(WAIT), await open(WAIT), await open(WAIT)];
  await expect.poll(() => asked.length).toBe(3);
  expect(await lastWords(await open(`${HEAD}\r\n`))).toMatch(/^HTTP\/1.1 503 /);
  expect(counted).toEqual(['connections']);
  asked.forEach((outgoing) => void outgoing.end('late'));
  for (const socket of waiting) expect((await once(socket, 'data'))[0]).toMatch(/^HTTP\/1.1 200 /);
});

test('an answer that is not taken for half a minute makes room', async () => {
  const { open, counted, asked, clock } = await listenForThree();
  const waiting = [await open(WAIT), await open(WAIT), await open(WAIT)];
  await expect.poll(() => asked.length).toBe(3);
  clock.at = 30_000;
  const ended = Promise.race(waiting.map(lastWords));
  await once(await open(`${HEAD}\r\n`), 'data');
  expect(await ended).toBe('');
  expect(counted).toEqual(['connection_slow']);
});
