#!/usr/bin/env node
/** The `hapsim-haproxy` command: HAProxy's command line. */
import { readFileSync, realpathSync } from 'node:fs'
import { exitBySigusr1 } from '../sigusr1.js'

process.on('SIGUSR1', exitBySigusr1)

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

// A server process continues without a reader.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

try {
  const { runHaproxy } = await import('./run.js')
  process.exitCode = await runHaproxy(process.argv.slice(2), version, realpathSync(process.argv[1]!))
} catch (error) {
  process.stderr.write(`hapsim: internal error, please report it: ${(error as Error).message}\n`)
  if (process.env.HAPSIM_DEBUG) process.stderr.write(`${(error as Error).stack}\n`)
  process.exitCode = 70
}
