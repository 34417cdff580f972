/** `haproxy hNAME …`: HAProxy processes (VTest's src/vtc_haproxy.c). */
import { Failure, Skip, type Place } from '../failure.js'
import type { Source } from '../reader/words.js'
import type { Script } from '../script.js'
import { isProblem, type HaproxyInstance, type HaproxySlot, type ProcessEnd } from '../world.js'
import { runCli } from './haproxy-cli.js'
import { checkName } from './names.js'
import type { Server } from './server.js'
import { Actor, type Command, type Resettable, type Test } from '../test.js'

/** The exit code of a master process that is ended by SIGINT. */
const INTERRUPTED = 130

/** Signals that are sent to end a process. */
const STOP_SIGNALS: ReadonlySet<string> = new Set(['SIGINT', 'SIGTERM', 'SIGKILL'])

class HaproxyProcess implements Resettable {
  readonly actor: Actor
  readonly slot: HaproxySlot
  args = ''
  isDaemon = false
  worker: 'none' | 'worker' | 'notify' = 'none'
  hasMasterCli = false
  expectedExit = 0
  cli: Source | undefined
  /** for the CLI of the master process */
  masterCli: Source | undefined
  #config: string | undefined
  /** descriptors that it inherits, by the names of variables */
  readonly #descriptors: Record<string, string> = {}
  #instance: HaproxyInstance | undefined
  /** the command that has started it */
  #place: Place | undefined
  /** the alerts of the process that was started last */
  #alerts: readonly string[] = []
  /** writes its output to the log */
  #shown = 0

  constructor(
    readonly test: Test,
    readonly name: string,
  ) {
    this.actor = new Actor(test, name)
    this.slot = test.world.haproxy(name)
  }

  get isRunning(): boolean {
    return this.#instance !== undefined
  }

  /** Defines the macros of an address where no process listens. */
  *reserveClosedAddress(): Script {
    const listener = yield* this.test.world.listen('127.0.0.1:0')
    if (isProblem(listener)) throw new Failure(`Create listen socket failed: ${listener.error}`)
    this.test.macros.defineAddress(`${this.name}_closed`, listener.name.ip, listener.name.port)
    listener.close()
  }

