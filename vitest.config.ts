import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const EXECUTABLE = [
  'agents',
  'byte-strings',
  'checks',
  'checks-kinds',
  'checks-settings',
  'init-addr',
  'legacy-mailers',
  'mailers',
  'own-mailers',
  'runtime-conversation',
  'runtime-levels',
  'runtime-patterns',
  'runtime-servers',
  'runtime-stats',
  'servers',
  'smtp-failures',
  'state-files',
].map((name) => `test/upstream/${name}.test.ts`)

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
        // The real HAProxy runs in real time, on threads of its own, on a machine that does other things: what it does
        // within milliseconds is sometimes another thing. A comparison that fails is made again, with a fresh process.
        test: { name: 'upstream', include: ['test/upstream/**/*.test.ts'], retry: 3 },
      },
      {
        extends: true,
        // The same comparisons with the `hapsim-haproxy` that is shipped in the real one's place: what passes here and above is
        // alike in the simulation, the executable and the real HAProxy.
        test: {
          name: 'executable',
          include: EXECUTABLE,
          globalSetup: ['test/support/build.ts'],
          env: { HAPSIM_PLAYER: 'hapsim-haproxy' },
          retry: 3,
        },
      },
    ],
  },
})
