/** Lookup of servers by name (`findserver` in src/proxy.c). */
import type { ProxyDraft } from '../proxy/draft.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import type { ServerDraft } from './draft.js'

/** The server of a proxy with a name; undefined if missing. Reports an alert if there are several. */
export const findServer = (proxy: ProxyDraft, name: string, diagnostics: Diagnostics): ServerDraft | undefined => {
  const [server, other] = proxy.servers.filter((each) => each.name === name)
  if (other === undefined) return server
  diagnostics.add('alert', `Refusing to use duplicated server '${name}' found in proxy: ${proxy.name}!`)
  return undefined
}
