#!/usr/bin/env node
/** The command `hapsim`. */
import { readFileSync } from 'node:fs'
import { systemText } from '../net/node/system-text.js'
import { hasColours } from './colours.js'
import { endEarly } from './early.js'
import type { Terminal } from './terminal.js'

process.on('SIGUSR1', endEarly)

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

const terminal: Terminal = {
  write: (text) => void process.stdout.write(`${text}\n`),
  complain: (text) => void process.stderr.write(`${text}\n`),
  colours: hasColours(process.stdout, process.env),
  clock: () => performance.now(),
  exitCode: 0,
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (terminal.serves) return
  // Whoever reads has gone, as `head` does: there is nothing left to do.
  if (error.code === 'EPIPE') process.exit(terminal.exitCode)
  terminal.complain(`hapsim: cannot write to the standard output: ${systemText(error)}`)
  process.exit(1)
})
process.stderr.on('error', () => undefined)

try {
  const { runProgram } = await import('./program.js')
  await runProgram(process.argv.slice(2), terminal, version)
  process.exitCode = terminal.exitCode
} catch (error) {
  terminal.complain(`hapsim: internal error, please report it: ${(error as Error).message}`)
  if (process.env.HAPSIM_DEBUG) terminal.complain((error as Error).stack ?? '')
  process.exitCode = 70
}
