// How the tests run: six projects, real processes and browsers one at a time and after all else. Read by vitest.
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

/** Projects of one `groupOrder` run side by side; the next begins when they are done. */
function project(name: string, include: string, groupOrder: number) {
  // The timeouts are bounds for a machine that does other things too; nothing waits for them.
  const test = {
    name,
    include: [include],
    // Half of the time a file waits for a browser or a process: two fill two cores.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 40_000 } },
  };
  return {
    test: { ...test, sequence: { groupOrder } },
    oxc: { jsx: { runtime: 'automatic' as const, importSource: 'preact' } },
  };
}

/** Sets of stores that one test in workerd may have side by side. */
const SETS = [0, 1, 2, 3, 4, 5];

/** The contract suites inside workerd, on Durable Objects, R2 and D1. */
const workers = {
  plugins: [
    cloudflareTest({
      wrangler: { configPath: './wrangler.jsonc' },
      // Real time has nothing to do with the clock that the suites move: no alarm may go off by itself.
      miniflare: {
        bindings: { SEAL_AFTER_SECONDS: '1000000000', API_KEY: 'a-key-for-tests-0123' },
        d1Databases: Object.fromEntries(SETS.map((i) => [`DB${i}`, `db${i}`])),
        r2Buckets: Object.fromEntries(SETS.map((i) => [`BUCKET${i}`, `bucket${i}`])),
      },
    }),
  ],
  ...project('workers', 'test/workers/**/*.test.ts', 2),
};

export default defineConfig({
  test: {
    projects: [
      project('unit', 'src/**/*.test.{ts,tsx}', 1),
      project('contract', 'test/contract/**/*.test.ts', 1),
      workers,
      project('runtime', 'test/runtime/**/*.test.ts', 2),
      project('fault', 'test/fault/**/*.test.ts', 2),
      project('browser', 'test/browser/**/*.test.{ts,tsx}', 3),
      project('attacks', 'test/attacks/**/*.test.ts', 3),
    ],
  },
});
