/**
 * What lines about traffic refer to: backends, servers and tables that there must be (check_config_validity in
 * src/cfgparse.c, smp_resolve_args in src/sample.c).
 */
import type { Diagnostics } from '../syntax/diagnostics.js'
import { hasBackend, typeOf, type ProxyDraft } from '../proxy/draft.js'
import type { Line } from '../syntax/line.js'
import type { Reading } from '../reading.js'

/** Names that are formed for each request are looked for then. */
const isFormed = (name: string): boolean => name.includes('%[')

/** Sample fetches whose argument is a server. */
const SERVER_FETCH =
  /\bsrv_(?:conn|conn_free|is_up|iweight|name|queue|sess_rate|uweight|weight)\((?:([^/(),]+)\/)?([^(),]+)\)/g

/** What the lines of one proxy name. */
export class References {
  readonly backends: string[] = []
  readonly servers: string[] = []
  readonly tables: { readonly name: string | undefined; readonly action: string }[] = []
  /** servers of any backend that expressions name */
  readonly fetched: { readonly backend: string | undefined; readonly server: string }[] = []
  hasTable = false

  /** Takes note of what `line` names. */
  note(line: Line): void {
    const keyword = line.at(0)
    if (keyword === 'use_backend' && line.at(1) !== '' && !isFormed(line.at(1))) this.backends.push(line.at(1))
    else if (keyword === 'use-server' && line.at(1) !== '' && !isFormed(line.at(1))) this.servers.push(line.at(1))
    else if (keyword === 'stick-table') this.hasTable = true
    else if (/^(?:http-request|http-response|tcp-request|tcp-response)$/.test(keyword)) this.#noteTables(line)
    for (const word of line.words)
      if (word.includes('srv_'))
        for (const [, backend, server] of word.matchAll(SERVER_FETCH)) this.fetched.push({ backend, server: server! })
  }

  #noteTables({ words }: Line): void {
    const at = words.findIndex((each) => /^track-sc\d+$/.test(each))
    if (at < 0) return
    const end = words.findIndex((each, index) => index > at && (each === 'if' || each === 'unless'))
    const table = words.indexOf('table', at)
    const isNamed = table > 0 && (end < 0 || table < end)
    this.tables.push({ name: isNamed ? words[table + 1] : undefined, action: words[at]! })
  }
}

/** Says what a proxy refers to that is not there. */
export const checkReferences = (reading: Reading, proxy: ProxyDraft, said: Diagnostics): void => {
  const { references, place } = proxy
  if (references === undefined) return
  for (const name of references.backends) checkBackend(reading, proxy, name, said)
  for (const name of references.servers)
    if (!proxy.servers.some((server) => server.name === name)) {
      const text = `${typeOf(proxy)} '${proxy.name}' : unable to find server '${name}' referenced in a 'use-server' rule.`
      said.add('alert', text, place)
    }
  for (const { name, action } of references.tables) checkTable(reading, proxy, name ?? proxy.name, action, said)
}

const checkBackend = (reading: Reading, proxy: ProxyDraft, name: string, said: Diagnostics): void => {
  const target = reading.backend(name)
  if (!target) {
    said.add('alert', `Proxy '${proxy.name}': unable to find required use_backend: '${name}'.`, proxy.place)
    return
  }
  const [mode, wanted] = [proxy.settings.mode, target.settings.mode]
  if (wanted === mode || (mode === 'tcp' && wanted === 'http')) return
  const describe = (each: ProxyDraft): string =>
    `${each.settings.mode} ${typeOf(each)} '${each.name}' (${each.place.file}:${each.place.line})`
  const text = `${describe(proxy)} tries to use incompatible ${describe(target)} in a 'use_backend' rule (see 'mode').`
  said.add('alert', text, proxy.place)
}

/** Tables of sections `peers` are not looked for. */
const checkTable = (reading: Reading, proxy: ProxyDraft, name: string, action: string, said: Diagnostics): void => {
  if (name.includes('/') || reading.firstNamed(name)?.references?.hasTable) return
  said.add('alert', `Proxy '${proxy.name}': unable to find table '${name}' referenced by ${action}.`, proxy.place)
}

/** Servers that lines refer to cannot be removed while the process runs (`SRV_F_NON_PURGEABLE`). */
export const markReferredServers = (reading: Reading): void => {
  for (const proxy of reading.proxies) {
    const mark = (owner: ProxyDraft | undefined, name: string): void => {
      const found = owner?.servers.find((server) => server.name === name)
      if (found) found.isReferred = true
    }
    for (const name of proxy.references?.servers ?? []) mark(proxy, name)
    for (const { backend, server } of proxy.references?.fetched ?? [])
      mark(backend === undefined ? (hasBackend(proxy) ? proxy : undefined) : reading.backend(backend), server)
  }
}
