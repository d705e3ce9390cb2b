// How the tests run: four projects, real processes and browsers one at a time and after all else. Read by vitest.
import { defineConfig } from 'vitest/config';

/** Projects of one `groupOrder` run side by side; the next begins when they are done. */
function project(name: string, include: string, groupOrder: number, maxWorkers: number) {
  // The timeouts are bounds for a machine that does other things too; nothing waits for them.
  const test = {
    name,
    include: [include],
    maxWorkers,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  };
  return {
    test: { ...test, sequence: { groupOrder } },
    oxc: { jsx: { runtime: 'automatic' as const, importSource: 'preact' } },
  };
}

export default defineConfig({
  test: {
    projects: [
      project('unit', 'src/**/*.test.{ts,tsx}', 1, 2),
      project('contract', 'test/contract/**/*.test.ts', 1, 2),
      project('runtime', 'test/runtime/**/*.test.ts', 2, 1),
      project('browser', 'test/browser/**/*.test.{ts,tsx}', 3, 1),
    ],
  },
});
