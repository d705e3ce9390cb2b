// Batches that come slowly: the app is asked once they are whole, and not at all where they never are.
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Bodies } from '../server/bodies.ts';
import { readBytes } from './body.ts';
import { listen } from './listener.ts';

const KIB = 1024;

/** A listener with room for so many bytes, of which the app says what it was sent. */
async function listening(room: number) {
  const counted: string[] = [];
  const asked: string[] = [];
  const bodies = new Bodies(room);
  const listener = await listen(
    { host: '127.0.0.1', port: 0 },
    async (_request, incoming) => {
      const hold = bodies.hold(0);
      const text = Buffer.from(await readBytes(incoming, hold)).toString();
      hold.release();
      asked.push(text);
      return new Response(`${text.length} came`);
    },
    bodies,
    (reason) => counted.push(reason),
    () => {},
  );
  onTestFinished(() => listener.close(0));
  const post = async (length: number, text: string) => {
    const socket = connect(Number(new URL(listener.origin).port), '127.0.0.1').setEncoding('latin1');
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
    const said = { text: '' };
    socket.on('data', (chunk: string) => (said.text += chunk));
    socket.write(`POST /collect HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n${text}`);
    await once(socket, 'connect');
    return { socket, said };
  };
  return { post, counted, asked, bodies };
}

test('the app is asked once all is there, with all of it', async () => {
  const { post, asked } = await listening(100 * KIB);
  const slow = await post(6, 'abc');
  const quick = await post(4, 'wxyz');
  await expect.poll(() => quick.said.text).toContain('4 came');
  expect(asked).toEqual(['wxyz']);
  slow.socket.write('def');
  await expect.poll(() => slow.said.text).toMatch(/^HTTP\/1.1 200 .*6 came$/s);
  expect(asked).toEqual(['wxyz', 'abcdef']);
});

test('where there is no room the one that has been coming for longest is told to come again, and its connection ends', async () => {
  const { post, counted, asked } = await listening(100 * KIB);
  const oldest = await post(200 * KIB, 'x'.repeat(60 * KIB));
  await expect.poll(() => oldest.socket.bytesWritten).toBeGreaterThan(60 * KIB);
  const ended = once(oldest.socket, 'close');
  const younger = await post(60 * KIB, 'y'.repeat(59 * KIB));
  await ended;
  expect(oldest.said.text).toMatch(/^HTTP\/1.1 503 .*\r\nretry-after: [1-5]\r\n.*connection: close\r\n/is);
  expect(counted).toEqual(['bodies']);
  younger.socket.write('y'.repeat(KIB));
  await expect.poll(() => younger.said.text).toContain(`${60 * KIB} came`);
  expect(asked).toHaveLength(1);
});

test('whoever goes away in the middle is counted, and gives back the room', async () => {
  const { post, counted, asked, bodies } = await listening(100 * KIB);
  const gone = await post(90 * KIB, 'x'.repeat(80 * KIB));
  await expect.poll(() => gone.socket.bytesWritten).toBeGreaterThan(80 * KIB);
  gone.socket.destroy();
  await expect.poll(() => counted).toEqual(['broken_off']);
  expect(asked).toEqual([]);
  expect(() => bodies.hold(100 * KIB)).not.toThrow();
});
