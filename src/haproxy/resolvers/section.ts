/**
 * A running `resolvers` section: a task queries the name servers for names of servers, retries queries, and resolves each name again
 * after `timeout resolve` (process_resolvers and resolv_process_responses in src/resolvers.c).
 */
import type { Micros } from '../../engine/clock.js'
import type { Random } from '../../engine/random.js'
import { Wake, type Task } from '../../engine/task.js'
import type { ResolversConfig } from '../../config/model/resolvers.js'
import { isIp, type Address } from '../../net/address.js'
import type { DatagramSocket } from '../../net/network.js'
import type { ProcessContext } from '../context.js'
import type { Ip, IpFamily } from '../../net/ip.js'
import type { Server } from '../server/server.js'
import { preferredRecord } from './choose.js'
import { buildQuery, encodeName, readAnswer, readServices, type AnswerError, type QueryType } from './message.js'
import { Resolution, type ResolutionStatus } from './resolution.js'
import type { Services } from './services.js'
import { QueryStream } from './stream.js'
import { followAnswer, isOver, loseAddress } from './server-names.js'

/** In the order in which `show resolvers` has them. */
export const COUNTERS = [
  ...(['sent', 'snd_error', 'valid', 'update', 'cname', 'cname_error', 'any_err', 'nx', 'timeout', 'refused'] as const),
  ...(['other', 'invalid', 'too_big', 'truncated', 'outdated'] as const),
] as const

export interface NameServer {
  readonly name: string
  readonly counters: Record<(typeof COUNTERS)[number], number>
  readonly socket: DatagramSocket | undefined
}

/** The query of a name for a stream. */
export interface NameQuery {
  /** Whether there is nothing to wait for any more. */
  isOver(): boolean
  /** The address, if the name has one. */
  address(): Ip | undefined
  /** The stream needs it no more. */
  release(): void
}

const STATUS_OF: Readonly<Record<AnswerError, ResolutionStatus>> = {
  invalid: 'invalid',
  nx: 'nx',
  refused: 'refused',
  any_err: 'other',
  cname_error: 'other',
  truncated: 'other',
  other: 'other',
}

/** Undefined for datagrams to Unix sockets, which are not supported. */
const openSocket = (
  process: ProcessContext,
  address: Address,
  stream: boolean,
  received: (bytes: Uint8Array) => void,
): DatagramSocket | undefined => {
  if (stream) return new QueryStream(process, address, received)
  return isIp(address) ? process.network.datagrams(address, received) : undefined
}

export class ResolversSection {
  readonly nameservers: readonly NameServer[]
  /** resolutions with a query in progress, the oldest first, and those that wait for the next one */
  #running: Resolution[] = []
  #waiting: Resolution[] = []
  readonly #task: Task

  constructor(
    readonly process: ProcessContext,
    readonly config: ResolversConfig,
    readonly random: Random,
  ) {
    this.#task = process.threads.spawn({ name: `resolvers ${config.name}`, run: () => this.#step() })
    this.nameservers = config.nameservers.map(({ name, address, stream }) => {
      const counters = Object.fromEntries(COUNTERS.map((each) => [each, 0])) as NameServer['counters']
      const server: NameServer = {
        name,
        counters,
        socket: openSocket(process, address, stream, (bytes) => this.#received(server, bytes)),
      }
      return server
    })
    this.#task.wake(Wake.INIT)
  }

  clearCounters(): void {
    for (const { counters } of this.nameservers) for (const each of COUNTERS) counters[each] = 0
  }

  get #now(): Micros {
    return this.process.clock.now
  }

  /** Resolves the name of `server` from now on. Returns false for an invalid name. */
  add(server: Server, hostname: string): boolean {
    const resolution = this.#pick(hostname, server.config.resolution.prefer === 'ipv4' ? 'A' : 'AAAA')
    resolution?.servers.push(server)
    return resolution !== undefined
  }

  /** Resolves SRV records from now on. Returns false for an invalid name. */
  addServices(services: Services): boolean {
    const resolution = this.#pick(services.name, 'SRV')
    resolution?.services.push(services)
    return resolution !== undefined
  }

  /**
   * Resolves a name for a stream (`resolv_action_do_resolve`); undefined for an invalid name.
   * @param ended called when the query has ended
   */
  resolve(hostname: string, prefer: IpFamily, ended: () => void): NameQuery | undefined {
    const resolution = this.#pick(hostname, prefer === 'ipv4' ? 'A' : 'AAAA')
    if (!resolution) return undefined
    resolution.waiters.add(ended)
    return {
      isOver: () => this.#isKnown(resolution) || (resolution.queryId === undefined && !this.#isDue(resolution)),
      address: () => (resolution.status === 'valid' ? preferredRecord(resolution.records, prefer) : undefined),
      release: () => {
        resolution.waiters.delete(ended)
        this.#forgetUnwanted()
      },
    }
  }

