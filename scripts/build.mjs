/** Compiles src/ to dist/, puts the files of reports' pages beside it and makes the command executable. With --clean, what a former build left is taken away first. */
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'

const compiler = createRequire(import.meta.url).resolve('typescript/lib/tsc.js')

if (process.argv.includes('--clean')) rmSync('dist', { recursive: true, force: true })
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
if (existsSync('dist/cli/main.js')) chmodSync('dist/cli/main.js', 0o755)
cpSync('src/report/page', 'dist/report/page', { recursive: true, filter: (file) => !file.endsWith('.json') })
process.exitCode = status ?? 1
