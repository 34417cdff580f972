/**
 * Validation of references to backends, servers and tables (check_config_validity in src/cfgparse.c, smp_resolve_args in
 * src/sample.c).
 */
import type { Diagnostics } from '../syntax/diagnostics.js'
import { hasBackend, proxyTypeName, type ProxyDraft } from '../proxy/draft.js'
import type { ParseContext } from '../parse-context.js'

/** Reports unresolved references of a proxy. */
export const checkReferences = (context: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const { references, place } = proxy
  if (references === undefined) return
  for (const name of references.backends) checkBackend(context, proxy, name, diagnostics)
  for (const name of references.servers)
    if (!proxy.servers.some((server) => server.name === name)) {
      const text = `${proxyTypeName(proxy)} '${proxy.name}' : unable to find server '${name}' referenced in a 'use-server' rule.`
      diagnostics.add('alert', text, place)
    }
  for (const { name, action } of references.tables) checkTable(context, proxy, name ?? proxy.name, action, diagnostics)
}

const checkBackend = (context: ParseContext, proxy: ProxyDraft, name: string, diagnostics: Diagnostics): void => {
  const target = context.backend(name)
  if (!target) {
    diagnostics.add('alert', `Proxy '${proxy.name}': unable to find required use_backend: '${name}'.`, proxy.place)
    return
  }
  const [mode, wanted] = [proxy.settings.mode, target.settings.mode]
  if (wanted === mode || (mode === 'tcp' && wanted === 'http')) return
  const describe = (each: ProxyDraft): string =>
    `${each.settings.mode} ${proxyTypeName(each)} '${each.name}' (${each.place.file}:${each.place.line})`
  const text = `${describe(proxy)} tries to use incompatible ${describe(target)} in a 'use_backend' rule (see 'mode').`
  diagnostics.add('alert', text, proxy.place)
}

const checkTable = (
  context: ParseContext,
  proxy: ProxyDraft,
  name: string,
  action: string,
  diagnostics: Diagnostics,
): void => {
  if (context.tables.find(name)) return
  diagnostics.add(
    'alert',
    `Proxy '${proxy.name}': unable to find table '${name}' referenced by ${action}.`,
    proxy.place,
  )
}

/** Marks referenced servers, which cannot be removed at run time (`SRV_F_NON_PURGEABLE`). */
export const markNonPurgeableServers = (context: ParseContext): void => {
  for (const proxy of context.proxies) {
    const mark = (owner: ProxyDraft | undefined, name: string): void => {
      const found = owner?.servers.find((server) => server.name === name)
      if (found) found.nonPurgeable = true
    }
    for (const name of proxy.references?.servers ?? []) mark(proxy, name)
    for (const { backend, server } of proxy.references?.fetched ?? [])
      mark(backend === undefined ? (hasBackend(proxy) ? proxy : undefined) : context.backend(backend), server)
  }
}
