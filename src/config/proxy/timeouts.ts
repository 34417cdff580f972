/** `timeout` in proxies (proxy_parse_timeout in src/proxy.c). */
import { hasBackend, hasFrontend, proxyTypeName, type ProxyDraft } from './draft.js'
import type { Line } from '../syntax/line.js'
import type { ProxyTimeouts } from '../model/proxy.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { isDurationError, parseDuration, suspiciousDurationText, trailingUnitText } from '../syntax/units.js'

type Side = 'frontend' | 'backend' | 'both'

const TIMEOUTS: Readonly<Record<string, readonly [keyof ProxyTimeouts, Side]>> = {
  client: ['client', 'frontend'],
  tarpit: ['tarpit', 'both'],
  'client-hs': ['clientHs', 'frontend'],
  'http-keep-alive': ['httpKeepAlive', 'both'],
  'http-request': ['httpRequest', 'both'],
  server: ['server', 'backend'],
  connect: ['connect', 'backend'],
  check: ['check', 'backend'],
  queue: ['queue', 'backend'],
  tunnel: ['tunnel', 'backend'],
  'client-fin': ['clientFin', 'frontend'],
  'server-fin': ['serverFin', 'backend'],
}

/** Parses a `timeout` line. */
export const readTimeout = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const [name, text] = [line.at(1), line.at(2)]
  const known = Object.hasOwn(TIMEOUTS, name) ? TIMEOUTS[name] : undefined
  if (!known)
    return context.alert(
      line,
      "'timeout' supports 'client', 'server', 'connect', 'check', 'queue', 'handshake', 'http-keep-alive', " +
        `'http-request', 'tunnel', 'tarpit', 'client-fin' and 'server-fin' (got '${name}')`,
    )
  if (text === '') return context.alert(line, `'timeout ${name}' expects an integer value (in milliseconds)`)
  const parsed = parseDuration(text)
  if (isDurationError(parsed)) return context.alert(line, durationProblem(parsed, text, name))
  if (parsed.trailing !== '')
    context.main.add('warning', `config : ${trailingUnitText(text, parsed.trailing)}`, line.place)
  const [key, side] = known
  if (line.at(3) !== '') {
    const extra = `unexpected extra argument '${line.at(3)}' after value '${text}'.`
    return context.alert(line, `'timeout ${name}' : ${extra}`)
  }
  const { settings, inherited } = proxy
  if (!(side === 'both' || (side === 'frontend' ? hasFrontend(proxy) : hasBackend(proxy))))
    context.warn(
      line,
      `'timeout ${name}' will be ignored because ${proxyTypeName(proxy)} '${proxy.name}' has no ${side} capability`,
    )
  else if (proxy.kind !== 'defaults' && settings.timeouts[key] !== inherited.timeouts[key])
    context.warn(line, `overwriting 'timeout ${name}' which was already specified`)
  else if (parsed.suspicious !== undefined)
    context.warn(
      line,
      suspiciousDurationText(
        `'timeout ${name} ${parsed.suspicious}' in ${proxyTypeName(proxy)} '${proxy.name}'`,
        parsed.suspicious,
      ),
    )
  // HAProxy treats a timeout of 0 as none
  proxy.change({ timeouts: { ...settings.timeouts, [key]: parsed.value === 0 ? undefined : parsed.value } })
  return 'ok'
}

const durationProblem = (
  error: 'overflow' | 'underflow' | { readonly unexpected: string },
  text: string,
  name: string,
): string => {
  if (error === 'overflow')
    return `timer overflow in argument '${text}' to 'timeout ${name}' (maximum value is 2147483647 ms or ~24.8 days)`
  if (error === 'underflow')
    return `timer underflow in argument '${text}' to 'timeout ${name}' (minimum non-null value is 1 ms)`
  return `unexpected character '${error.unexpected}' in 'timeout ${name}'`
}
