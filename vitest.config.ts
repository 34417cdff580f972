import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Comparisons with a running HAProxy, in real time. */
const REAL_TIME = 'test/upstream/real-time'

export default defineConfig({
  test: {
    // many tests wait for real time to pass: two side by side also where there are two processors
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: 'test/support/run-folder.ts',
    reporters: ['default', './test/support/summary-reporter.ts'],
    projects: [
      { extends: true, test: { name: 'hapsim', include: ['test/**/*.test.ts'], exclude: ['test/upstream/**'] } },
      {
        extends: true,
        test: { name: 'upstream', include: ['test/upstream/**/*.test.ts'], exclude: [`${REAL_TIME}/**`] },
      },
      {
        extends: true,
        // The real HAProxy runs on threads of its own, on a machine that is busy with other things, so that what takes milliseconds there
        // varies. A comparison that fails is made again with a fresh process; the summary counts those.
        test: { name: 'real-time', include: [`${REAL_TIME}/**/*.test.ts`], retry: 3 },
      },
      {
        extends: true,
        // The same comparisons with the `hapsim-haproxy` that is shipped in place of the real one: what passes here and above is the
        // same in the simulation, the executable and the real HAProxy.
        test: {
          name: 'executable',
          include: [`${REAL_TIME}/one-process/*.test.ts`],
          globalSetup: ['test/support/build.ts'],
          env: { HAPSIM_PLAYER: 'hapsim-haproxy' },
          retry: 3,
        },
      },
    ],
  },
})
