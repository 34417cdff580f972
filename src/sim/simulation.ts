/**
 * A simulation: a world of its own, with a clock, a network, the servers that stand in it, and one or more HAProxy
 * processes. It is synchronous: nothing happens but in {@link Simulation.advance} and its like, and when that returns,
 * all of it has happened. The same seed and the same calls give the same run, to the byte.
 */
import type { Clock } from '../engine/clock.js'
import { DEFAULT_EPOCH, MILLISECOND, VirtualClock } from '../engine/clock.js'
import { Random } from '../engine/random.js'
import { Scheduler } from '../engine/scheduler.js'
import type { Strategy } from '../engine/strategy/strategy.js'
import { Trace } from '../engine/trace.js'
import type { LuaCoverage } from '../lua/index.js'
import { isIp, isLoopback, isUnspecified, parseAddress, type Address } from '../net/address.js'
import { unmapIpv4, SimNetwork, type Host, type Latency } from '../net/sim/index.js'
import {
  Client,
  DnsServer,
  HttpServer,
  SmtpServer,
  TcpServer,
  type ServerOptions,
  type SmtpOptions,
} from './actors/index.js'
import { toMicros, type Duration } from './duration.js'
import { Haproxy, type HaproxyOptions } from './haproxy.js'

export interface SimulationOptions {
  /** fixes all chance (default 1) */
  readonly seed?: number
  /** the calendar time at which it begins, in milliseconds since 1970 (default: 2024-01-01T00:00:00Z) */
  readonly epoch?: number
  /** what decides on the order of steps (default: HAProxy's usual one) */
  readonly strategy?: Strategy
  /** how long a strategy may let time pass although something is runnable (default 10 ms) */
  readonly maxStall?: Duration
  /** fixes the latencies of the network apart from all other chance (default: the seed) */
  readonly latencySeed?: number
  /** shuffles the order of `pairs` over string keys, which real Lua does anew in every process (default: order of insertion) */
  readonly pairsSeed?: number
  /** one-way latency within a host and between hosts, in microseconds */
  readonly latency?: { readonly loopback?: Latency; readonly remote?: Latency }
  /** virtual time that an instruction of Lua takes, in nanoseconds (default 10); 0: none */
  readonly instructionCost?: number
  /** counts what runs of the scripts of its processes */
  readonly coverage?: LuaCoverage
}

/** The host on which HAProxy runs and to which loopback addresses belong. */
const HOME = 'haproxy'

/** Reserved as unknown (RFC 6761), with an empty label, or ending in a number. */
const NO_NAME = /\.invalid$|(?:^|\.)(?:\.|\d+$)/i

/** Names that nobody gave an address get one of the range for tests of RFC 2544. */
const INVENTED = '198.18.'

export class Simulation {
  readonly seed: number
  /** @internal */
  readonly pairsSeed: number | undefined
  /** virtual time that an instruction of Lua takes, in nanoseconds */
  readonly instructionCost: number
  /** counts what runs of the scripts of processes that are made from now on */
  coverage: LuaCoverage | undefined
  readonly scheduler: Scheduler
  readonly trace: Trace
  readonly random: Random
  readonly network: SimNetwork
  /** every process, in the order in which it was made */
  readonly processes: Haproxy[] = []
  /**
   * is told the whole path of what processes made later look for on the disk, whether it is there or not
   * @internal
   */
  fileAsked: ((file: string) => void) | undefined
  readonly #clock: VirtualClock
  #invented = 0

