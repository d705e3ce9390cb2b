// Lines of imported files: plain, gzipped, cut off, damaged.
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { linesOf } from './lines.ts';

describe('linesOf', () => {
  it('reads plain text and gzip alike, whatever the size of the chunks', async () => {
    const text = 'first\r\nzweite ünd\n\nlast';
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      for (const size of [2, 3, 7, 1000]) {
        expect(await read(bytes, size)).toEqual({ lines: ['first', 'zweite ünd', '', 'last'], complaints: [] });
      }
    }
  });

  it('has no lines where there is nothing', async () => {
    expect(await read(Buffer.alloc(0), 10)).toEqual({ lines: [], complaints: [] });
    expect(await read(gzipSync(''), 10)).toEqual({ lines: [], complaints: [] });
  });

  it('gives what lies before the place where gzip is cut off, and names that place', async () => {
    const lines = Array.from({ length: 500 }, (_, i) => `line ${i} ${Math.sin(i)}`);
    const whole = gzipSync(lines.join('\n'));
    const cut = await read(whole.subarray(0, Math.floor(whole.length / 2)), 512);
    expect(cut.lines.length).toBeGreaterThan(150);
    expect(cut.lines).toEqual(lines.slice(0, cut.lines.length));
    expect(cut.complaints).toEqual([[cut.lines.length + 1, 'the gzip data ends or breaks here']]);
  });

  it('names a place in damaged gzip', async () => {
    const whole = gzipSync(Array.from({ length: 500 }, (_, i) => `line ${i} ${Math.sin(i)}`).join('\n'));
    const middle = Math.floor(whole.length / 2);
    whole.fill(0xff, middle, middle + 100);
    const { complaints } = await read(whole, 512);
    expect(complaints).toHaveLength(1);
  });

  it('leaves out a line that is too long, and counts it', async () => {
    const text = `one\n${'x'.repeat(5_000_000)}\nthree`;
    const { lines, complaints } = await read(Buffer.from(text), 65_536);
    expect(lines).toEqual(['one', '', 'three']);
    expect(complaints.map(([line]) => line)).toEqual([2]);
  });
});

async function read(bytes: Uint8Array, size: number) {
  const complaints: [number, string][] = [];
  const lines: string[] = [];
  const chunks = (async function* () {
    for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
  })();
  for await (const line of linesOf(chunks, (at, reason) => complaints.push([at, reason]))) lines.push(line);
  return { lines, complaints };
}
