/** `monitor-uri` and `monitor fail` (src/cfgparse-listen.c). */
import type { LineResult, ParseContext } from '../parse-context.js'
import { parseCondition } from '../rules/condition.js'
import { warnIfMisplaced } from '../rules/misplaced.js'
import type { Line } from '../syntax/line.js'
import { warnWithout } from './capability.js'
import type { ProxyDraft } from './draft.js'

/** `monitor fail if|unless CONDITION`: when the reply to requests of the monitored URI is an error. */
export const readMonitor = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  if (proxy.kind === 'defaults') return context.alert(line, `'${line.at(0)}' not allowed in 'defaults' section.`)
  warnWithout(context, line, proxy, 'frontend')
  if (line.at(1) !== 'fail') return context.alert(line, `'${line.at(0)}' only supports 'fail'.`)
  const title = `${line.at(0)} ${line.at(1)}`
  if (line.at(2) !== 'if' && line.at(2) !== 'unless')
    return context.alert(line, `'${title}' requires either 'if' or 'unless' followed by a condition.`)
  warnIfMisplaced(context, line, proxy.traffic, 'monitor fail')
  const parsed = parseCondition(context, line, 2, proxy.acls)
  if ('error' in parsed)
    return context.alert(line, `error detected while parsing a '${title}' condition : ${parsed.error}.`)
  proxy.traffic.monitorFailures.push(parsed.condition)
  return 'ok'
}

/** `monitor-uri URI` */
export const readMonitorUri = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  warnWithout(context, line, proxy, 'frontend')
  if (context.tooManyWords(line, 1)) return 'fatal'
  const uri = line.at(1)
  if (uri === '') return context.alert(line, `'${line.at(0)}' expects an URI.`)
  proxy.change({ monitorUri: uri })
  return 'ok'
}
