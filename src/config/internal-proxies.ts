/** Proxies of HAProxy's own, which are validated after those of the configuration (`httpclient_create_proxy` in src/http_client.c). */
import type { ParseContext } from './parse-context.js'
import { RESOLVERS } from './sections/resolvers-draft.js'
import type { Diagnostics } from './syntax/diagnostics.js'

/** Their names, in the order in which they are validated. */
export const INTERNAL_PROXIES: readonly string[] = ['<OCSP-UPDATE>', '<HTTPCLIENT>']

/** `httpclient.resolvers.id`: the section with which the HTTP client resolves names. */
export const checkClientResolvers = (context: ParseContext, diagnostics: Diagnostics): void => {
  const { clientResolvers, clientResolves } = context.global
  if (!clientResolves || clientResolvers === undefined || context.drafts(RESOLVERS).find(clientResolvers)) return
  for (const proxy of INTERNAL_PROXIES)
    diagnostics.add(
      'alert',
      `Proxy '${proxy}': Can't find resolvers section '${clientResolvers}' for do-resolve action.`,
    )
}
