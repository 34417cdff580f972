/** The keyword `redirect` of proxies, the older form of `http-request redirect` (src/cfgparse-listen.c). */
import type { LineResult, ParseContext } from '../parse-context.js'
import { proxyTypeName, type ProxyDraft } from '../proxy/draft.js'
import type { Line } from '../syntax/line.js'
import { readRedirect } from './actions/redirect.js'
import { warnAboutConflicts } from './conflicts.js'
import { warnIfMisplaced } from './misplaced.js'
import { RuleProblem, RuleReader } from './rule-reader.js'

/** Reads a line of `redirect`. */
export const readRedirectLine = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  if (proxy.kind === 'defaults') return context.alert(line, `'${line.at(0)}' not allowed in 'defaults' section.`)
  const reader = new RuleReader(context, line, proxy, 'http-request', 1)
  const { traffic } = proxy
  try {
    const action = readRedirect(reader, false)
    traffic.redirects.push({ action, condition: reader.takenCondition })
  } catch (error) {
    if (!(error instanceof RuleProblem)) throw error
    const owner = `${proxyTypeName(proxy)} '${proxy.name}'`
    return context.alert(line, `error detected in ${owner} while parsing redirect rule : ${error.message}.`)
  }
  warnIfMisplaced(context, line, traffic, 'redirect')
  warnAboutConflicts(context, line, reader.takenCondition, reader.places)
  return 'ok'
}
