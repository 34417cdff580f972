/** Runs the tests of `hapsim vtc`. */
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { toByteString } from '../../bytes/text.js'
import { SECOND } from '../../engine/clock.js'
import { Simulation } from '../../sim/index.js'
import { logLines, playTest, reportOf, resultText, type Test, type TestOptions } from '../../vtc/index.js'
import { playLiveTest } from '../../vtc/live/play.js'
import { inheritedVariables } from '../haproxy/environment.js'
import type { Terminal } from '../terminal.js'
import { findTests, readVtcFile } from './files.js'

/** The options of the command. */
export interface VtcFlags {
  readonly define: readonly (readonly [name: string, value: string])[]
  /** seconds */
  readonly duration: number
  readonly keepGoing?: true
  readonly quiet?: true
  readonly verbose?: true
  readonly json?: true
  readonly live?: true
  readonly haproxy?: string
  readonly jobs: number
  readonly seed: number
}

/** Tests are skipped (varnishtest's exit code if all are). */
const SKIPPED = 77
const UNREADABLE = 2

/** Returns the exit code. */
export const runVtc = async (paths: readonly string[], flags: VtcFlags, terminal: Terminal): Promise<number> => {
  const run = new VtcRun(flags, terminal)
  return run.all(findTests(paths))
}

class VtcRun {
  readonly counts = { passed: 0, failed: 0, skipped: 0 }
  #unreadable = false

  constructor(
    readonly flags: VtcFlags,
    readonly terminal: Terminal,
  ) {}

  /** Runs tests; those on real sockets several at a time. */
  async all(files: readonly string[]): Promise<number> {
    const { flags, counts } = this
    const queue = [...files]
    const work = async (): Promise<void> => {
      for (let file = queue.shift(); file !== undefined && !this.#isOver; file = queue.shift()) await this.#one(file)
    }
    const isLive = flags.live || flags.haproxy !== undefined
    await Promise.all(Array.from({ length: isLive ? flags.jobs : 1 }, work))
    const { passed, failed, skipped } = counts
    if (flags.keepGoing && !flags.json)
      this.terminal.write(`${failed} tests failed, ${skipped} tests skipped, ${passed} tests passed`)
    if (this.#unreadable && !flags.keepGoing) return UNREADABLE
    return failed > 0 ? 1 : skipped > 0 && passed === 0 ? SKIPPED : 0
  }

  get #isOver(): boolean {
    return !this.flags.keepGoing && (this.counts.failed > 0 || this.#unreadable)
  }

  async #one(file: string): Promise<void> {
    const read = readVtcFile(file)
    if ('problem' in read) {
      this.terminal.writeError(`hapsim: ${read.problem}`)
      this.#unreadable = true
      this.counts.skipped++
      return
    }
    const started = this.terminal.clock()
    const test = await this.#play(file, read.text)
    this.counts[test.verdict!.result]++
    this.#show(file, test, (this.terminal.clock() - started) / 1000)
  }

  #play(file: string, text: string): Test | Promise<Test> {
    const { define, duration, live, haproxy, seed } = this.flags
    const options: Omit<TestOptions, 'runsPrograms'> = {
      text,
      file,
      folder: toByteString(dirname(resolve(file))),
      duration: Math.round(duration * SECOND),
      macros: Object.fromEntries(define.map(([name, value]) => [name, toByteString(value)])),
    }
    if (!live && haproxy === undefined) return playTest(new Simulation({ seed }), options)
    const program = haproxy === undefined ? OWN_HAPROXY : haproxy.includes('/') ? resolve(haproxy) : haproxy
    const environment: Record<string, string> = { ...inheritedVariables(), HAPROXY_PROGRAM: program }
    return playLiveTest({ ...options, environment, program: `"${program}"`, args: environment.HAPROXY_ARGS ?? '' })
  }

  #show(file: string, test: Test, seconds: number): void {
    const { quiet, verbose, json } = this.flags
    const { terminal } = this
    const { result } = test.verdict!
    if (json) {
      const log = verbose || result === 'failed' ? { log: logLines(test) } : {}
      terminal.write(JSON.stringify({ type: 'test', file, ...reportOf(test), seconds, ...log }))
      return
    }
    if (verbose || (result === 'failed' && !quiet)) for (const line of logLines(test)) terminal.write(line)
    const text = resultText(test)
    const time = `(${seconds.toFixed(3)})`
    if (result === 'failed') {
      terminal.write(`#    top  TEST ${file} FAILED ${time}`)
      for (const line of text.split('\n')) terminal.write(`     ${line}`)
    } else if (result === 'skipped') terminal.write(`#    top  TEST ${file} skipped ${time}: ${text}`)
    else if (!quiet) terminal.write(`#    top  TEST ${file} passed ${time}`)
  }
}

/** `hapsim-haproxy`, as seen from the files of the build. */
const OWN_HAPROXY = fileURLToPath(new URL('../cli/haproxy/main.js', import.meta.url))
