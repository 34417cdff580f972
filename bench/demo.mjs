/**
 * The main use case: starts a process with mailers.lua and runs the demo for 30 virtual seconds. Targets: 15 ms on one core once warm, and
 * 400 ms for the whole command.
 *
 * node bench/demo.mjs [SCRIPT.lua] [--json]
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Simulation } from '../dist/index.js'
import { builtInConfigText } from '../dist/cli/built-in.js'
import { report, time } from './support.mjs'

const script =
  process.argv.slice(2).find((each) => !each.startsWith('--')) ??
  fileURLToPath(new URL('../lua/mailers.lua', import.meta.url))
const files = { 'script.lua': readFileSync(script, 'utf8') }
const config = builtInConfigText(['script.lua'], true)

const play = () => {
  const sim = new Simulation({ seed: 1 })
  const smtp = sim.smtp('127.0.0.1:25')
  const web = sim.http('10.0.0.1:80')
  sim.http('10.0.0.2:80')
  sim.haproxy({ config, files, directory: false }).start()
  sim.at('5s', () => web.refuse())
  sim.at('15s', () => web.accept())
  sim.advance('30s')
  if (smtp.mails.length !== 2) throw new Error(`${smtp.mails.length} mails instead of 2`)
}

const command = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
const run = () => {
  const { status, stderr } = spawnSync(process.execPath, [command, 'run', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (status !== 0) throw new Error(String(stderr))
}

report(`mailers demo, 30 virtual seconds (ms)`, {
  'start and play, warm': time(play, { rounds: 100, warmup: 200 }),
  'hapsim run, from the shell': time(run, { rounds: 10, warmup: 2 }),
})
