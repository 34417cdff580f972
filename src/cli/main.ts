#!/usr/bin/env node
/** The `hapsim` command. */
import { systemErrorText } from '../bytes/errno.js'
import { readFileSync } from 'node:fs'
import { printable, printableInColours } from '../bytes/printable.js'
import { usesColours } from './colours.js'
import { columnsOf } from './columns.js'
import { exitBySigusr1 } from './sigusr1.js'
import type { Terminal } from './terminal.js'

process.on('SIGUSR1', exitBySigusr1)

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

const colours = usesColours(process.stdout, process.env)

/** Text is made printable where it is created; this is the last line of defence. */
const sanitize = colours ? printableInColours : printable

/** Clears the screen and the scrollback buffer. */
const CLEAR = '\x1b[2J\x1b[3J\x1b[H'

const terminal: Terminal = {
  write: (text) => void process.stdout.write(`${sanitize(text)}\n`),
  writeError: (text) => void process.stderr.write(`${sanitize(text)}\n`),
  clear: () => void process.stdout.write(CLEAR),
  colours,
  get columns() {
    return columnsOf(process.stdout, process.env)
  },
  clock: () => performance.now(),
  exitCode: 0,
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (terminal.ignoresWriteErrors) return
  // The reader has closed the pipe, as `head` does.
  if (error.code === 'EPIPE') process.exit(terminal.exitCode)
  terminal.writeError(`hapsim: cannot write to standard output: ${systemErrorText(error)}`)
  process.exit(1)
})
process.stderr.on('error', () => undefined)

try {
  const { runProgram } = await import('./program.js')
  await runProgram(process.argv.slice(2), terminal, version)
  process.exitCode = terminal.exitCode
} catch (error) {
  terminal.writeError(`hapsim: internal error, please report it: ${(error as Error).message}`)
  if (process.env.HAPSIM_DEBUG) terminal.writeError((error as Error).stack ?? '')
  process.exitCode = 70
}
