/** The class of `core.proxies`, `core.frontends` and `core.backends` (`hlua_listable_proxies_…` in src/hlua_fcn.c). */
import type { Proxy } from '../../haproxy/proxy/proxy.js'
import { stateOf } from '../host/script-state.js'
import type { ApiPart } from './api-part.js'
import { listableClass } from './listable-class.js'
import { ProxyList } from './listables.js'

const proxyListClass = listableClass<ProxyList, Proxy>('ProxyList', {
  type: ProxyList,
  find(L, list, name) {
    const { process } = stateOf(L).host
    return (
      (list.frontends ? process.frontendNamed(name) : undefined) ??
      (list.backends ? process.backendNamed(name) : undefined)
    )
  },
  /** Iterates in the order of the configuration, or while a script is loaded in reverse order. */
  iterate(L, list) {
    const { proxies } = stateOf(L).host.process
    let next = 0
    return () => {
      while (next < proxies.length && !list.has(proxies[next]!)) next++
      return proxies[next++]
    }
  },
})

export const PROXY_LIST: ApiPart = { class: proxyListClass }
