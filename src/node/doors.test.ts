// A port with many doors: one for all who come, and nobody else's.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openDoors } from './doors.ts';

const HOST = '127.0.0.1';

async function opened() {
  let connections = 0;
  /** Answers that the test gives when it likes to. */
  const held: ServerResponse[] = [];
  const server = createServer((incoming, outgoing) => {
    if (incoming.url === '/held') held.push(outgoing);
    else outgoing.end('hello');
  });
  server.on('connection', () => connections++);
  const close = await openDoors(server, HOST, 0);
  onTestFinished(async () => {
    server.closeAllConnections();
    await close();
  });
  return { server, close, port: (server.address() as AddressInfo).port, connections: () => connections, held };
}

function client(port: number) {
  const socket = connect(port, HOST).setEncoding('latin1');
  onTestFinished(() => void socket.destroy());
  return socket;
}

test('whoever comes is answered, through whichever door', async () => {
  const { port } = await opened();
  const answers = Array.from({ length: 100 }, async () => {
    const socket = client(port);
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    return (await once(socket, 'data'))[0] as string;
  });
  for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1.1 200 OK.*hello$/s);
});

test.runIf(process.platform === 'linux')('many are let in within one turn of the event loop', async () => {
  const { port, connections } = await opened();
  for (let i = 0; i < 200; i++) client(port);
  let turns = 0;
  for (; connections() < 200; turns++) await setImmediate();
  expect(turns).toBeLessThan(100);
});

test('the port of another is not shared', async () => {
  const { port } = await opened();
  await expect(openDoors(createServer(), HOST, port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('once closed nobody is let in, and whoever is in is answered to the end', async () => {
  const { port, close, held } = await opened();
  const inside = Array.from({ length: 50 }, () => client(port));
  for (const socket of inside) socket.write('GET /held HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  await expect.poll(() => held.length).toBe(50);
  const ended = close();
  await expect(once(client(port), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  const answers = Promise.all(inside.map((socket) => once(socket, 'data')));
  for (const outgoing of held) outgoing.end('at last');
  for (const [answer] of await answers) expect(answer).toMatch(/^HTTP\/1.1 200 .*at last$/s);
  await ended;
});
