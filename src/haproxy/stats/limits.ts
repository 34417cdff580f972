/**
 * The limits that a process works out from its configuration and from how many file descriptors it may open
 * (`compute_ideal_maxconn` and `compute_ideal_maxsock` in src/haproxy.c, `proxy_adjust_all_maxconn` in src/proxy.c).
 * Worked out once, when first asked for.
 */
import type { Configuration } from '../../config/model/configuration.js'
import type { ProxyConfig } from '../../config/model/proxy.js'

/**
 * How many file descriptors the simulated machine allows a process: as many as systemd lets a service raise its limit to.
 * HAProxy itself goes up to 1048576.
 */
const DESCRIPTOR_LIMIT = 524_288

/** What HAProxy sets aside for itself, and for the connections of the runtime API. */
const RESERVED = 10
const RUNTIME_CONNECTIONS = 10

/** It takes as many connections at least, even where there are not descriptors enough (`DEFAULT_MAXCONN`). */
const LEAST_CONNECTIONS = 100

/** Rates that the process does not go beyond, a second; 0: no limit. Compression is in bytes. */
export interface RateLimits {
  connections: number
  sessions: number
  sslSessions: number
  compression: number
}

export class Limits {
  readonly rates: RateLimits = { connections: 0, sessions: 0, sslSessions: 0, compression: 0 }
  #maxconn: number | undefined
  #process: { readonly maxconn: number; readonly maxsock: number } | undefined
  #fullconns: Map<string, number> | undefined

  constructor(
    readonly configuration: Configuration,
    readonly threads: number,
    /** file descriptors that the process may open */
    readonly descriptors: number = DESCRIPTOR_LIMIT,
  ) {}

  /** Connections that the process takes. */
  get maxconn(): number {
    return this.#maxconn ?? this.hardMaxconn
  }

  /** The most that {@link maxconn} may be. */
  get hardMaxconn(): number {
    return this.#ofProcess().maxconn
  }

  setMaxconn(maxconn: number): void {
    this.#maxconn = maxconn
  }

  /** File descriptors that it may need. */
  get maxsock(): number {
    return this.#ofProcess().maxsock
  }

  /** Whether it may open as many descriptors as it may need. */
  get enoughDescriptors(): boolean {
    return this.maxsock <= this.descriptors
  }

  /** Connections that a frontend takes. */
  frontendMaxconn(proxy: ProxyConfig): number {
    return proxy.maxconn || this.hardMaxconn
  }

  /** Connections at which a backend is full: a tenth of what its frontends may send it (`fullconn`). */
  fullconn(proxy: ProxyConfig): number {
    if (proxy.disabled) return 0
    this.#fullconns ??= this.#sendersOfBackends()
    return Math.max(Math.floor(((this.#fullconns.get(proxy.name) ?? 0) + 9) / 10), 1)
  }

  #ofProcess(): { readonly maxconn: number; readonly maxsock: number } {
    return (this.#process ??= this.#compute())
  }

  #compute(): { readonly maxconn: number; readonly maxsock: number } {
    const { global, proxies } = this.configuration
    const sockets = global.statsSockets.length
    let base = RESERVED + sockets + (sockets > 0 ? RUNTIME_CONNECTIONS : 0) + 3 * this.threads
    for (const proxy of proxies) {
      base += proxy.binds.length
      for (const { check } of proxy.servers) base += (check.enabled ? 1 : 0) + (check.port === undefined ? 0 : 1)
    }
    if (global.maxconn) return { maxconn: global.maxconn, maxsock: base + 2 * global.maxconn }
    const maxconn = Math.max(Math.floor((this.descriptors - base) / 2), LEAST_CONNECTIONS)
    return { maxconn, maxsock: base + 2 * maxconn }
  }

  /** By the name of a backend: the connections of all frontends that use it. */
  #sendersOfBackends(): Map<string, number> {
    const totals = new Map<string, number>()
    for (const proxy of this.configuration.proxies) {
      if (proxy.kind === 'backend' || proxy.disabled) continue
      const target = proxy.defaultBackend ?? (proxy.kind === 'listen' ? proxy.name : undefined)
      if (target !== undefined) totals.set(target, (totals.get(target) ?? 0) + this.frontendMaxconn(proxy))
    }
    return totals
  }
}
