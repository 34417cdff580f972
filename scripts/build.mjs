/**
 * Builds dist/ from src/: code bundled into few files for fast loading, type declarations, and the assets of report pages. With --clean,
 * removes the previous build first; with --code, skips type declarations.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { build } from 'esbuild'

/** Entry points, including modules imported by benchmarks. */
const ENTRIES = [
  'src/index.ts',
  'src/vitest/index.ts',
  'src/coverage/index.ts',
  'src/cli/main.ts',
  'src/cli/haproxy/main.ts',
  'src/cli/built-in.ts',
  'src/cli/explore-worker.ts',
  'src/cli/test-worker.ts',
  'src/debug/worker.ts',
  ...['config', 'engine', 'explore', 'haproxy', 'lua', 'regex', 'sim'].map((room) => `src/${room}/index.ts`),
  ...['fengari', 'stdlib/lua-libraries', 'vm/api/calls', 'vm/protect', 'vm/state', 'vm/value'].map(
    (module) => `src/lua/${module}.ts`,
  ),
]

if (process.argv.includes('--clean')) rmSync('dist', { recursive: true, force: true })
const { metafile } = await build({
  metafile: true,
  entryPoints: ENTRIES,
  outdir: 'dist',
  outbase: 'src',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
})
// last, so that a command started during a build always finds a complete set of files
for (const name of readdirSync('dist/chunks'))
  if (!(`dist/chunks/${name}` in metafile.outputs)) rmSync(`dist/chunks/${name}`, { force: true })
for (const command of ['dist/cli/main.js', 'dist/cli/haproxy/main.js']) chmodSync(command, 0o755)
cpSync('src/report/page', 'dist/report/page', { recursive: true, filter: (file) => !file.endsWith('.json') })

if (!process.argv.includes('--code')) {
  const compiler = createRequire(import.meta.url).resolve('typescript/lib/tsc.js')
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
  process.exitCode = status ?? 1
}
