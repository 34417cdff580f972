/** The proxies of a process, by name and by number (`proxies_list`, `proxy_by_name` and `used_proxy_id` in src/proxy.c). */
import type { Server } from '../server/server.js'
import type { Proxy } from './proxy.js'

/** Finds proxies and servers. */
export interface ProxyDirectory {
  /** in the order of the configuration; while scripts are loaded, those read so far, the last one first */
  readonly proxies: readonly Proxy[]
  backendNamed(name: string): Proxy | undefined
  frontendNamed(name: string): Proxy | undefined
  /** The server called `backend/server`. */
  server(path: string): Server | undefined
}

/** What identifies a server in an event. */
export interface ServerIdentity {
  readonly proxyUuid: number
  readonly puid: number
  readonly rid: number
}

export class Proxies implements ProxyDirectory {
  readonly #inOrder: Proxy[] = []
  /** the latest first, while scripts are loaded; undefined: not made yet */
  #latestFirst: readonly Proxy[] | undefined
  #isLoading = true
  readonly #backends = new Map<string, Proxy>()
  readonly #frontends = new Map<string, Proxy>()
  readonly #byUuid = new Map<number, Proxy>()

  /** Adds the next proxy of the configuration; the first of several with one name is the one that is found. */
  add(proxy: Proxy): void {
    this.#inOrder.push(proxy)
    this.#latestFirst = undefined
    if (proxy.backend && !this.#backends.has(proxy.name)) this.#backends.set(proxy.name, proxy)
    if (proxy.frontend && !this.#frontends.has(proxy.name)) this.#frontends.set(proxy.name, proxy)
  }

  /** Puts proxies and their servers in their final order, once all are read (`check_config_validity`). */
  endLoading(): void {
    this.#isLoading = false
    this.#latestFirst = undefined
    for (const proxy of this.#inOrder) proxy.endLoading()
  }

  get proxies(): readonly Proxy[] {
    return this.#isLoading ? (this.#latestFirst ??= [...this.#inOrder].reverse()) : this.#inOrder
  }

  backendNamed(name: string): Proxy | undefined {
    return this.#backends.get(name)
  }

  frontendNamed(name: string): Proxy | undefined {
    return this.#frontends.get(name)
  }

  server(path: string): Server | undefined {
    const slash = path.indexOf('/')
    return slash < 0 ? undefined : this.backendNamed(path.slice(0, slash))?.server(path.slice(slash + 1))
  }

  /** The server that an event is about; undefined once it is gone. */
  serverOf({ proxyUuid, puid, rid }: ServerIdentity): Server | undefined {
    return this.#withUuid(proxyUuid)?.serverById(puid, rid)
  }

  #withUuid(uuid: number): Proxy | undefined {
    if (this.#byUuid.size !== this.proxies.length) for (const proxy of this.proxies) this.#byUuid.set(proxy.uuid, proxy)
    return this.#byUuid.get(uuid)
  }
}
