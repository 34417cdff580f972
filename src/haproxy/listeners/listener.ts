/** A listening address of a frontend or of the runtime API. (`struct listener` in include/haproxy/listener-t.h.) */
import type { BindConfig } from '../../config/model/bind.js'
import type { ProxyConfig, ProxyMode } from '../../config/model/proxy.js'
import type { TlsListener } from '../../net/tls.js'
import { FrontendCounters, NO_FRONTEND_COUNTERS } from '../counters/proxy.js'

/** The proxy that a listener belongs to. */
export interface ListenerOwner {
  readonly name: string
  readonly uuid: number
  readonly mode: ProxyMode
  readonly config: ProxyConfig
}

/** What accepts the clients of a listener, once it is open. */
export interface ListenerControl {
  /** Accepts no clients until {@link resume} is called (`suspend_listener`, src/listener.c). */
  pause(): void
  resume(): void
  /** Serves clients that wait, as far as limits allow, which have changed. */
  serveWaiting(): void
  /** Stops listening for good. */
  close(): void
}

export class Listener {
  /** `name` of the bind line, else `sock-N`, N being its number within the proxy */
  readonly name: string
  readonly id: number
  /** what clients are offered in TLS; undefined: plain TCP */
  readonly tls: TlsListener | undefined
  /** sessions now (`nbconn`) */
  sessions = 0
  control: ListenerControl | undefined
  #counters: FrontendCounters | undefined

  constructor(
    /** undefined for a `stats socket` */
    readonly proxy: ListenerOwner | undefined,
    readonly config: BindConfig,
    id: number,
  ) {
    this.id = id
    this.name = config.name ?? `sock-${id}`
    this.tls = config.tls && offeredTls(config.tls, proxy?.mode === 'http')
  }

  /** Its counters, to read. Only `option socket-stats` counts per listener. */
  get counters(): Readonly<FrontendCounters> {
    return this.#counters ?? NO_FRONTEND_COUNTERS
  }

  /** Its counters. */
  get counting(): FrontendCounters {
    return (this.#counters ??= new FrontendCounters())
  }

  /** Resets its counters, or only maxima (`clear counters`). */
  clearCounters(all: boolean): void {
    if (all) this.#counters = undefined
    else this.#counters?.clearMaxima()
  }
}

/** HTTP/2 is not offered, as it is not emulated; HTTP/1.1 is by default. */
const offeredTls = (tls: TlsListener, isHttp: boolean): TlsListener => {
  const alpn = isHttp ? (tls.alpn ?? ['http/1.1']).filter((each) => each !== 'h2') : tls.alpn
  return { ...tls, alpn: alpn && alpn.length > 0 ? alpn : undefined }
}

/** The listeners of a proxy, numbered in the order of the configuration; `id` sets a number from which the next ones continue. */
export const makeListeners = (proxy: ListenerOwner): Listener[] => {
  const { binds } = proxy.config
  if (binds.length === 0) return []
  const taken = new Set(binds.map(({ luid }) => luid))
  let next = 1
  return binds.map((bind) => {
    if (bind.luid === undefined) while (taken.has(next)) next++
    const listener = new Listener(proxy, bind, bind.luid ?? next)
    next = listener.id + 1
    return listener
  })
}
