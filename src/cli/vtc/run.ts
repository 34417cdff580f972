/** Runs the tests of `hapsim vtc`. */
import { dirname, resolve } from 'node:path'
import { systemErrorText } from '../../bytes/errno.js'
import { toByteString } from '../../bytes/text.js'
import { SECOND } from '../../engine/clock.js'
import { Simulation } from '../../sim/index.js'
import { logLines, playTest, resultText, type Test } from '../../vtc/index.js'
import { UsageError, type Terminal } from '../terminal.js'
import { findVtcFiles, readVtcFile } from './files.js'

/** The options of the command. */
export interface VtcFlags {
  readonly define: readonly (readonly [name: string, value: string])[]
  /** seconds */
  readonly duration: number
  readonly keepGoing?: true
  readonly quiet?: true
  readonly verbose?: true
  readonly seed: number
}

interface Counts {
  passed: number
  failed: number
  skipped: number
}

/** Returns the exit code. */
export const runVtc = (paths: readonly string[], flags: VtcFlags, terminal: Terminal): number => {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 }
  for (const file of find(paths)) {
    const read = readVtcFile(file)
    if ('problem' in read) {
      terminal.writeError(`hapsim: ${read.problem}`)
      if (!flags.keepGoing) return 2
      counts.skipped++
      continue
    }
    const started = terminal.clock()
    const test = play(file, read.text, flags)
    const { result } = test.verdict!
    counts[result]++
    show(file, test, (terminal.clock() - started) / 1000, flags, terminal)
    if (result === 'failed' && !flags.keepGoing) break
  }
  const { passed, failed, skipped } = counts
  if (flags.keepGoing) terminal.write(`${failed} tests failed, ${skipped} tests skipped, ${passed} tests passed`)
  return failed > 0 ? 1 : skipped > 0 && passed === 0 ? SKIPPED : 0
}

/** varnishtest's exit code if all tests are skipped. */
const SKIPPED = 77

const find = (paths: readonly string[]): readonly string[] => {
  try {
    return findVtcFiles(paths)
  } catch (error) {
    throw new UsageError(`cannot find tests: ${systemErrorText(error)}`)
  }
}

const play = (file: string, text: string, flags: VtcFlags): Test => {
  const simulation = new Simulation({ seed: flags.seed })
  return playTest(simulation, {
    text,
    file,
    folder: toByteString(dirname(resolve(file))),
    duration: Math.round(flags.duration * SECOND),
    macros: Object.fromEntries(flags.define.map(([name, value]) => [name, toByteString(value)])),
  })
}

const show = (file: string, test: Test, seconds: number, { quiet, verbose }: VtcFlags, terminal: Terminal): void => {
  const { result } = test.verdict!
  if (verbose || (result === 'failed' && !quiet)) for (const line of logLines(test)) terminal.write(line)
  const text = resultText(test)
  if (result === 'failed') {
    terminal.write(`#    top  TEST ${file} FAILED (${seconds.toFixed(3)})`)
    for (const line of text.split('\n')) terminal.write(`     ${line}`)
  } else if (result === 'skipped') terminal.write(`#    top  TEST ${file} skipped (${seconds.toFixed(3)}): ${text}`)
  else if (!quiet) terminal.write(`#    top  TEST ${file} passed (${seconds.toFixed(3)})`)
}
