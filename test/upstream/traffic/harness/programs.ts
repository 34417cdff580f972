/** What plays the part of HAProxy: the real one, `hapsim-haproxy`, or a process of a simulation. */
import { localDate, UTC } from '../../../../src/engine/time-zone/index.js'
import { formatLogLine } from '../../../../src/haproxy/logs/format.js'
import type { Haproxy } from '../../../../src/sim/index.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { openFullListener, type FullListener } from './full-listener.js'
import { NODE_WORLD } from './node-world.js'
import { SimulatedWorld } from './simulated-world.js'
import type { World } from './world.js'

/** The program ended, or did not listen, with these messages. */
export class DidNotStart extends Error {
  constructor(messages: readonly string[]) {
    super(['did not start:', ...messages].join('\n'))
  }
}

/** The process ended while it served, with these messages. */
export class Crashed extends Error {
  constructor(readonly messages: readonly string[]) {
    super(['the process ended:', ...messages].join('\n'))
  }
}

/** A running program. */
export interface Running {
  cli(command: string): Promise<string>
  /** all log lines, with priority, date and tag */
  readonly logLines: readonly string[]
  readonly messages: readonly string[]
  stop(): Promise<void>
}

export interface Program {
  readonly world: World
  /** how many cases are played at the same time */
  readonly casesAtOnce: number
  /** an address where connections are neither accepted nor refused */
  full(): Promise<FullListener>
  /** @throws {DidNotStart} */
  start(config: string, files: Readonly<Record<string, string>>): Promise<Running>
  /** Lets what was begun complete. */
  run<T>(promise: Promise<T>): Promise<T>
}

/** Makes a program; one is used for one process. */
export type MakeProgram = () => Program

/**
 * An executable.
 *
 * @param path of it
 * @param casesAtOnce see {@link Program.casesAtOnce}
 */
export const executable =
  (path: string, casesAtOnce = 48): MakeProgram =>
  () => ({
    world: NODE_WORLD,
    casesAtOnce,
    full: openFullListener,
    run: (promise) => promise,
    start: async (config, files) => {
      const process = await RealHaproxy.start(config, files, path)
      if (!process.listensAt('sock')) {
        await process.stop()
        throw new DidNotStart(process.messages)
      }
      return {
        cli: (command) =>
          process.cli(command).catch((error: unknown) => {
            throw isConnectionError(error) ? new Crashed(process.messages) : error
          }),
        logLines: process.output,
        messages: process.messages,
        stop: () => process.stop(),
      }
    },
  })

/** Whether a command was not answered, as there is no process. */
const isConnectionError = (error: unknown): boolean =>
  ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')

/** A process of a simulation. */
export const simulated: MakeProgram = () => {
  const world = new SimulatedWorld()
  return {
    world,
    casesAtOnce: 48,
    full: () => Promise.resolve({ address: world.full(), close: () => undefined }),
    run: (promise) => world.run(promise),
    start: (config, files) => {
      const haproxy = world.simulation.haproxy({ config: config.replaceAll('@DIR@/', ''), files })
      const logLines = keepLogLines(haproxy)
      if (!haproxy.process.start()) throw new DidNotStart(haproxy.messages.map(({ text }) => text))
      return Promise.resolve({
        cli: (command) => Promise.resolve(haproxy.cli(command)),
        logLines,
        messages: haproxy.messages.map(({ text }) => text),
        stop: () => Promise.resolve(haproxy.stop()),
      })
    },
  }
}

/** A process number: its length is part of the length of lines. */
const PID = process.pid

/** The date of all log lines. */
const START = localDate(0, UTC)

/** The lines that the process sends from now on, with a date that is always the same. */
const keepLogLines = ({ process }: Haproxy): readonly string[] => {
  const lines: string[] = []
  process.logger.deliver = ({ target, level, message, structuredData, tag, source }) => {
    const bytes = formatLogLine({
      ...{ format: target.format ?? 'local', facility: target.facility, maxLength: target.maxLength },
      ...{ level, message, structuredData, date: START, micros: 0, hostname: undefined, pid: PID },
      tag: tag ?? source?.logTag ?? process.configuration.global.logTag,
    })
    lines.push(...bytes.toString('latin1').slice(0, -1).split('\n'))
  }
  return lines
}
