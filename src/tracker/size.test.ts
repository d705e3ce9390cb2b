// The tracker's promise to the pages it is on: four and a half kilobytes, in one script.
import { brotliCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { bundleTracker } from '../../scripts/bundle-tracker.mjs';

it('the tracker is at most 4,500 bytes, compressed with brotli', async () => {
  const script = await bundleTracker();
  const size = brotliCompressSync(script).length;
  console.info(`tracker.js: ${size} bytes brotli, ${script.length} minified`);
  expect(size).toBeLessThanOrEqual(4500);
});
