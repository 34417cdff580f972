/** Keywords of proxies about connections, many of which are validated but not emulated (cfg_parse_listen in src/cfgparse-listen.c, src/proxy.c). */
import { atoi, atol, strtolAnyBase } from '../../bytes/integers.js'
import { firstByte, toByteString } from '../../bytes/text.js'
import { SECOND } from '../../engine/clock.js'
import type { KeepAlive } from '../../net/tcp-options.js'
import { areaOfProxy } from '../known/areas.js'
import { SILENT_PROXY } from '../known/silent.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { readAddress } from '../syntax/address-text.js'
import type { Line } from '../syntax/line.js'
import { isDurationError, parseDuration } from '../syntax/units.js'
import { hasSide, warnWithout, type Side } from './capability.js'
import { proxyTypeName, type ProxyDraft } from './draft.js'
import type { ProxySettings } from './settings.js'

type Keyword = (context: ParseContext, line: Line, proxy: ProxyDraft) => LineResult

const ignore: Keyword = (context, line) =>
  SILENT_PROXY.has(line.at(0))
    ? context.ignoreSilently(line)
    : context.notEmulated(line, `'${line.at(0)}'`, areaOfProxy(line.at(0)))

const notInDefaults =
  (keyword: Keyword): Keyword =>
  (context, line, proxy) =>
    proxy.kind === 'defaults'
      ? context.alert(line, `'${line.at(0)}' not allowed in 'defaults' section.`)
      : keyword(context, line, proxy)

/** A number, of which only the presence is checked. */
const connectionCount =
  (side: Side, settings: (count: number) => Partial<ProxySettings>, hint?: string): Keyword =>
  (context, line, proxy) => {
    warnWithout(context, line, proxy, side, hint)
    if (line.at(1) === '') return context.alert(line, `'${line.at(0)}' expects an integer argument.`)
    if (context.tooManyWords(line, 1)) return 'fatal'
    proxy.change(settings(atol(line.at(1))))
    return ignore(context, line, proxy)
  }

const dispatch = notInDefaults((context, line, proxy) => {
  warnWithout(context, line, proxy, 'backend')
  const address = readAddress(context, line.at(1), 'dispatch')
  if ('error' in address) return context.alert(line, `'${line.at(0)}' : ${address.error}`)
  if (context.tooManyWords(line, 1)) return 'fatal'
  proxy.dispatch = address.address
  return 'ok'
})

const transparent: Keyword = (context, line, proxy) => {
  proxy.change({ options: new Set(proxy.settings.options).add('transparent') })
  return context.tooManyWords(line, 0) ? 'fatal' : 'ok'
}

const guid = notInDefaults((context, line, proxy) => {
  const { kind } = proxy
  const problem = context.guids.add(line, 0, { title: `${proxyTypeName(proxy)} ${proxy.name}`, kind })
  return problem === undefined ? ignore(context, line, proxy) : context.alert(line, problem)
})

/** Warns that a line of a registered keyword has no effect. */
const warnIgnored = (context: ParseContext, line: Line, proxy: ProxyDraft, side: Side, what = line.at(0)): boolean => {
  if (hasSide(proxy, side)) return false
  context.warn(
    line,
    `${what} will be ignored because ${proxyTypeName(proxy)} '${proxy.name}' has no ${side} capability`,
  )
  return true
}

const integerProblem = (what: string, text: string): string | undefined => {
  const { rest } = strtolAnyBase(text)
  return rest === '' ? undefined : `'${what}' : unexpected character '${firstByte(rest)}' in integer value '${text}'`
}

const rateLimit: Keyword = (context, line, proxy) => {
  const [name, kind, value] = [line.at(0), line.at(1), line.at(2)]
  if (kind !== 'sessions') return context.alert(line, `'${name}' only supports 'sessions' (got '${kind}')`)
  const what = `${name} ${kind}`
  if (value === '') return context.alert(line, `'${what}' expects expects an integer value (in sessions/second)`)
  const problem = integerProblem(what, value)
  if (problem !== undefined) return context.alert(line, problem)
  const { settings, inherited } = proxy
  const isRepeated = proxy.kind !== 'defaults' && settings.sessionRate !== inherited.sessionRate
  if (!warnIgnored(context, line, proxy, 'frontend', what) && isRepeated)
    context.warn(line, `overwriting ${what} which was already specified`)
  proxy.change({ sessionRate: strtolAnyBase(value).value >>> 0 })
  return 'ok'
}

