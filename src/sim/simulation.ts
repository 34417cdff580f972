/**
 * A simulation: a clock, a network, servers and clients, and one or more HAProxy processes. It is synchronous: everything
 * happens within {@link Simulation.advance} and similar calls. The same seed and the same calls give the same run, to the byte.
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
  type ActorContext,
  type ClientOptions,
  type ClientRegistry,
  type HttpServerOptions,
  type ServerOptions,
  type SmtpOptions,
} from './actors/index.js'
import { toMicros, type Duration } from './duration.js'
import { Haproxy, type HaproxyOptions } from './haproxy.js'

/** Options of a simulation. */
export interface SimulationOptions {
  /** seeds all randomness (default 1) */
  readonly seed?: number
  /** start date in milliseconds since 1970 (default: 2024-01-01T00:00:00Z) */
  readonly epoch?: number
  /** scheduling strategy (default: HAProxy's order) */
  readonly strategy?: Strategy
  /** maximum stall that a strategy may request (default 10 ms) */
  readonly maxStall?: Duration
  /** seeds network latencies separately (default: the seed) */
  readonly latencySeed?: number
  /** shuffles the order of `pairs` over string keys, which varies between processes in real Lua (default: insertion order) */
  readonly pairsSeed?: number
  /** one-way latency within a host and between hosts, in microseconds */
  readonly latency?: { readonly loopback?: Latency; readonly remote?: Latency }
  /** virtual time per Lua instruction, in nanoseconds (default 10); 0: none */
  readonly instructionCost?: number
  /** Lua coverage of its processes */
  readonly coverage?: LuaCoverage
  /** whether `require` finds stand-ins for C modules in its processes, see {@link HaproxyOptions.modules} (default: no) */
  readonly modules?: boolean
}

/** The host of HAProxy and of loopback addresses. */
const HOME = 'haproxy'

/** Names that never resolve: under `.invalid` (RFC 6761), with an empty label, or ending in a number. */
const UNRESOLVABLE = /\.invalid$|(?:^|\.)(?:\.|\d+$)/i

/** Prefix of addresses assigned to unknown names (RFC 2544, benchmarking). */
const ASSIGNED_PREFIX = '198.18.'

/** A simulated world. */
export class Simulation {
  readonly seed: number
  /** @internal */
  readonly pairsSeed: number | undefined
  /** virtual time per Lua instruction, in nanoseconds */
  readonly instructionCost: number
  /** Lua coverage of processes created from now on */
  coverage: LuaCoverage | undefined
  /** @internal */
  readonly modules: boolean
  readonly scheduler: Scheduler
  readonly trace: Trace
  readonly random: Random
  readonly network: SimNetwork
  /** all processes in the order of creation */
  readonly processes: Haproxy[] = []
  /**
   * called with the full path of each disk access of processes created later
   * @internal
   */
  onFileAccess: ((file: string) => void) | undefined
  /**
   * called after every step while time advances; an exception ends that
   * @internal
   */
  interrupt: (() => void) | undefined
  readonly #clock: VirtualClock
  readonly #clients: ClientRegistry = { outstanding: new Set(), idle: new Set() }
  #assigned = 0

