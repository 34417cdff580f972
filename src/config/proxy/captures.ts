/** `capture` and `declare capture`: what of messages becomes part of logs (src/cfgparse-listen.c, src/proxy.c). */
import { atol, strtol } from '../../bytes/integers.js'
import { toByteString } from '../../bytes/text.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import type { Line } from '../syntax/line.js'
import { warnWithout } from './capability.js'
import { hasFrontend, proxyTypeName, type ProxyDraft } from './draft.js'

/** Reads `capture cookie|request header|response header NAME len N`. */
export const readCapture = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  warnWithout(context, line, proxy, 'frontend')
  const kind = line.at(1)
  const isHeader = (kind === 'request' || kind === 'response') && line.at(2) === 'header'
  if (kind !== 'cookie' && !isHeader)
    return context.alert(line, `'${line.at(0)}' expects 'cookie' or 'request header' or 'response header'.`)
  if (proxy.kind === 'defaults')
    return context.alert(line, `'${line.at(0)} ${kind}' not allowed in 'defaults' section.`)
  if (context.tooManyWords(line, 4, 1)) return 'fatal'
  if (kind === 'cookie') {
    if (line.at(4) === '') return context.alert(line, `'${line.at(0)}' expects 'cookie' <cookie_name> 'len' <len>.`)
    proxy.traffic.cookieCapture = { name: toByteString(line.at(2)), length: atol(line.at(4)) }
  } else {
    if (line.at(3) === '' || line.at(4) !== 'len' || line.at(5) === '')
      return context.alert(line, `'${line.at(0)} ${kind}' expects 'header' <header_name> 'len' <len>.`)
    const slots = kind === 'request' ? proxy.traffic.requestCaptures : proxy.traffic.responseCaptures
    slots.push({ name: toByteString(line.at(3)), length: atol(line.at(5)) })
  }
  return 'ok'
}

/** Limits the length of captured cookies (`tune.http.cookielen`). */
export const limitCookieCapture = ({ global }: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const capture = proxy.hasTraffic ? proxy.traffic.cookieCapture : undefined
  const { cookieLength } = global
  if (capture === undefined || capture.length <= cookieLength) return
  diagnostics.add(
    'warning',
    `truncating capture length to ${cookieLength} bytes for ${proxyTypeName(proxy)} '${proxy.name}'.`,
    proxy.place,
  )
  proxy.traffic.cookieCapture = { ...capture, length: cookieLength }
}

/** Reads `declare capture request|response len N` (`proxy_parse_declare`). */
export const readDeclare = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const [keyword, kind, direction] = [line.at(0), line.at(1), line.at(2)]
  const title = `'${keyword} ${kind}'`
  if (proxy.kind === 'defaults') return context.alert(line, `'${keyword}' not available in default section`)
  if (!hasFrontend(proxy)) return context.alert(line, `'${keyword}' only available in frontend or listen section`)
  if (kind === '')
    return context.alert(line, `'${keyword}' needs a second keyword that specify the type of declaration ('capture')`)
  if (kind !== 'capture') return context.alert(line, `unknown declaration type '${kind}' (supports 'capture')`)
  if (direction !== 'request' && direction !== 'response')
    return context.alert(line, `${title} requires a direction ('request' or 'response')`)
  if (line.at(3) !== 'len') return context.alert(line, `${title} requires a capture length ('len')`)
  if (line.at(4) === '')
    return context.alert(line, `${title}: 'len' requires a numeric value that represents the capture length`)
  const { value, rest } = strtol(line.at(4))
  if (rest !== '') return context.alert(line, `${title}: cannot parse the length '${line.at(4)}'.`)
  if (value <= 0) return context.alert(line, 'length must be > 0')
  const slots = direction === 'request' ? proxy.traffic.requestCaptures : proxy.traffic.responseCaptures
  slots.push({ name: undefined, length: value })
  return 'ok'
}
