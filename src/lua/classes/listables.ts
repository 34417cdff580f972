/** What objects of the Lua classes ProxyList and ServerList represent (`struct hlua_proxy_list` in include/haproxy/hlua-t.h). */
import type { Proxy } from '../../haproxy/proxy/proxy.js'

/** The proxies of the process that have one of these sides. */
export class ProxyList {
  constructor(
    readonly frontends: boolean,
    readonly backends: boolean,
  ) {}

  /** Whether a proxy is in the list. */
  has(proxy: Proxy): boolean {
    return (this.frontends && proxy.frontend) || (this.backends && proxy.backend)
  }
}

/** The servers of a proxy. */
export class ServerList {
  constructor(readonly proxy: Proxy) {}
}
