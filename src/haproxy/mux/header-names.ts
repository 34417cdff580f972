/** How the names of fields are written in HTTP/1: in lower case, unless a peer needs something else (`h1_adjust_case_outgoing_hdr`, src/mux_h1.c). */
import type { Proxy } from '../proxy/proxy.js'

/**
 * The names of `h1-case-adjust` and `h1-case-adjust-file`, by those in lower case; undefined unless `option h1-case-adjust-bogus-client`,
 * or `-server`, of the proxy asks for them.
 */
export const adjustedNames = (
  { config, process }: Proxy,
  peer: 'client' | 'server',
): ReadonlyMap<string, string> | undefined => {
  const { headerCases } = process.configuration.global
  return headerCases.size > 0 && config.options.has(`h1-case-adjust-bogus-${peer}`) ? headerCases : undefined
}
