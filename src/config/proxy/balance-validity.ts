/** Algorithms that do not fit the mode of a proxy, and their expressions (check_config_validity in src/cfgparse.c, src/log.c). */
import type { BalanceConfig } from '../model/balance.js'
import type { ParseContext } from '../parse-context.js'
import { recordExpression } from '../rules/pending-arguments.js'
import { placesMask, sourceNames, sourcesMask } from '../samples/places.js'
import { isCastable } from '../samples/types.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import { hasBackend, proxyTypeName, ROUND_ROBIN, type ProxyDraft } from './draft.js'
import { parseAtPlace, parseLaterExpression, whereOf } from './later-expression.js'

const HTTP_ALGORITHMS: ReadonlySet<BalanceConfig['algorithm']> = new Set(['uri', 'url_param', 'hdr'])

/** The algorithm of `balance`. Frontends have only what their lines set, which they ignore, and inherit none. */
const algorithmOf = (proxy: ProxyDraft): BalanceConfig | undefined => {
  const { settings, inherited } = proxy
  return hasBackend(proxy) || settings.balance !== inherited.balance ? settings.balance : undefined
}

/** Algorithms for HTTP in other modes (`proxy_cfg_ensure_no_http`): HAProxy takes `roundrobin` instead. */
export const replaceHttpAlgorithm = (proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const balance = algorithmOf(proxy)
  if (!balance || proxy.settings.mode === 'http' || !HTTP_ALGORITHMS.has(balance.algorithm)) return
  diagnostics.add(
    'warning',
    `Layer 7 hash not possible for ${proxyTypeName(proxy)} '${proxy.name}' (needs 'mode http'). Falling back to round robin.`,
    proxy.place,
  )
  proxy.change({ balance: ROUND_ROBIN })
}

/** Algorithms for logs in other modes (`proxy_cfg_ensure_no_log`). */
export const replaceLogAlgorithm = (proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  if (algorithmOf(proxy)?.algorithm !== 'log-hash' || proxy.settings.mode === 'log') return
  diagnostics.add(
    'warning',
    `Unusable balance algorithm for ${proxyTypeName(proxy)} '${proxy.name}' (needs 'mode log'). Falling back to round robin.`,
    proxy.place,
  )
  proxy.change({ balance: ROUND_ROBIN })
}

/** A backend that balances needs no other address. */
export const checkDispatch = (proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  if (!hasBackend(proxy) || !algorithmOf(proxy)) return
  const owner = `${proxyTypeName(proxy)} '${proxy.name}'`
  if (proxy.settings.options.has('transparent'))
    diagnostics.add('alert', `${owner} cannot use both transparent and balance mode.`, proxy.place)
  else if (proxy.dispatch)
    diagnostics.add('warning', `dispatch address of ${owner} will be ignored in balance mode.`, proxy.place)
}

const SERVER_CHOICE = placesMask('backend use-server, balance or stick-match rule')
const REQUEST_BYTES = sourcesMask('request buffer')

/** Parses the expression of `balance hash`. */
export const checkHashExpression = (context: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const balance = algorithmOf(proxy)
  if (balance?.algorithm !== 'hash' || proxy.settings.mode === 'log') return
  const { place } = proxy
  const { text } = balance
  const expression = parseLaterExpression(context, proxy, 'balance hash', text, place, diagnostics)
  if (!expression) return
  const where = whereOf(proxy, place)
  // HAProxy has the last line of the section in mind, or none after it has parsed formats
  const last = proxy.logFormats ? { file: '(null)', line: 0 } : { file: place.file, line: proxy.lastLine }
  recordExpression(proxy, expression, 'use-server', last)
  if ((expression.places & SERVER_CHOICE) === 0)
    diagnostics.add(
      'alert',
      `${where}: error detected while parsing 'balance hash' expression '${text}' which requires information from ` +
        `${sourceNames(expression.sources)}, which is not available here.`,
      place,
    )
  else if (proxy.settings.mode === 'http' && (expression.sources & REQUEST_BYTES) !== 0)
    diagnostics.add(
      'warning',
      `${where}: L6 sample fetch <${text}> will be ignored in 'balance hash' expression in HTTP mode.`,
      place,
    )
  proxy.change({ balance: { ...balance, expression } })
}

const LOG_ALGORITHMS: ReadonlySet<BalanceConfig['algorithm']> = new Set(['roundrobin', 'random', 'sticky', 'log-hash'])

/** Checks the algorithm of a backend in `mode log`, and its converters (`postcheck_log_backend`). @returns whether it is valid */
export const checkLogAlgorithm = (context: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): boolean => {
  const { balance, place } = proxy
  if (!balance || !LOG_ALGORITHMS.has(balance.algorithm)) {
    const owner = `${proxyTypeName(proxy)} '${proxy.name}'`
    const known = "'roundrobin', 'random', 'sticky' and 'log-hash'"
    diagnostics.add('alert', `in ${owner}: "balance" only supports ${known}.`, place)
    return false
  }
  if (balance.algorithm !== 'log-hash') return true
  const fail = (problem: string): false => {
    diagnostics.add('alert', `log backend '${proxy.name}': failed to initialize: ${problem}.`, place)
    return false
  }
  if (proxy.settings.hash.method !== 'map-based') return fail('unsupported hash method (from "hash-type")')
  // HAProxy's parser needs a fetch, too
  const parsed = parseAtPlace(context, `str(dummy),${balance.text}`, place)
  if ('error' in parsed) return fail(`${parsed.error} (from converter list argument in "balance log-hash")`)
  if (!isCastable(parsed.expression.output, 'bin'))
    return fail('invalid output type at the end of converter list for "balance log-hash" directive')
  proxy.change({ balance: { ...balance, expression: parsed.expression } })
  return true
}
