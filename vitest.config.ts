import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/mongo.ts'],
    setupFiles: ['test/support/loopback.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 120_000,
    coverage: {
      provider: 'v8',
      // Named, because files that no test loads would otherwise not count.
      include: ['src/**', 'bots/**', 'integrations/**'],
      reporter: ['text-summary', 'json-summary'],
    },
  },
});
