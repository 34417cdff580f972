/** Counters of the process, shown in `show info` (src/stats.c). */
import type { Clock } from '../../engine/clock.js'
import { Descriptors } from '../connections/descriptors.js'
import { FrequencyCounter } from './frequency.js'

/** Bytes are counted in units of 32 for their rate, which has 32 bits. */
const RATE_UNIT = 32

/** Events that taint a process (`TAINTED_*` in include/haproxy/bug.h). */
const TAINTS = { 'expert mode': 0x4, 'experimental mode': 0x8, 'blocked traffic': 0x2000 } as const

export class ProcessCounters {
  /** sessions: connections of clients, runs of checks, mails, sockets of scripts */
  sessions = 0
  currentSessions = 0
  /** streams: sessions of clients and of the runtime API, and sockets of scripts */
  streams = 0
  currentStreams = 0
  /** numbers assigned to streams, and to log-formats evaluated without a stream */
  requests = 0
  /** bytes sent over connections */
  bytesOut = 0
  readonly #bytesOutRate = new FrequencyCounter()
  /** warnings of the watchdog about tasks that block a thread */
  blockedWarnings = 0
  /** bits of {@link TAINTS} */
  tainted = 0
  /** current clients of frontends, and new ones per second */
  connections = 0
  readonly connectionRate = new FrequencyCounter()
  readonly sessionRate = new FrequencyCounter()
  /** how often an accepted client reached the limit of connections */
  maxconnReached = 0
  /** invalid messages of clients and servers */
  invalidMessages = 0
  readonly descriptors = new Descriptors()
  /** what `show activity` counts of accepted connections, steps of streams and begun checks */
  readonly activity = { accepted: 0, streamCalls: 0, checksStarted: 0 }
  maxConnectionRate = 0
  maxSessionRate = 0

  constructor(readonly clock: Clock) {}

  taint(by: keyof typeof TAINTS): void {
    this.tainted |= TAINTS[by]
  }

  sessionBegins(): void {
    this.sessions++
    this.currentSessions++
  }

  sessionEnds(): void {
    this.currentSessions--
  }

  /** A session with a stream begins. */
  streamBegins(): void {
    this.sessionBegins()
    this.streams++
    this.currentStreams++
    this.requests++
  }

  streamEnds(): void {
    this.sessionEnds()
    this.currentStreams--
  }

  sent(bytes: number): void {
    this.bytesOut += bytes
    this.#bytesOutRate.add(this.clock.now, Math.floor((bytes + RATE_UNIT / 2) / RATE_UNIT))
  }

  /** Bytes sent per second. */
  get bytesOutRate(): number {
    return this.#bytesOutRate.read(this.clock.now) * RATE_UNIT
  }

  /** `clear counters`, with and without `all` */
  clearMaxima(): void {
    this.maxConnectionRate = this.maxSessionRate = 0
    Object.assign(this.activity, { accepted: 0, streamCalls: 0, checksStarted: 0 })
  }
}
