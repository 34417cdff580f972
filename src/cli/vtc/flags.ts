/** The values of options of `hapsim vtc`. */
import { InvalidArgumentError, type Command } from 'commander'
import { listOption } from '../repeatable.js'

/** How long a test may take by default, in seconds (`vtc_maxdur` in VTest's src/vtc_main.c). */
export const TEST_TIME = 60

/** The exit code if all tests are skipped, as varnishtest's. */
export const ALL_SKIPPED = 77

/** Adds the options of a test that is played in virtual time. */
export const addTestOptions = (command: Command): Command =>
  command
    .addOption(listOption('-D, --define <name=value>', 'define a macro of a .vtc file', parseDefinition))
    .option('-t, --duration <seconds>', 'how long a .vtc file may take, in virtual time', parseSeconds, TEST_TIME)

/** A macro. */
export type Definition = readonly [name: string, value: string]

/** Reads a macro, `name=value`. */
export const parseDefinition = (text: string): Definition => {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('expected NAME=VALUE')
  return [text.slice(0, at), text.slice(at + 1)]
}

/** A number of seconds, more than 0. */
export const parseSeconds = (text: string): number => {
  const seconds = Number(text)
  if (!/^\d+(?:\.\d+)?$/.test(text) || seconds <= 0) throw new InvalidArgumentError('expected a number of seconds')
  return seconds
}
