import { defineConfig } from 'vitest/config';

// snarkjs crashes in worker threads, so every test file runs in a child process; two cores, two forks.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 600_000,
    globalSetup: ['test/helpers/global-setup.ts'],
  },
});