  #isDue({ lastResolution }: Resolution): boolean {
    return lastResolution === undefined || this.#now >= lastResolution + this.config.timeoutResolve
  }

  /** Whether the last response is recent enough to be used without a query. */
  #isKnown({ status, lastResolution }: Resolution): boolean {
    return status === 'valid' && lastResolution !== undefined && this.#now < lastResolution + this.config.hold.valid
  }

  /** Whether the name of `server` is being resolved. */
  has(server: Server): boolean {
    return [...this.#running, ...this.#waiting].some(({ servers }) => servers.includes(server))
  }

  /** The resolution of a name, which is shared by all who use it. */
  #pick(hostname: string, type: QueryType): Resolution | undefined {
    const encoded = encodeName(hostname)
    if (encoded === undefined) return undefined
    const all = [...this.#running, ...this.#waiting]
    let resolution = all.find(
      (each) => each.preferredType === type && each.hostname.toLowerCase() === hostname.toLowerCase(),
    )
    if (resolution === undefined) {
      resolution = new Resolution(hostname, encoded, type, this.process.startedAt)
      this.#waiting.push(resolution)
    }
    this.#task.wake(Wake.OTHER)
    return resolution
  }

  /** Removes a server, and its name if no other server uses it. */
  remove(server: Server): void {
    for (const list of [this.#running, this.#waiting])
      for (const resolution of list) {
        const at = resolution.servers.indexOf(server)
        if (at < 0) continue
        resolution.detach(server)
        resolution.servers.splice(at, 1)
      }
    this.#forgetUnwanted()
  }

  #forgetUnwanted(): void {
    this.#running = this.#running.filter(({ isWanted }) => isWanted)
    this.#waiting = this.#waiting.filter(({ isWanted }) => isWanted)
  }

  stop(): void {
    for (const { socket } of this.nameservers) socket?.close()
  }

  #step(): void {
    for (const resolution of [...this.#running]) {
      if (this.#now < resolution.lastQuery + this.config.timeoutRetry) break
      if (resolution.triesLeft > 0) this.#again(resolution)
      else {
        if (resolution.responses === 0) resolution.status = 'timeout'
        this.#fail(resolution)
      }
    }
    for (const resolution of [...this.#waiting]) {
      const requesters = [...resolution.servers, ...resolution.services]
      if (!this.#isDue(resolution)) continue
      if (resolution.waiters.size === 0 && requesters.every(({ proxy }) => proxy.stopped || proxy.config.disabled))
        resolution.reset(this.#now)
      else this.#begin(resolution)
    }
    this.#plan()
  }

  /** Sets the timer of the next step (resolv_update_resolvers_timeout). */
  #plan(): void {
    const { timeoutResolve, timeoutRetry } = this.config
    const dues = this.#waiting.map(({ lastResolution }) => (lastResolution ?? this.#now) + timeoutResolve)
    const oldest = this.#running[0]
    if (oldest) dues.push(this.#now + timeoutResolve, oldest.lastQuery + timeoutRetry)
    if (dues.length > 0) this.#task.wakeAt(dues.reduce((a, b) => Math.min(a, b)))
  }

  #begin(resolution: Resolution): void {
    resolution.queryId = this.random.integer(0, 65_535)
    resolution.type = resolution.preferredType
    resolution.triesLeft = this.config.resolveRetries - 1
    this.#waiting.splice(this.#waiting.indexOf(resolution), 1)
    this.#ask(resolution)
  }

  /** There was no good response: queries for the other address family, or retries. */
  #again(resolution: Resolution): void {
    if (resolution.responses > 0 && resolution.hasOtherType) resolution.otherType()
    else {
      resolution.type = resolution.preferredType
      resolution.triesLeft--
    }
    this.#ask(resolution)
  }

  #ask(resolution: Resolution): void {
    const query = buildQuery(resolution.queryId!, resolution.type, resolution.encoded, this.config.payloadSize)
    resolution.responses = 0
    resolution.queries = 0
    resolution.lastQuery = this.#now
    for (const { socket, counters } of this.nameservers) {
      if (socket === undefined) continue
      socket.send(query)
      counters.sent++
      resolution.queries++
    }
    this.#running = [...this.#running.filter((each) => each !== resolution), resolution]
  }

  #received({ counters, name }: NameServer, bytes: Uint8Array): void {
    const { payloadSize, hold } = this.config
    if (bytes.length > payloadSize) return void counters.too_big++
    if (bytes.length < 2) return void counters.invalid++
    const id = bytes[0]! * 256 + bytes[1]!
    const resolution = this.#running.find((each) => each.queryId === id)
    if (resolution === undefined) return void counters.outdated++
    resolution.responses++
    const read = resolution.preferredType === 'SRV' ? readServices : readAnswer
    const answer = read(bytes, resolution.encoded, payloadSize)
    if (typeof answer === 'string') {
      counters[answer]++
      resolution.status = STATUS_OF[answer]
      if (resolution.responses >= resolution.queries) this.#refused(resolution)
    } else {
      counters.valid++
      if ('services' in answer) resolution.services.forEach((each) => each.follow(answer, this.#now))
      else resolution.learn(answer, this.#now, hold.obsolete)
      resolution.status = 'valid'
      resolution.lastValid = this.#now
      this.#wait(resolution)
      resolution.servers.forEach((server, i) => {
        // the others take it from what is known by then
        const updater = i === 0 ? `${this.config.name}/${name}` : 'DNS cache'
        if (followAnswer(server, resolution, updater, hold) && i === 0) counters.update++
      })
    }
    this.#plan()
  }

  /** All name servers have responded with errors. */
  #refused(resolution: Resolution): void {
    if (resolution.type === 'SRV') return
    if (resolution.type === resolution.preferredType) {
      resolution.otherType()
      this.#ask(resolution)
    } else if (resolution.triesLeft === 0) this.#fail(resolution)
  }

  #fail(resolution: Resolution): void {
    let isKept = false
    for (const server of resolution.servers)
      if (loseAddress(server, resolution, this.config.hold)) resolution.detach(server)
      else isKept = true
    if (isOver(resolution, this.config.hold, this.#now)) for (const each of resolution.services) each.forget()
    if (!isKept) resolution.records = []
    this.#wait(resolution)
  }

  #wait(resolution: Resolution): void {
    resolution.reset(this.#now)
    this.#running = this.#running.filter((each) => each !== resolution)
    this.#waiting.push(resolution)
    for (const ended of [...resolution.waiters]) ended()
  }
}
