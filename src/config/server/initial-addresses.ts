/** Initial addresses of servers with host names: `init-addr` (`srv_iterate_initaddr` in src/server.c). */
import type { Ip } from '../../net/ip.js'
import type { ParseReport } from '../parse-report.js'
import { Diagnostics, type Diagnostic, type Severity } from '../syntax/diagnostics.js'
import type { InitAddress, ServerConfig } from '../model/server.js'
import type { ParseContext } from '../parse-context.js'

/** The result of applying `init-addr`. */
export interface InitialAddresses extends ParseReport {
  /** servers whose address does not come from libc: their address, or undefined if they have none */
  readonly addresses: ReadonlyMap<ServerConfig, Ip | undefined>
}

/**
 * Returns a function that computes the initial addresses. With `-dr`, servers with unresolvable names are disabled.
 *
 * The function takes the addresses from state files (undefined if invalid), and whether there were warnings before, for
 * `zero-warning`.
 */
export const initialAddressResolver = ({ proxies, options, global }: ParseContext) => {
  const named = proxies
    .filter(({ settings }) => !settings.disabled)
    .flatMap((proxy) =>
      proxy.servers
        .filter(({ hostname, srvRecord }) => hostname !== undefined || srvRecord !== undefined)
        // `resolved` changes when the result is applied to the server
        .map((server) => ({ proxy, server, isResolved: server.resolved })),
    )
  return (last: ReadonlyMap<ServerConfig, Ip | undefined>, warned: boolean): InitialAddresses => {
    const diagnostics = new Diagnostics()
    const addresses = new Map<ServerConfig, Ip | undefined>()
    for (const { proxy, server, isResolved } of named) {
      const found = initialAddress(
        server,
        isResolved,
        last.has(server) ? [last.get(server)] : [],
        options.keepUnresolved === true,
      )
      if (found.from !== 'libc') addresses.set(server, found.from)
      if (!found.message) continue
      const { name, place } = server
      const where = `[${place.file}:${place.line}] : 'server ${proxy.name}/${name}' : `
      diagnostics.add(found.message.severity, where + found.message.text, place)
    }
    if (diagnostics.failed) diagnostics.add('alert', 'Failed to initialize server(s) addr.')
    else if (global.zeroWarning && (warned || diagnostics.all.some(countsAsWarning)))
      diagnostics.add('alert', "Some warnings were found and 'zero-warning' is set. Aborting.")
    return { diagnostics: diagnostics.all, failed: diagnostics.failed, addresses }
  }
}

/** Whether HAProxy would count it as a warning: hapsim's own ones do not count. */
export const countsAsWarning = ({ severity, fromHapsim }: Diagnostic): boolean => severity === 'warning' && !fromHapsim

interface Found {
  /** undefined: it has no address */
  readonly from: 'libc' | Ip | undefined
  readonly message?: { readonly severity: Severity; readonly text: string } | undefined
}

/** Tries the methods of `init-addr` in order until one succeeds. */
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
      const message = failed ? { severity: 'notice' as const, text: `${failure}, ${consequence}.` } : undefined
      return { from: method === 'none' ? undefined : method, message }
    }
  }
  const text = failed ? `${failure}.` : `no method found to resolve address '${name}'.`
  return { from: 'libc', message: { severity: 'alert', text } }
}

const DEFAULT_METHODS: readonly InitAddress[] = ['last', 'libc']
const DEFAULT_METHODS_WITH_RESOLVERS: readonly InitAddress[] = [...DEFAULT_METHODS, 'none']