  constructor(options: SimulationOptions = {}) {
    this.seed = options.seed ?? 1
    this.pairsSeed = options.pairsSeed
    this.instructionCost = options.instructionCost ?? 10
    this.coverage = options.coverage
    this.#clock = new VirtualClock(options.epoch === undefined ? DEFAULT_EPOCH : options.epoch * MILLISECOND)
    this.trace = new Trace(this.#clock)
    this.random = new Random(this.seed)
    this.scheduler = new Scheduler({
      clock: this.#clock,
      trace: this.trace,
      ...(options.strategy && { strategy: options.strategy }),
      ...(options.maxStall !== undefined && { maxStall: toMicros(options.maxStall) }),
    })
    this.network = new SimNetwork({
      scheduler: this.scheduler,
      random: (options.latencySeed === undefined ? this.random : new Random(options.latencySeed)).stream('network'),
      ...(options.latency && { latency: options.latency }),
    })
    this.network.host(HOME, ['192.0.2.1', '2001:db8::1'])
  }

  get clock(): Clock {
    return this.#clock
  }

  /** Milliseconds since the simulation began. */
  get now(): number {
    return this.#clock.now / MILLISECOND
  }

  /** Lets time pass, and everything happen that happens in it. */
  advance(duration: Duration): void {
    this.scheduler.runUntil(this.#clock.now + toMicros(duration))
  }

  /** Lets time pass until `condition` holds; returns whether it did within `limit`. Asked after every step. */
  runUntil(condition: () => boolean, limit: Duration): boolean {
    return condition() || this.scheduler.runWhile(this.#clock.now + toMicros(limit), () => !condition())
  }

  /**
   * Lets what is under way come to its end: no health check begins any more, connections are finished, and whatever is
   * runnable runs. Returns whether all was quiet within `limit`.
   */
  settle(limit: Duration = '1m'): boolean {
    for (const { process } of this.processes) process.suspendChecks()
    return this.runUntil(() => this.network.openConnections === 0 && !this.scheduler.hasWork, limit)
  }

  /** Closes the files that scripts have open, as if their processes had ended: what was written to them is on the disk then. */
  closeFiles(): void {
    for (const process of this.processes) process.closeFiles()
  }

  /** Does `action` at `time` since the beginning; at once when time is next advanced if that is past. */
  at(time: Duration, action: () => void): void {
    this.scheduler.at(toMicros(time), action)
  }

  /** A mail server. It takes mails and keeps them. @param address as in HAProxy's configuration: `127.0.0.1:25` */
  smtp(address: string | Address, options: SmtpOptions = {}): SmtpServer {
    return new SmtpServer(...this.#place(address), options)
  }

  /** A web server. It answers 200 to everything until told otherwise. */
  http(address: string | Address, options: ServerOptions = {}): HttpServer {
    return new HttpServer(...this.#place(address), options)
  }

  /** A server that takes connections and keeps them. */
  tcp(address: string | Address, options: ServerOptions = {}): TcpServer {
    return new TcpServer(...this.#place(address), options)
  }

  /** A name server, for the `nameserver` of a section `resolvers`. It knows no name until it is told of one. */
  dns(address: string | Address, options: { readonly name?: string } = {}): DnsServer {
    return new DnsServer(...this.#place(address), options)
  }

  /** A client on HAProxy's own host, for its frontends and its `stats socket`. */
  client(): Client {
    return new Client({ scheduler: this.scheduler, host: this.home })
  }

  /** A HAProxy process, not started yet. */
  haproxy(options: HaproxyOptions): Haproxy {
    const name = options.name ?? (this.processes.length === 0 ? HOME : `${HOME}${this.processes.length + 1}`)
    const process = new Haproxy(this, { ...options, name })
    this.processes.push(process)
    return process
  }

  /**
   * The addresses of a host name. One that nobody gave an address (`network.name`) gets one when it is first asked for;
   * names under `.invalid` never have any, nor has what cannot be a name, such as an address with a mistake (`300.0.0.1`).
   */
  resolve(name: string): readonly string[] {
    const known = this.network.resolve(name)
    if (known.length > 0 || NO_NAME.test(name)) return known
    const number = ++this.#invented
    this.network.name(name, `${INVENTED}${number >> 8}.${number & 255}`)
    return this.network.resolve(name)
  }

  /** The host on which HAProxy runs. */
  get home(): Host {
    return this.network.host(HOME)
  }

  /** Where somebody lives who listens at `address`; the host is made when there is none. Throws a RangeError for no address. */
  #place(address: string | Address): [{ scheduler: Scheduler; host: Host }, Address] {
    const parsed = unmapIpv4(
      typeof address === 'string' ? parseListening(address, (name) => this.resolve(name)) : address,
    )
    const host =
      !isIp(parsed) || isLoopback(parsed) || isUnspecified(parsed)
        ? this.home
        : (this.network.hostOf(parsed.ip) ?? this.network.host(parsed.ip, [parsed.ip]))
    return [{ scheduler: this.scheduler, host }, parsed]
  }
}

const parseListening = (text: string, resolve: (name: string) => readonly string[]): Address => {
  const parsed = parseAddress(text, { resolve, portOk: true, portMandatory: true })
  if ('error' in parsed) throw new RangeError(parsed.error)
  return parsed.address
}
