/** HAProxy processes of a test: the real program or `hapsim-haproxy`. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { systemErrorText } from '../../bytes/errno.js'
import { MILLISECOND, SECOND } from '../../engine/clock.js'
import { listenUnserved, type UnservedSocket } from '../../net/node/index.js'
import { Failure, Skip } from '../failure.js'
import type { Signal } from '../script.js'
import { waitFor, type Script } from '../script.js'
import type { HaproxyInstance, HaproxySlot, HaproxyStart, ProcessEnd, Problem, SocketName } from '../world.js'
import { awaited, type LiveHost } from './host.js'
import { LiveProgram } from './program.js'

const FIRST_DESCRIPTOR = 3
const BACKLOG = 100

/** How the programs are started. */
export interface LiveHaproxyOptions {
  readonly host: LiveHost
  /** the program, as text of the shell */
  readonly program: string
  /** `HAPROXY_ARGS` */
  readonly args: string
  /** called with each program that is started */
  readonly started: (program: LiveProgram) => void
}

export class LiveSlot implements HaproxySlot {
  readonly #sockets: UnservedSocket[] = []

  constructor(
    readonly options: LiveHaproxyOptions,
    readonly directory: string,
  ) {
    rmSync(directory, { recursive: true, force: true })
    mkdirSync(directory, { recursive: true })
  }

  *inherit(): Script<(SocketName & { readonly fd: number }) | Problem> {
    const opening = listenUnserved({ family: 'ipv4', ip: '127.0.0.1', port: 0 }, BACKLOG).catch((error: unknown) => ({
      error: systemErrorText(error),
    }))
    const socket = yield* awaited('a listening socket', opening)
    if ('error' in socket) return socket
    const fd = FIRST_DESCRIPTOR + this.#sockets.length
    this.#sockets.push(socket)
    return { ip: '127.0.0.1', port: socket.port, fd }
  }

  *start(start: HaproxyStart): Script<HaproxyInstance> {
    if (start.worker === 'notify') throw new Skip('haproxy -Ws is not emulated', 'notifications of systemd')
    const { host, program, args } = this.options
    const file = `${this.directory}/cfg`
    const pidFile = start.worker !== 'none' || start.daemon ? `${this.directory}/pid` : undefined
    writeFileSync(file, start.config, 'latin1')
    const mode = [start.checks ? '-c' : start.daemon ? '-D' : '-d', ...(start.worker === 'worker' ? ['-W'] : [])]
    const command = `exec ${program} ${mode.join(' ')} ${args} ${start.args} -f "${file}"${pidFile === undefined ? '' : ` -p "${pidFile}"`}`
    const inherited = this.#sockets.map(({ fd }) => fd)
    const running = new LiveProgram(command, this.directory, start.environment, inherited)
    this.options.started(running)
    const instance = start.daemon ? new Daemon(host, running) : new Foreground(host, running)
    if (pidFile !== undefined) yield* instance.waitForPid(pidFile)
    return instance
  }

  release(): void {
    for (const socket of this.#sockets.splice(0)) socket.close()
  }
}

/** Signals in the order in which they are sent, each after two seconds. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const
const PATIENCE = 2 * SECOND
/** How long a PID file is waited for. */
const PID_LIMIT = 3 * SECOND
const POLL = 5 * MILLISECOND

const readPid = (file: string): number | undefined => {
  try {
    return Number(/^\d+/.exec(readFileSync(file, 'latin1'))?.[0]) || undefined
  } catch {
    return undefined
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

class Foreground implements HaproxyInstance {
  pid: number

  constructor(
    readonly host: LiveHost,
    readonly program: LiveProgram,
  ) {
    this.pid = program.pid
  }

  get changed(): Signal {
    return this.program.changed
  }

  get end(): ProcessEnd | undefined {
    return this.program.end
  }

  get output(): string {
    return this.program.output
  }

  /** Waits until the PID file has the number of a running process. */
  *waitForPid(file: string): Script {
    const limit = this.host.now + PID_LIMIT
    for (;;) {
      const pid = readPid(file)
      if (pid !== undefined && this.isExpected(pid) && isAlive(pid)) {
        this.pid = pid
        return
      }
      if (this.host.now > limit) throw new Failure(`haproxy PID file check failed: ${file}`)
      yield { what: 'the PID file', ready: () => false, until: this.host.now + POLL }
    }
  }

  isExpected(pid: number): boolean {
    return pid === this.program.pid
  }

  *stop(): Script<ProcessEnd> {
    for (const signal of SIGNALS) {
      this.program.kill(signal)
      const until = this.host.now + PATIENCE
      const ready = (): boolean => this.end !== undefined
      if (yield* waitFor({ what: 'the end of haproxy', on: this.changed, ready, until })) break
    }
    return this.end ?? { code: undefined, signal: 'SIGKILL', output: this.output }
  }
}

/** A process that has put itself into the background. */
class Daemon extends Foreground {
  override isExpected(): boolean {
    return true
  }

  override *stop(): Script<ProcessEnd> {
    for (const signal of SIGNALS)
      for (let until = this.host.now + PATIENCE; isAlive(this.pid) && this.host.now < until;) {
        if (this.host.now + PATIENCE - until < POLL) process.kill(this.pid, signal)
        yield { what: 'the end of haproxy', ready: () => false, until: this.host.now + POLL }
      }
    return { code: 0, signal: undefined, output: this.output }
  }
}
