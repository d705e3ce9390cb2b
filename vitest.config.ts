// How the tests run: four projects, one after the other where they would fight over the machine. Read by vitest.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'unit', include: ['src/**/*.test.{ts,tsx}'], sequence: { groupOrder: 1 }, maxWorkers: 2 },
        oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
      },
      {
        test: { name: 'contract', include: ['test/contract/**/*.test.ts'], sequence: { groupOrder: 1 }, maxWorkers: 2 },
      },
      {
        // Real processes, killed and started again.
        test: {
          name: 'runtime',
          include: ['test/runtime/**/*.test.ts'],
          sequence: { groupOrder: 2 },
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // One Chromium at a time.
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.{ts,tsx}'],
          sequence: { groupOrder: 3 },
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
