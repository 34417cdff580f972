/** `httpclient.*`: the settings of the HTTP client, which scripts and the runtime API use (src/http_client.c). */
import { atol } from '../../bytes/integers.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import type { Line } from '../syntax/line.js'
import { isDurationError, parseDuration } from '../syntax/units.js'
import { alertTwice } from '../values/global/check.js'

type Keyword = (context: ParseContext, line: Line) => LineResult

const resolvers: Keyword = (context, line) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  context.global.httpClient.resolvers = line.at(1)
  return 'ok'
}

const disableResolvers: Keyword = (context, line) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  const [name, value] = [line.at(0), line.at(1)]
  if (value !== 'on' && value !== 'off')
    return context.alert(line, `'${name}' expects either 'on' or 'off' but got '${value}'.`)
  context.global.httpClient.resolves = value === 'off'
  return 'ok'
}

const prefer: Keyword = (context, line) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  const [name, family] = [line.at(0), line.at(1)]
  if (family !== 'ipv4' && family !== 'ipv6')
    return alertTwice(context, line, `'${name}' expects 'ipv4' or 'ipv6' as argument.`)
  context.global.httpClient.prefer = family
  return 'ok'
}

const retries: Keyword = (context, line) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  const [name, value] = [line.at(0), line.at(1)]
  if (value === '') return alertTwice(context, line, `'${name}' expects an integer argument.`)
  context.global.httpClient.retries = atol(value)
  return 'ok'
}

const caFile: Keyword = (context, line) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  context.global.httpClient.hasTlsSettings = true
  context.global.httpClient.caFile = line.at(1)
  return 'ok'
}

const verify: Keyword = (context, line) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  const [name, method] = [line.at(0), line.at(1)]
  context.global.httpClient.hasTlsSettings = true
  if (method !== 'none' && method !== 'required')
    return alertTwice(context, line, `'${name}' expects 'none' or 'required' as argument.`)
  context.global.httpClient.verify = method
  return 'ok'
}

const connectTimeout: Keyword = (context, line) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  const [name, value] = [line.at(0), line.at(1)]
  if (value === '') return alertTwice(context, line, `'${name}' expects an integer argument.`)
  const parsed = parseDuration(value)
  const what = `in argument '${value}' to '${name}'`
  if (parsed === 'overflow')
    return context.alert(line, `timer overflow ${what} (maximum value is 2147483647 ms or ~24.8 days)`)
  if (parsed === 'underflow') return context.alert(line, `timer underflow ${what} (minimum non-null value is 1 ms)`)
  if (isDurationError(parsed)) return context.alert(line, `unexpected character '${parsed.unexpected}' in '${name}'`)
  context.global.httpClient.connectTimeout = parsed.value
  return 'ok'
}

/** Keywords of `global`. */
export const HTTP_CLIENT_KEYWORDS: readonly (readonly [string, Keyword])[] = [
  ['httpclient.resolvers.disabled', disableResolvers],
  ['httpclient.resolvers.id', resolvers],
  ['httpclient.resolvers.prefer', prefer],
  ['httpclient.retries', retries],
  ['httpclient.ssl.ca-file', caFile],
  ['httpclient.ssl.verify', verify],
  ['httpclient.timeout.connect', connectTimeout],
]
