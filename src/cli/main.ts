#!/usr/bin/env node
/** The command `hapsim`. */
import { systemErrorText } from '../bytes/errno.js'
import { readFileSync } from 'node:fs'
import { printable, printableInColours } from '../bytes/printable.js'
import { hasColours } from './colours.js'
import { columnsOf } from './columns.js'
import { endEarly } from './early.js'
import type { Terminal } from './terminal.js'

process.on('SIGUSR1', endEarly)

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

const colours = hasColours(process.stdout, process.env)

/** What is written has passed `printable` where it comes from; nothing that was missed there reaches the terminal. */
const shown = colours ? printableInColours : printable

/** Empties the screen, and what was scrolled off it. */
const CLEAR = '\x1b[2J\x1b[3J\x1b[H'

const terminal: Terminal = {
  write: (text) => void process.stdout.write(`${shown(text)}\n`),
  complain: (text) => void process.stderr.write(`${shown(text)}\n`),
  clear: () => void process.stdout.write(CLEAR),
  colours,
  get columns() {
    return columnsOf(process.stdout, process.env)
  },
  clock: () => performance.now(),
  exitCode: 0,
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (terminal.serves) return
  // Whoever reads has gone, as `head` does: there is nothing left to do.
  if (error.code === 'EPIPE') process.exit(terminal.exitCode)
  terminal.complain(`hapsim: cannot write to the standard output: ${systemErrorText(error)}`)
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
