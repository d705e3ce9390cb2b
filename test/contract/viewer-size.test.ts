// The viewer's promise to whoever opens it: everything in one page of at most 120 kB.
import { expect, it } from 'vitest';
import { VIEWER } from '../../src/generated/viewer.ts';

it('the viewer is at most 120,000 bytes, compressed with brotli', () => {
  const size = Buffer.from(VIEWER.br!, 'base64').length;
  console.info(`/replay: ${size} bytes brotli`);
  expect(size).toBeLessThanOrEqual(120_000);
});
