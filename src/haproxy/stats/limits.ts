/**
 * The limits that a process computes from its configuration and the number of file descriptors it may open
 * (`compute_ideal_maxconn` and `compute_ideal_maxsock` in src/haproxy.c, `proxy_adjust_all_maxconn` in src/proxy.c).
 * Computed at the first access.
 */
import type { Configuration, RateLimits } from '../../config/model/configuration.js'
import type { ProxyConfig } from '../../config/model/proxy.js'

/**
 * The limit of file descriptors on the simulated machine: the hard limit that systemd gives a service.
 * HAProxy itself goes up to 1048576.
 */
const DESCRIPTOR_LIMIT = 524_288

/** Descriptors that HAProxy reserves for itself, and for connections of the runtime API. */
const RESERVED = 10
const RUNTIME_CONNECTIONS = 10

/** The minimum of the computed maxconn, even with too few descriptors (`DEFAULT_MAXCONN`). */
const LEAST_CONNECTIONS = 100

/** The length of log lines unless a target has a longer one (`MAX_SYSLOG_LEN`). */
const LOG_LINE_SIZE = 1024

export class ProcessLimits {
  /** as changed by `set rate-limit` */
  rates: RateLimits
  #maxconn: number | undefined
  #process: { readonly maxconn: number; readonly maxsock: number } | undefined
  #fullconns: Map<string, number> | undefined
  #logLineSize: number | undefined

  constructor(
    readonly configuration: Configuration,
    readonly threads: number,
    /** file descriptors that the process may open */
    readonly descriptors: number = DESCRIPTOR_LIMIT,
  ) {
    this.rates = configuration.global.rateLimits
  }

  /** The maximum number of connections of the process. */
  get maxconn(): number {
    return this.#maxconn ?? this.hardMaxconn
  }

  /** The maximum value of {@link maxconn}. */
  get hardMaxconn(): number {
    return this.#ofProcess().maxconn
  }

  setMaxconn(maxconn: number): void {
    this.#maxconn = maxconn
  }

  /** The number of file descriptors that it may need. */
  get maxsock(): number {
    return this.#ofProcess().maxsock
  }

  /** Whether it may open as many descriptors as it may need. */
  get enoughDescriptors(): boolean {
    return this.maxsock <= this.descriptors
  }

  /** The maximum number of connections of a frontend. */
  frontendMaxconn(proxy: ProxyConfig): number {
    return proxy.maxconn || this.hardMaxconn
  }

  /** The number of connections at which a backend is full: by default a tenth of those of its frontends (`fullconn`). */
  fullconn(proxy: ProxyConfig): number {
    if (proxy.fullconn !== undefined) return proxy.fullconn
    if (proxy.disabled) return 0
    this.#fullconns ??= this.#sendersOfBackends()
    return Math.max(Math.floor(((this.#fullconns.get(proxy.name) ?? 0) + 9) / 10), 1)
  }

  /** The size of the buffer that log lines are formatted in: that of the longest `len` of all targets (`max_syslog_len`). */
  get logLineSize(): number {
    return (this.#logLineSize ??= this.#longestLine())
  }

  #longestLine(): number {
    const { global, proxies } = this.configuration
    let size = LOG_LINE_SIZE
    for (const { maxLength } of global.logs) size = Math.max(size, maxLength)
    for (const { logs } of proxies) for (const { maxLength } of logs) size = Math.max(size, maxLength)
    return size
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

  /** By the name of a backend: the maximum number of connections of all frontends that use it. */
  #sendersOfBackends(): Map<string, number> {
    const totals = new Map<string, number>()
    for (const proxy of this.configuration.proxies) {
      if (proxy.kind === 'backend' || proxy.disabled) continue
      for (const target of backendsOf(proxy))
        totals.set(target, (totals.get(target) ?? 0) + this.frontendMaxconn(proxy))
    }
    return totals
  }
}

/** The backends that a frontend may choose, without those whose names are computed for each stream. */
const backendsOf = (frontend: ProxyConfig): ReadonlySet<string> => {
  const { name, kind, defaultBackend = kind === 'listen' ? name : undefined, rules } = frontend
  const backends = new Set<string>(defaultBackend === undefined ? [] : [defaultBackend])
  for (const rule of rules?.switching ?? []) if (!rule.format) backends.add(rule.name)
  return backends
}
