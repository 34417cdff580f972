/** Proxies of HAProxy's own, which are validated after those of the configuration (`httpclient_create_proxy` in src/http_client.c). */
import type { ParseContext } from './parse-context.js'
import { RESOLVERS } from './sections/resolvers-draft.js'
import type { Diagnostics } from './syntax/diagnostics.js'

/** Their names, in the order in which they are validated. */
export const INTERNAL_PROXIES: readonly string[] = ['<OCSP-UPDATE>', '<HTTPCLIENT>']

/** `httpclient.ssl.ca-file`: loads the CA certificates, which each of the proxies does. Errors do not prevent startup. */
export const checkClientTls = (context: ParseContext, diagnostics: Diagnostics): void => {
  const { hasTlsSettings, verify, caFile: file = '@system-ca' } = context.global.httpClient
  if (!hasTlsSettings || verify === 'none') return
  const { problem, emptyFolder } = context.options.certificates?.loadCaFile(file) ?? {}
  if (emptyFolder) diagnostics.add('warning', `ca-file: 0 CA were loaded from '${file}'`)
  if (problem === undefined) return
  INTERNAL_PROXIES.forEach(() => {
    diagnostics.addNonFatalAlert(problem)
    diagnostics.addNonFatalAlert(
      `httpclient: cannot initialize: cannot initialize SSL verify with 'ca-file "${file}"'.`,
    )
  })
}

/** `httpclient.resolvers.id`: the section with which the HTTP client resolves names. */
export const checkClientResolvers = (context: ParseContext, diagnostics: Diagnostics): void => {
  const { resolvers, resolves } = context.global.httpClient
  if (!resolves || resolvers === undefined || context.drafts(RESOLVERS).find(resolvers)) return
  for (const proxy of INTERNAL_PROXIES)
    diagnostics.add('alert', `Proxy '${proxy}': Can't find resolvers section '${resolvers}' for do-resolve action.`)
}
