/**
 * Checks that the backends, servers and tables that lines refer to exist (check_config_validity in src/cfgparse.c,
 * smp_resolve_args in src/sample.c).
 */
import type { Diagnostics } from '../syntax/diagnostics.js'
import { hasBackend, proxyTypeName, type ProxyDraft } from '../proxy/draft.js'
import type { Reading } from '../reading.js'

/** Says what a proxy refers to that is not there. */
export const checkReferences = (reading: Reading, proxy: ProxyDraft, said: Diagnostics): void => {
  const { references, place } = proxy
  if (references === undefined) return
  for (const name of references.backends) checkBackend(reading, proxy, name, said)
  for (const name of references.servers)
    if (!proxy.servers.some((server) => server.name === name)) {
      const text = `${proxyTypeName(proxy)} '${proxy.name}' : unable to find server '${name}' referenced in a 'use-server' rule.`
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
    `${each.settings.mode} ${proxyTypeName(each)} '${each.name}' (${each.place.file}:${each.place.line})`
  const text = `${describe(proxy)} tries to use incompatible ${describe(target)} in a 'use_backend' rule (see 'mode').`
  said.add('alert', text, proxy.place)
}

/** Tables of sections `peers` are not looked for. */
const checkTable = (reading: Reading, proxy: ProxyDraft, name: string, action: string, said: Diagnostics): void => {
  if (name.includes('/') || reading.findSection(name)?.references?.hasTable) return
  said.add('alert', `Proxy '${proxy.name}': unable to find table '${name}' referenced by ${action}.`, proxy.place)
}

/** Servers that lines refer to cannot be removed while the process runs (`SRV_F_NON_PURGEABLE`). */
export const markNonPurgeableServers = (reading: Reading): void => {
  for (const proxy of reading.proxies) {
    const mark = (owner: ProxyDraft | undefined, name: string): void => {
      const found = owner?.servers.find((server) => server.name === name)
      if (found) found.nonPurgeable = true
    }
    for (const name of proxy.references?.servers ?? []) mark(proxy, name)
    for (const { backend, server } of proxy.references?.fetched ?? [])
      mark(backend === undefined ? (hasBackend(proxy) ? proxy : undefined) : reading.backend(backend), server)
  }
}
