import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/support/summary-reporter.ts'],
    projects: [
      { extends: true, test: { name: 'hapsim', include: ['test/**/*.test.ts'], exclude: ['test/upstream/**'] } },
      {
        extends: true,
        // The real HAProxy runs in real time, on threads of its own, on a machine that does other things: what it does
        // within milliseconds is sometimes another thing. A comparison that fails is made again, with a fresh process.
        test: { name: 'upstream', include: ['test/upstream/**/*.test.ts'], retry: 3 },
      },
    ],
  },
})