  /** Takes a configuration: opens the sockets of `fd@${NAME}`, and expands macros. */
  *configure(text: string, addsBackends: boolean): Script {
    const { macros } = this.test
    const socket = `${this.slot.directory}/stats.sock`
    const config =
      `    global\n\tstats socket "${socket}" level admin mode 600\n    stats socket "fd@\${cli}" level admin\n` +
      text +
      (addsBackends ? backendsOf(this.test.things<Server>('server')) : '')
    for (const [, name] of config.matchAll(/fd@\$\{([^}]*)\}/g)) yield* this.#inherit(name!)
    this.#config = macros.expand(config)
  }

  *#inherit(variable: string): Script {
    const opened = yield* this.slot.inherit()
    if (isProblem(opened)) throw new Failure(`Create listen socket failed: ${opened.error}`)
    this.test.macros.defineAddress(`${this.name}_${variable}`, opened.ip, opened.port)
    // the first one counts, as with setenv(name, value, 0)
    this.#descriptors[variable] ??= String(opened.fd)
  }

  *start(checks = false): Script {
    const { test, actor } = this
    if (this.#config === undefined) throw new Failure(`haproxy ${this.name} has no configuration`)
    const master = this.hasMasterCli && this.worker !== 'none' ? ` -S "fd@${yield* this.#openMasterCli()}"` : ''
    const config = test.macros.expand(this.#config)
    actor.log(2, 'haproxy_start')
    actor.dump(4, 'conf', config)
    if (this.worker !== 'none' && !this.isDaemon) this.expectedExit = INTERRUPTED
    const { isDaemon: daemon, worker } = this
    const args = `${master}${this.args}`
    const environment = { ...this.#descriptors, ...test.environment }
    const instance = yield* this.slot.start({ config, args, checks, daemon, worker, environment })
    this.#instance = instance
    this.#place = test.places.get('top')
    actor.log(3, `PID: ${instance.pid}`)
    test.macros.define(`${this.name}_pid`, String(instance.pid))
    test.macros.define(`${this.name}_name`, this.slot.directory)
    this.#shown = 0
    this.#showOutput(instance)
    const unsubscribe = instance.changed.subscribe(() => {
      this.#showOutput(instance)
      if (instance.end) unsubscribe()
    })
  }

  /** Opens the socket of the master process's CLI; returns its descriptor. */
  *#openMasterCli(): Script<number> {
    if (this.test.world.kind === 'simulated') throw new Skip('the master process is not emulated', 'the master process')
    const opened = yield* this.slot.inherit()
    if (isProblem(opened)) throw new Failure(`Create listen socket failed: ${opened.error}`)
    this.test.macros.defineAddress(`${this.name}_mcli`, opened.ip, opened.port)
    return opened.fd
  }

  /** Logs the lines that are complete. */
  #showOutput({ output }: HaproxyInstance): void {
    const end = output.lastIndexOf('\n') + 1
    if (end > this.#shown) this.actor.dump(3, 'debug', output.slice(this.#shown, end))
    this.#shown = Math.max(this.#shown, end)
  }

  /** Starts it if need be, runs its CLI commands, and stops it. */
  *wait(): Script {
    this.actor.log(2, 'Wait')
    if (!this.#instance) yield* this.start()
    yield* this.runCli()
    const instance = this.#instance!
    this.actor.log(2, `Stop HAproxy pid=${instance.pid}`)
    this.#finish(yield* instance.stop())
  }

  /** Fails unless the process has ended as expected. */
  #finish({ code, signal, output }: ProcessEnd): void {
    this.#instance = undefined
    this.#alerts = output.split('\n').filter((line) => line.startsWith('[ALERT]'))
    if (this.isDaemon) return
    this.actor.log(2, signal === undefined ? `WAIT4 status ${code}` : `WAIT4 signal ${signal}`)
    if (signal !== undefined && !STOP_SIGNALS.has(signal)) throw this.#failure(`haproxy was ended by ${signal}`)
    if (signal === undefined && code !== this.expectedExit)
      throw this.#failure(`Bad exit status: expected ${this.expectedExit}, got ${code}`)
  }

  #failure(message: string): Failure {
    const failure = new Failure([message, ...this.#alerts].join('\n'))
    failure.actor = this.name
    failure.place = this.#place
    return failure
  }

  /** `-conf-OK`, `-conf-BAD`: checks a configuration. */
  *check(exitCode: number, expected: string): Script {
    this.expectedExit = exitCode
    yield* this.start(true)
    const instance = this.#instance!
    if (!instance.end)
      yield { what: `the end of ${this.name}`, on: instance.changed, ready: () => instance.end !== undefined }
    const { output } = instance
    this.#finish(instance.end!)
    if (!output.includes(expected)) throw new Failure(`Did not find expected string '${expected}'`)
    this.actor.log(2, `Found expected '${expected}'`)
  }

  /** Runs the commands of `-cli` and `-mcli`, once. */
  *runCli(): Script {
    const { cli, masterCli } = this
    if (!this.#instance) return
    this.cli = undefined
    this.masterCli = undefined
    if (cli) yield* this.#runCli(cli, 'cli')
    if (masterCli) yield* this.#runCli(masterCli, 'mcli')
  }

  *#runCli(source: Source, socket: 'cli' | 'mcli'): Script {
    const { test, name, actor } = this
    actor.log(2, 'CLI starting')
    const address = test.macros.expand(`\${${name}_${socket}_sock}`)
    const fiber = test.start(name, runCli(source, address, actor))
    if (!fiber.isEnded) yield fiber.join()
  }

  *reset(): Script {
    this.actor.log(2, `Reset and free ${this.name} haproxy`)
    try {
      if (this.#instance) yield* this.wait()
    } finally {
      this.slot.release()
    }
  }
}

/** `-conf+backend`: a backend and a frontend for each server. */
const backendsOf = (servers: readonly Server[]): string => {
  const known = servers.map(({ name, listening }) => ({ number: name.slice(1), at: listening }))
  return [
    ...known.map(({ number, at }) => `\n    backend be${number}\n\tserver srv${number} ${at?.ip}:${at?.port}\n`),
    ...known.map(
      ({ number }) => `\n    frontend http${number}\n\tuse_backend be${number}\n\tbind "fd@\${fe${number}}"\n`,
    ),
  ].join('')
}

export const haproxy: Command<Test> = function* (words, test) {
  const name = checkName(words, 'haproxy', 'h')
  const isNew = !test.things<HaproxyProcess>('haproxy').some((each) => each.name === name)
  const it = test.thing('haproxy', name, () => new HaproxyProcess(test, name))
  if (isNew) yield* it.reserveClosedAddress()
  for (let word = words.next(); word !== undefined; word = words.next())
    switch (word) {
      case '-conf-OK':
        yield* it.configure(words.text('the configuration'), false)
        yield* it.check(0, '')
        break
      case '-conf-BAD': {
        const expected = words.text('the expected message')
        yield* it.configure(words.text('the configuration'), false)
        yield* it.check(1, expected)
        break
      }
      case '-D':
        it.isDaemon = true
        break
      case '-W':
        it.worker = 'worker'
        break
      case '-Ws':
        it.worker = 'notify'
        break
      case '-S':
        it.hasMasterCli = true
        break
      case '-arg':
        it.args += ` ${words.text('the argument')}`
        break
      case '-cli':
        words.text('the commands of the CLI')
        it.cli = words.lastSource
        if (it.isRunning) yield* it.runCli()
        break
      case '-mcli':
        words.text('the commands of the CLI')
        it.masterCli = words.lastSource
        if (it.isRunning) yield* it.runCli()
        break
      case '-conf':
      case '-conf+backend':
        yield* it.configure(words.text('the configuration'), word === '-conf+backend')
        break
      case '-expectexit':
        it.expectedExit = words.count('the exit code')
        break
      case '-start':
        yield* it.start()
        break
      case '-wait':
        yield* it.wait()
        break
      default:
        throw new Failure(`Unknown haproxy argument: ${word}`)
    }
}
