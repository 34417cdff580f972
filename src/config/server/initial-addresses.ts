/** The addresses with which servers that have names begin (`srv_iterate_initaddr` in src/server.c). */
import type { Ip } from '../../net/ip.js'
import type { ParseReport } from '../parse-report.js'
import { Diagnostics, type Diagnostic, type Severity } from '../syntax/diagnostics.js'
import type { InitAddress, ServerConfig } from '../model/server.js'
import type { Reading } from '../reading.js'

export interface InitialAddresses extends ParseReport {
  /** the servers that do not begin with what the resolver of the host said: what they have instead, undefined for none */
  readonly addresses: ReadonlyMap<ServerConfig, Ip | undefined>
}

/**
 * Finds them, as often as it is asked to. With `-dr`, a server whose name is not known is disabled.
 *
 * `last` has the addresses that state files tell, undefined for what is none; `warned` says whether there was a warning before (`zero-warning`).
 */
export const initialAddressResolver = ({ proxies, options, global }: Reading) => {
  const named = proxies
    .filter(({ settings }) => !settings.disabled)
    .flatMap((proxy) =>
      proxy.servers
        .filter(({ hostname, srvRecord }) => hostname !== undefined || srvRecord !== undefined)
        // what comes of this is written to the server in the end
        .map((server) => ({ proxy, server, isResolved: server.resolved })),
    )
  return (last: ReadonlyMap<ServerConfig, Ip | undefined>, warned: boolean): InitialAddresses => {
    const said = new Diagnostics()
    const addresses = new Map<ServerConfig, Ip | undefined>()
    for (const { proxy, server, isResolved } of named) {
      const found = initialAddress(
        server,
        isResolved,
        last.has(server) ? [last.get(server)] : [],
        options.keepUnresolved === true,
      )
      if (found.from !== 'libc') addresses.set(server, found.from)
      if (!found.said) continue
      const { name, place } = server
      const where = `[${place.file}:${place.line}] : 'server ${proxy.name}/${name}' : `
      said.add(found.said.severity, where + found.said.text, place)
    }
    if (said.failed) said.add('alert', 'Failed to initialize server(s) addr.')
    else if (global.zeroWarning && (warned || said.all.some(countsAsWarning)))
      said.add('alert', "Some warnings were found and 'zero-warning' is set. Aborting.")
    return { diagnostics: said.all, failed: said.failed, addresses }
  }
}

/** hapsim's own warnings are none of HAProxy's. */
export const countsAsWarning = ({ severity, fromHapsim }: Diagnostic): boolean => severity === 'warning' && !fromHapsim

interface Found {
  /** undefined: it has no address */
  readonly from: 'libc' | Ip | undefined
  readonly said?: { readonly severity: Severity; readonly text: string } | undefined
}

/** The first method that gives an address, or does without one, is the last one tried. */
const initialAddress = (
  { hostname, srvRecord, resolution }: ServerConfig,
  isResolved: boolean,
  [...last]: readonly (Ip | undefined)[],
  keepUnresolved: boolean,
): Found => {
  const name = hostname ?? srvRecord
  const { initAddresses, resolvers } = resolution
  const defaults = resolvers === undefined ? DEFAULT_METHODS : DEFAULT_METHODS_WITH_RESOLVERS
  let failed = false
  const failure = `could not resolve address '${name}'`
  const methods = initAddresses.length > 0 ? initAddresses : defaults
  for (const method of keepUnresolved ? [...methods, 'none' as const] : methods) {
    if (method === 'last') {
      const [ip] = last
      if (ip) return { from: ip }
      failed ||= last.length > 0
    } else if (method === 'libc') {
      if (srvRecord !== undefined) continue
      if (isResolved) return { from: 'libc' }
      failed = true
    } else {
      const consequence = method === 'none' ? 'disabling server' : 'falling back to configured address'
      const said = failed ? { severity: 'notice' as const, text: `${failure}, ${consequence}.` } : undefined
      return { from: method === 'none' ? undefined : method, said }
    }
  }
  const text = failed ? `${failure}.` : `no method found to resolve address '${name}'.`
  return { from: 'libc', said: { severity: 'alert', text } }
}

const DEFAULT_METHODS: readonly InitAddress[] = ['last', 'libc']
const DEFAULT_METHODS_WITH_RESOLVERS: readonly InitAddress[] = [...DEFAULT_METHODS, 'none']
