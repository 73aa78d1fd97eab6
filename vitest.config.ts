import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/mongo.ts'],
    setupFiles: ['test/support/loopback.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // How long something may take on a busy machine is no test of it.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
    coverage: {
      provider: 'v8',
      // Named, because files that no test loads would otherwise not count.
      include: ['src/**', 'bots/**', 'integrations/**'],
      reporter: ['text-summary', 'json-summary'],
    },
  },
});