  constructor(options: SimulationOptions = {}) {
    this.seed = options.seed ?? 1
    this.pairsSeed = options.pairsSeed
    this.instructionCost = options.instructionCost ?? 10
    this.coverage = options.coverage
    this.modules = options.modules ?? false
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

  /** Milliseconds since the start of the simulation. */
  get now(): number {
    return this.#clock.now / MILLISECOND
  }

  /** Advances time and runs everything that is due. */
  advance(duration: Duration): void {
    this.#run(duration, () => true)
  }

  /** Advances time until `condition`, evaluated after every step, holds; returns whether it did within `limit`. */
  runUntil(condition: () => boolean, limit: Duration): boolean {
    return condition() || this.#run(limit, () => !condition())
  }

  /** Advances time until `keepRunning`, called after every step, returns false; returns whether that ended it. */
  #run(duration: Duration, keepRunning: () => boolean): boolean {
    return this.scheduler.runWhile(this.#clock.now + toMicros(duration), () => {
      this.interrupt?.()
      return keepRunning()
    })
  }

  /**
   * Runs until idle: suspends health checks, closes idle connections of HTTP clients, and waits for connections to close and tasks to run.
   * Returns whether that succeeded within `limit`.
   */
  settle(limit: Duration = '1m'): boolean {
    for (const connection of [...this.#clients.idle]) connection.close()
    for (const { process } of this.processes) process.checks.drain()
    return this.runUntil(() => this.network.openConnections === 0 && !this.scheduler.hasWork, limit)
  }

  /** Closes and flushes the files opened by scripts, as if their processes had ended. */
  closeFiles(): void {
    for (const process of this.processes) process.closeFiles()
  }

  /** Schedules `action` at `time` since the start; if that is in the past, it runs as soon as time is advanced. */
  at(time: Duration, action: () => void): void {
    this.scheduler.at(toMicros(time), action)
  }

  /** Creates a mail server that stores mails. @param address in HAProxy's format: `127.0.0.1:25` */
  smtp(address: string | Address, options: SmtpOptions = {}): SmtpServer {
    return new SmtpServer(...this.#locate(address), options)
  }

  /** Creates an HTTP server, which responds 200 by default. */
  http(address: string | Address, options: HttpServerOptions = {}): HttpServer {
    return new HttpServer(...this.#locate(address), options)
  }

  /** Creates a TCP server that records its connections. */
  tcp(address: string | Address, options: ServerOptions = {}): TcpServer {
    return new TcpServer(...this.#locate(address), options)
  }

  /** Creates a DNS server without any records, for `nameserver` in a `resolvers` section. */
  dns(address: string | Address, options: { readonly name?: string } = {}): DnsServer {
    return new DnsServer(...this.#locate(address), options)
  }

  /**
   * Creates a client. Throws a RangeError for an invalid address.
   *
   * @param address its IP address (default: HAProxy's host). A loopback address, or one of HAProxy's host, is on that host; any other is
   *   on a separate host, from which HAProxy is reached at `192.0.2.1` and `2001:db8::1`. Loopback addresses are errors there.
   */
  client(address?: string, options: ClientOptions = {}): Client {
    const shared = { ...options, resolve: (name: string) => this.resolve(name), registry: this.#clients }
    if (address === undefined) return new Client(this.#context(this.home), shared)
    const parsed = parseAddress(address, { portOk: true })
    if ('error' in parsed) throw new RangeError(parsed.error)
    if (!isIp(parsed.address) || isUnspecified(parsed.address))
      throw new RangeError(`'${address}' is not an IP address that a client can have`)
    const [{ host }] = this.#locate(parsed.address)
    const noLoopback =
      host === this.home
        ? undefined
        : `${parsed.address.ip} is another host than HAProxy, which it reaches at ${this.home.ips.join(' and ')}`
    return new Client(this.#context(host), { ...shared, from: parsed.address, noLoopback })
  }

  /** The environment of an actor that waits. */
  #context(host: Host): ActorContext {
    return { scheduler: this.scheduler, host, interrupt: () => this.interrupt?.() }
  }

  /** Ends all requests of clients that are not answered, as at the end of a run. */
  endRequests(): void {
    for (const exchange of [...this.#clients.outstanding])
      exchange.fail('timeout', 'no complete answer at the end of the run')
  }

  /** Creates a HAProxy process without starting it. */
  haproxy(options: HaproxyOptions): Haproxy {
    const name = options.name ?? (this.processes.length === 0 ? HOME : `${HOME}${this.processes.length + 1}`)
    const process = new Haproxy(this, { ...options, name })
    this.processes.push(process)
    return process
  }

  /**
   * Resolves a host name. Unknown names (see `network.name`) are assigned an address on first use, except names under
   * `.invalid` and invalid ones, such as malformed addresses (`300.0.0.1`).
   */
  resolve(name: string): readonly string[] {
    const known = this.network.resolve(name)
    if (known.length > 0 || UNRESOLVABLE.test(name)) return known
    const number = ++this.#assigned
    this.network.name(name, `${ASSIGNED_PREFIX}${number >> 8}.${number & 255}`)
    return this.network.resolve(name)
  }

  /** The host of HAProxy. */
  get home(): Host {
    return this.network.host(HOME)
  }

  /** The host and parsed address for a listener on `address`, creating the host if needed. Throws a RangeError if it is invalid. */
  #locate(address: string | Address): [{ scheduler: Scheduler; host: Host }, Address] {
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