const queueLength: Keyword = (context, line, proxy) => {
  const [name, value] = [line.at(0), line.at(1)]
  if (value === '') return context.alert(line, `'${name}' expects expects an integer value (or -1 to disable)`)
  const problem = integerProblem(name, value)
  if (problem !== undefined) return context.alert(line, problem)
  warnIgnored(context, line, proxy, 'backend')
  const length = strtolAnyBase(value).value
  proxy.change({ keepAliveQueue: length === -1 ? undefined : length })
  return ignore(context, line, proxy)
}

/** Counts and delays of TCP keep-alive probes. */
const keepAlive =
  (side: Side, setting: keyof KeepAlive): Keyword =>
  (context, line, proxy) => {
    const [name, value] = [line.at(0), line.at(1)]
    const read = setting === 'count' ? probeCount : probeDelay
    const number = value === '' ? `'${name}' expects an integer value` : read(name, value)
    if (typeof number === 'string') return context.alert(line, number)
    warnIgnored(context, line, proxy, side)
    const owner = side === 'frontend' ? 'clientKeepAlive' : 'serverKeepAlive'
    proxy.change({ [owner]: { ...proxy.settings[owner], [setting]: number } })
    return ignore(context, line, proxy)
  }

/** The number of probes, or what is wrong with it. */
const probeCount = (name: string, value: string): number | string =>
  integerProblem(name, value) ?? strtolAnyBase(value).value

/** Whole seconds, rounded up, or what is wrong with them. */
const probeDelay = (name: string, value: string): number | string => {
  const parsed = parseDuration(value, 's')
  if (!isDurationError(parsed)) return Math.ceil(parsed.value / SECOND)
  const what = `in argument '${value}' to '${name}'`
  if (parsed === 'overflow') return `timer overflow ${what} (maximum value is 2147483647 ms or ~24.8 days)`
  if (parsed === 'underflow') return `timer underflow ${what} (minimum non-null value is 1 ms)`
  return `unexpected character '${parsed.unexpected}' in argument to <${name}>.\n`
}

/** Of the keywords that have a name for an argument. */
const EMULATED_NAMES: ReadonlySet<string> = new Set(['http-send-name-header'])

/** A word on one side, with the message when it is missing. */
const word =
  (side: Side, settings: (text: string) => Partial<ProxySettings>, missing: string): Keyword =>
  (context, line, proxy) => {
    warnWithout(context, line, proxy, side)
    if (line.at(1) === '') return context.alert(line, `'${line.at(0)}' ${missing}`)
    proxy.change(settings(toByteString(line.at(1))))
    return EMULATED_NAMES.has(line.at(0)) ? 'ok' : ignore(context, line, proxy)
  }

/** Parsers by keyword. */
export const CONNECTION_KEYWORDS: readonly (readonly [string, Keyword])[] = [
  ['backlog', connectionCount('frontend', (backlog) => ({ backlog }))],
  [
    'fullconn',
    connectionCount(
      'backend',
      (fullconn) => ({ fullconn: fullconn || undefined }),
      " Maybe you want 'maxconn' instead ?",
    ),
  ],
  ['dispatch', dispatch],
  ['transparent', transparent],
  ['guid', guid],
  ['rate-limit', rateLimit],
  ['max-keep-alive-queue', queueLength],
  ['clitcpka-cnt', keepAlive('frontend', 'count')],
  ['srvtcpka-cnt', keepAlive('backend', 'count')],
  ['clitcpka-idle', keepAlive('frontend', 'idle')],
  ['clitcpka-intvl', keepAlive('frontend', 'interval')],
  ['srvtcpka-idle', keepAlive('backend', 'idle')],
  ['srvtcpka-intvl', keepAlive('backend', 'interval')],
  [
    'http-send-name-header',
    word('backend', (name) => ({ serverNameHeader: name.toLowerCase() }), 'requires a header string.'),
  ],
  [
    'dynamic-cookie-key',
    word('backend', (dynamicCookieKey) => ({ dynamicCookieKey }), 'expects <secret_key> as argument.'),
  ],
  [
    'max-session-srv-conns',
    word('frontend', (text) => ({ sessionServerConnections: atoi(text) }), 'expects a number. Got no argument'),
  ],
]
