import { defineConfig } from 'vitest/config';

// snarkjs crashes in worker threads, so every test file runs in a child process; two cores, two forks.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Nodes of whole worlds make every root in two ways and compare (docs/COMMANDS.md, --merkle).
    env: { DELTAPROOF_MERKLE: 'shadow' },
    testTimeout: 120_000,
    hookTimeout: 600_000,
    globalSetup: ['test/helpers/global-setup.ts'],
  },
});
