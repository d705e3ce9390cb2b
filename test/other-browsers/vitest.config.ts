// The tests of other browsers than Chromium, which `npm test` does not run: not every machine has them. Read by vitest for scripts/browsers.mjs.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/other-browsers/**/*.test.ts'],
    root: new URL('../..', import.meta.url).pathname,
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
