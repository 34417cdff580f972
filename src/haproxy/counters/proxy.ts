/**
 * Counters of frontends, listeners, backends and servers (include/haproxy/counters-t.h). Objects without any traffic share one set of
 * zeros, as a configuration can have hundreds of thousands of servers.
 */
import type { Micros } from '../../engine/clock.js'
import { FrequencyCounter } from './frequency.js'

/** Bytes of compressed messages: of requests, then of responses. */
const compression = () => ({ input: [0, 0], output: [0, 0], bypassed: [0, 0] })

/** Counters of frontends and listeners (`struct fe_counters`). */
export class FrontendCounters {
  /** maximum of concurrent sessions */
  maxSessions = 0
  connections = 0
  sessions = 0
  /** sessions of HTTP/1, HTTP/2 and HTTP/3 */
  readonly sessionsByVersion = [0, 0, 0]
  maxConnectionRate = 0
  maxSessionRate = 0
  bytesIn = 0
  bytesOut = 0
  readonly compression = compression()
  deniedRequests = 0
  deniedResponses = 0
  failedRequests = 0
  deniedConnections = 0
  deniedSessions = 0
  failedRewrites = 0
  internalErrors = 0
  clientAborts = 0
  serverAborts = 0
  interceptedRequests = 0
  /** requests of other protocols, HTTP/1, HTTP/2 and HTTP/3 */
  readonly requestsByVersion = [0, 0, 0, 0]
  compressedResponses = 0
  maxRequestRate = 0
  /** responses of other statuses, 1xx, 2xx, 3xx, 4xx and 5xx */
  readonly responses = [0, 0, 0, 0, 0, 0]
  cacheLookups = 0
  cacheHits = 0
  readonly sessionRate = new FrequencyCounter()
  readonly requestRate = new FrequencyCounter()
  readonly connectionRate = new FrequencyCounter()

  /** `clear counters` without `all` */
  clearMaxima(): void {
    this.maxSessions = this.maxConnectionRate = this.maxSessionRate = this.maxRequestRate = 0
  }
}

/** Sums of times in ms, over the last requests or sessions (a sliding window). */
const times = () => ({ queue: 0, connect: 0, data: 0, total: 0 })

/** Counters of backends and servers (`struct be_counters`). */
export class BackendCounters {
  /** maximum of concurrent sessions */
  maxSessions = 0
  sessions = 0
  /** sessions that load balancing has assigned */
  balancedSessions = 0
  maxConnectionRate = 0
  maxSessionRate = 0
  /** maximum of queued connections */
  maxPending = 0
  bytesIn = 0
  bytesOut = 0
  readonly compression = compression()
  deniedRequests = 0
  deniedResponses = 0
  connections = 0
  reuses = 0
  failedConnections = 0
  failedResponses = 0
  clientAborts = 0
  serverAborts = 0
  retries = 0
  redispatches = 0
  failedRewrites = 0
  internalErrors = 0
  failedChecks = 0
  failedHealthAnalyses = 0
  downTransitions = 0
  readonly times = times()
  readonly maxTimes = times()
  requests = 0
  compressedResponses = 0
  maxRequestRate = 0
  /** responses of other statuses, 1xx, 2xx, 3xx, 4xx and 5xx */
  readonly responses = [0, 0, 0, 0, 0, 0]
  cacheLookups = 0
  cacheHits = 0
  readonly sessionRate = new FrequencyCounter()
  /** when the last session began */
  lastSession: Micros | undefined

  /** `clear counters` without `all` */
  clearMaxima(): void {
    this.maxSessions = this.maxConnectionRate = this.maxSessionRate = this.maxRequestRate = this.maxPending = 0
    Object.assign(this.maxTimes, times())
  }
}

/** The counters of objects without any traffic. */
export const NO_FRONTEND_COUNTERS: Readonly<FrontendCounters> = Object.freeze(new FrontendCounters())
export const NO_BACKEND_COUNTERS: Readonly<BackendCounters> = Object.freeze(new BackendCounters())
