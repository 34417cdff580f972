/** HAProxy processes of a test in a simulation. */
import { fromByteString, toByteString } from '../../bytes/text.js'
import { formatOutgoing, type OutgoingLine } from '../../haproxy/index.js'
import type { IpAddress } from '../../net/address.js'
import type { ListeningSocket } from '../../net/network.js'
import { StartError, type GivenFiles, type Haproxy, type Simulation } from '../../sim/index.js'
import { Skip } from '../failure.js'
import type { Prepared } from '../prepared.js'
import { immediately, type Script, Signal } from '../script.js'
import type { HaproxyInstance, HaproxySlot, HaproxyStart, ProcessEnd, Problem, SocketName } from '../world.js'

/** The first descriptor that a process inherits besides standard input, output and error. */
const FIRST_DESCRIPTOR = 3
const FIRST_PID = 1001

/** The processes of a test. */
export interface SimulatedProcesses {
  readonly simulation: Simulation
  readonly prepared: Prepared
  /** files that the test has written, by path */
  readonly files: GivenFiles
  /** the number of processes so far */
  started: number
  /** the number of descriptors that are inherited */
  descriptors: number
}

export class SimulatedSlot implements HaproxySlot {
  readonly #sockets: ListeningSocket[] = []

  constructor(
    readonly processes: SimulatedProcesses,
    readonly name: string,
    readonly directory: string,
  ) {}

  inherit(): Script<(SocketName & { readonly fd: number }) | Problem> {
    return immediately(() => {
      const { simulation } = this.processes
      const { scheduler, home } = simulation
      const fd = FIRST_DESCRIPTOR + this.processes.descriptors++
      const later = (action: () => void): void => void scheduler.at(scheduler.clock.now, action)
      const socket = home.inherit(fd, { family: 'ipv4', ip: '127.0.0.1', port: 0 }, later)
      this.#sockets.push(socket)
      const { ip, port } = socket.address as IpAddress
      return { ip, port, fd }
    })
  }

  start(options: HaproxyStart): Script<HaproxyInstance> {
    return immediately(() => {
      const { processes, name, directory } = this
      const number = processes.started++
      return new SimulatedInstance(processes, {
        ...options,
        name: processes.simulation.processes.some((each) => each.name === name) ? `${name}-${number}` : name,
        path: `${directory}/cfg`,
        pid: FIRST_PID + number,
      })
    })
  }

  release(): void {
    for (const socket of this.#sockets) socket.close()
  }
}

interface InstanceOptions extends HaproxyStart {
  readonly name: string
  /** of the configuration file */
  readonly path: string
  readonly pid: number
}

/** Arguments of `-arg` that a simulated process takes, or that change nothing. */
const readArguments = (text: string): { localPeer?: string; isVerbose: boolean } => {
  const words = text.split(/\s+/).filter((word) => word !== '')
  const read: { localPeer?: string; isVerbose: boolean } = { isVerbose: false }
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    if (word === '-L') read.localPeer = words[++at] ?? ''
    else if (word === '-V') read.isVerbose = true
    else if (!/^-(?:d|db|dM.*|dS|dG|dR|q)$/.test(word))
      throw new Skip(`haproxy -arg '${word}' is not emulated`, `the argument ${word}`)
  }
  return read
}

class SimulatedInstance implements HaproxyInstance {
  readonly changed = new Signal()
  readonly pid: number
  end: ProcessEnd | undefined
  readonly #haproxy: Haproxy
  readonly #processes: SimulatedProcesses
  /** when the last log line to a target arrives: lines stay in order */
  readonly #lastArrival = new Map<string, number>()
  #verdict = ''

  constructor(processes: SimulatedProcesses, { name, path, pid, config, args, checks, environment }: InstanceOptions) {
    const { simulation, files, prepared } = processes
    this.#processes = processes
    this.pid = pid
    const { isVerbose, ...rest } = readArguments(args)
    // files that the test has written may be different ones each time
    const key = Object.keys(files).length === 0 ? JSON.stringify([path, config, args, environment]) : undefined
    const known = key === undefined ? undefined : prepared.configuration(key)
    this.#haproxy = simulation.haproxy({
      name,
      config: known ?? { name: path, text: fromByteString(config) },
      files,
      machine: {
        pid,
        environment: Object.fromEntries(
          Object.entries(environment).map(([variable, value]) => [variable, fromByteString(value)]),
        ),
      },
      ...rest,
    })
    const { process } = this.#haproxy
    if (key !== undefined) prepared.keep(key, process.configuration)
    process.logger.deliver = (line) => this.#deliver(line)
    simulation.trace.listen((record) => {
      if (!('process' in record) || record.process !== name) return
      if (record.type === 'crash') this.end ??= this.#ended({ code: undefined, signal: 'SIGABRT' })
      if (record.type === 'message' || record.type === 'print' || record.type === 'crash') this.changed.notify()
    })
    if (checks) this.#check(isVerbose)
    else this.#start()
  }

  #check(isVerbose: boolean): void {
    const result = this.#haproxy.process.check()
    if (result === 'valid' && isVerbose) this.#verdict = 'Configuration file is valid\n'
    this.end = this.#ended({ code: { valid: 0, failed: 1, 'no listener': 2 }[result], signal: undefined })
  }

  #start(): void {
    try {
      this.#haproxy.start()
    } catch (error) {
      if (!(error instanceof StartError)) throw error
      this.end = this.#ended({ code: 1, signal: undefined })
    }
  }

  #ended(how: Pick<ProcessEnd, 'code' | 'signal'>): ProcessEnd {
    return { ...how, output: this.output }
  }

  get output(): string {
    const { messages, output } = this.#haproxy
    const lines = messages.map(({ severity, text }) => `[${severity.toUpperCase()}] (${this.pid}) : ${text}\n`)
    return toByteString([...lines, ...output.map((line) => `${line}\n`)].join('')) + this.#verdict
  }

  stop(): Script<ProcessEnd> {
    return immediately(() => {
      if (this.end) return this.end
      this.#haproxy.stop()
      this.end = this.#ended({ code: undefined, signal: 'SIGINT' })
      this.changed.notify()
      return this.end
    })
  }

  /** Sends a log line over UDP. */
  #deliver(line: OutgoingLine): void {
    const { target } = line.target
    if (!('ip' in target)) return
    const { simulation } = this.#processes
    const { scheduler, home, network } = simulation
    const bytes = formatOutgoing(this.#haproxy.process, line)
    const key = `${target.ip} ${target.port}`
    const at = Math.max(scheduler.clock.now + network.link(home, home).delay(), this.#lastArrival.get(key) ?? 0)
    this.#lastArrival.set(key, at)
    scheduler.at(at, () => home.datagramHandler(target)?.(bytes, () => undefined))
  }
}
