/** A test that runs: its macros, its environment, and the clients, servers and processes it has made. */
import { imfDate } from '../http/dates.js'
import { SECOND, type Micros } from '../engine/clock.js'
import { Aborted, Failure, Skip, type Place } from './failure.js'
import { Fiber } from './fiber.js'
import type { Arguments } from './arguments.js'
import { TestLog, type LogLevel } from './log.js'
import { Macros, stringMacro } from './reader/macros.js'
import { Prepared } from './prepared.js'
import type { Script } from './script.js'
import type { World } from './world.js'

/** Who executes commands: the test itself (`top`), a client, a server … */
export class Actor {
  constructor(
    readonly test: Test,
    readonly name: string,
  ) {}

  log(level: LogLevel, text: string): void {
    this.test.log.write(this.name, level, text)
  }

  dump(level: LogLevel, title: string, bytes: string): void {
    this.test.log.dump(this.name, level, title, bytes)
  }
}

/**
 * Carries out a command.
 * @param subject what the commands of a script work on: the session of a client, a syslog server …
 */
export type Command<Subject> = (words: Arguments, subject: Subject, actor: Actor) => Script | undefined

export type Commands<Subject> = Readonly<Record<string, Command<Subject>>>

/** The script in which a command that all scripts share is executed. */
export interface Nested {
  readonly commands: Commands<unknown>
  readonly subject: unknown
}

/** Options of a test. */
export interface TestOptions {
  /** the text of the file, a byte string, and its path */
  readonly text: string
  readonly file: string
  /** the folder of the file */
  readonly folder: string
  /** how long it may take (default 60 s) */
  readonly duration?: Micros
  /** `-D name=value` */
  readonly macros?: Readonly<Record<string, string>>
  /** the environment of its processes */
  readonly environment?: Readonly<Record<string, string>>
  /** whether `shell` and `process` may run programs */
  readonly runsPrograms: boolean
  /** what earlier plays of it have prepared */
  readonly prepared?: Prepared
}

/** What a client, a server, a process … does at the end of a test. */
export interface Resettable {
  /** Ends it: the test has passed or is skipped. */
  reset(): Script
}

/** How a test has ended. */
export type Verdict =
  | { readonly result: 'passed' }
  | { readonly result: 'failed'; readonly failure: Failure }
  | { readonly result: 'skipped'; readonly skip: Skip }

export const DEFAULT_DURATION: Micros = 60 * SECOND

export class Test {
  readonly log: TestLog
  readonly macros = new Macros()
  readonly environment: Record<string, string>
  readonly duration: Micros
  readonly prepared: Prepared
  verdict: Verdict | undefined
  /** running fibers */
  readonly fibers = new Set<Fiber>()
  /** the command that each actor executes */
  readonly places = new Map<string, Place>()
  /** called with the verdict */
  onVerdict: (() => void) | undefined
  readonly #kinds = new Map<string, Map<string, Resettable>>()
  /** all commands of the file are executed: what still runs ends */
  isStopping = false

  /** @param sharedCommands the commands that all scripts have */
  constructor(
    readonly world: World,
    readonly options: TestOptions,
    readonly sharedCommands: Readonly<Record<string, Command<Nested>>>,
  ) {
    this.log = new TestLog(() => world.now)
    this.prepared = options.prepared ?? new Prepared()
    this.duration = options.duration ?? DEFAULT_DURATION
    this.environment = { ...options.environment }
    this.#defineMacros()
  }

  /** Whether it is no longer executed. */
  get isOver(): boolean {
    return this.isStopping || this.verdict !== undefined
  }

  #defineMacros(): void {
    const { macros, world, options } = this
    for (const [name, value] of Object.entries(options.macros ?? {})) macros.define(name, value)
    macros.define('date', (args) =>
      args.length > 0 ? { error: 'macro does not take arguments' } : imfDate(Math.floor(world.date / 1000)),
    )
    macros.define('string', stringMacro)
    macros.define('localhost', '127.0.0.1')
    macros.define('listen_addr', '127.0.0.1:0')
    macros.define('bad_ip', '192.0.2.255')
    macros.define('testdir', options.folder)
    macros.define('tmpdir', world.folder)
    macros.define('vtcid', world.folder.slice(world.folder.lastIndexOf('/') + 1))
  }

  /** The thing of a kind with a name, which is made when it is first named. */
  thing<Thing extends Resettable>(kind: string, name: string, make: () => Thing): Thing {
    let things = this.#kinds.get(kind)
    if (!things) this.#kinds.set(kind, (things = new Map()))
    const known = things.get(name)
    if (known) return known as Thing
    const made = make()
    things.set(name, made)
    return made
  }

  /** The things of a kind in the order in which they were made. */
  things<Thing extends Resettable>(kind: string): readonly Thing[] {
    return [...(this.#kinds.get(kind)?.values() ?? [])] as Thing[]
  }

  /** Runs a script beside the others. */
  start(name: string, script: Script): Fiber {
    const fiber = new Fiber(name, this.world, script, (error) => this.#ended(error))
    this.fibers.add(fiber)
    fiber.ended.subscribe(() => this.fibers.delete(fiber))
    return fiber
  }

  /** Ends what the test has started, in varnishtest's order. */
  *reset(): Script {
    for (const kind of ['barrier', 'client', 'haproxy', 'process', 'server', 'syslog', 'tunnel'])
      for (const thing of this.things(kind)) yield* thing.reset()
  }

  /** Ends its processes and closes its sockets after a failure. */
  *resetProcesses(): Script {
    for (const kind of ['haproxy', 'process'])
      for (const thing of this.things(kind)) {
        try {
          yield* thing.reset()
        } catch (error) {
          if (!(error instanceof Failure || error instanceof Aborted)) throw error
        }
      }
    for (const kind of ['server', 'syslog', 'barrier']) for (const thing of this.things(kind)) yield* thing.reset()
  }

  #ended(error: unknown): void {
    if (error instanceof Aborted) return
    if (error instanceof Failure) this.fail(error)
    else if (error instanceof Skip) this.end({ result: 'skipped', skip: error })
    else throw error
  }

  /** Ends the test as failed. */
  fail(failure: Failure): void {
    if (this.verdict) return
    this.log.write(failure.actor ?? 'top', 0, failure.message)
    this.end({ result: 'failed', failure })
  }

  /** Ends the test; the first verdict counts. */
  end(verdict: Verdict): void {
    if (this.verdict) return
    this.verdict = verdict
    const { file } = this.options
    const what = { passed: 'completed', failed: 'FAILED', skipped: 'skipped' }[verdict.result]
    this.log.write('top', 1, `TEST ${file} ${what}`)
    this.onVerdict?.()
  }

  /** What each running fiber waits for. */
  get waiting(): readonly string[] {
    return [...this.fibers].flatMap(({ name, wait }) => {
      if (!wait) return []
      const place = this.places.get(name)
      return [`${name}${place ? ` (${place.file}:${place.line})` : ''} waits for ${wait.what}`]
    })
  }
}
