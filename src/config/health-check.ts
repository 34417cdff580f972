/** How servers are checked: `option httpchk` and `http-check` (src/tcpcheck.c). */
import { hasBackend, typeOf, type ProxyDraft } from './drafts.js'
import type { Line } from './line.js'
import type { HealthCheckConfig } from './model.js'
import type { Outcome, Reading } from './reading.js'

type HttpCheck = Extract<HealthCheckConfig, { kind: 'http' }>

const warnWithoutBackend = (reading: Reading, line: Line, proxy: ProxyDraft, what: string): void => {
  if (hasBackend(proxy)) return
  reading.warn(line, `'${what}' ignored because ${typeOf(proxy)} '${proxy.name}' has no backend capability.`)
}

/** What the lines of one section say of the request; later lines go before earlier ones. */
export interface HttpRequestDraft {
  readonly method?: string
  readonly uri?: string
  readonly version?: string
  readonly headers?: readonly { readonly name: string; readonly value: string }[]
  readonly body?: string
  /** `http-check send` had a say */
  readonly sent?: boolean
  /** how many `http-check` rules there are, and what the last one does */
  readonly rules?: number
  readonly last?: 'send' | 'expect' | 'connect'
}

/** The draft of this section itself: the first line about the request forgets what was inherited. */
const ownRequest = ({ settings, inherited }: ProxyDraft): HttpRequestDraft | undefined =>
  settings.httpRequest === inherited.httpRequest ? undefined : settings.httpRequest

const makeHttpCheck = (request: HttpRequestDraft): HttpCheck => ({
  kind: 'http',
  method: request.method ?? 'OPTIONS',
  uri: request.uri ?? '/',
  version: request.version ?? 'HTTP/1.0',
  headers: request.headers ?? [],
  body: request.body,
})

/** `option httpchk`, `… <uri>`, `… <method> <uri>`, `… <method> <uri> <version>`, `… <method> <uri> <version> <host>`. */
export const readHttpchk = (reading: Reading, line: Line, proxy: ProxyDraft): Outcome => {
  warnWithoutBackend(reading, line, proxy, 'httpchk')
  if (reading.tooManyWords(line, 4, 1)) return 'fatal'
  const [first, second, version, host] = [line.at(2), line.at(3), line.at(4), line.at(5)]
  if (version.includes('\r\n'))
    return reading.alert(
      line,
      "'option httpchk' : hiding headers or body at the end of the version string is unsupported." +
        "Use 'http-check send' directive instead..",
    )
  const asked: HttpRequestDraft = {
    ...(second === '' ? {} : { method: first }),
    ...(first === '' ? {} : { uri: second || first }),
    ...(version === '' ? {} : { version }),
    ...(host === '' ? {} : { headers: [{ name: 'host', value: host }] }),
  }
  const own = ownRequest(proxy)
  const httpRequest = own?.sent ? { ...own, ...asked } : asked
  proxy.change({ httpRequest, healthCheck: makeHttpCheck(httpRequest) })
  return 'ok'
}

export const readHttpCheck = (reading: Reading, line: Line, proxy: ProxyDraft): Outcome => {
  warnWithoutBackend(reading, line, proxy, 'http-check')
  switch (line.at(1)) {
    case 'send':
      return readSend(reading, line, proxy)
    case 'disable-on-404':
    case 'send-state':
      if (reading.tooManyWords(line, 1)) return 'fatal'
      return reading.notEmulated(line, `'http-check ${line.at(1)}'`)
    case 'comment':
    case 'connect':
    case 'expect':
      return notedRule(reading, line, proxy)
    default:
      if (/^(?:set-var|set-var-fmt|unset-var)\(/.test(line.at(1))) return notedRule(reading, line, proxy)
      return reading.alert(
        line,
        "'http-check' only supports 'disable-on-404', 'send-state', 'comment', 'connect', 'send', 'expect', " +
          `'set-var-fmt(*)', 'set-var(*)', 'unset-var(*)'. but got '${line.at(1)}'`,
      )
  }
}

/** A rule that hapsim passes over; HAProxy still wants the rules in a sensible order. */
const notedRule = (reading: Reading, line: Line, proxy: ProxyDraft): Outcome => {
  const action = line.at(1)
  const own = ownRequest(proxy)
  if (action === 'expect' || action === 'connect') {
    const problem = orderProblem(own, action)
    if (problem !== undefined) return refuse(reading, line, proxy, problem)
  }
  const last = action === 'expect' || action === 'connect' ? action : own?.last
  proxy.change({
    httpCheckRules: true,
    checkConnects: proxy.settings.checkConnects || action === 'connect',
    httpRequest: { ...own, rules: (own?.rules ?? 0) + 1, ...(last === undefined ? {} : { last }) },
  })
  return reading.notEmulated(line, `'http-check ${action}'`)
}

/** What must stand before each kind of rule (tcpcheck_add_http_rule). */
const orderProblem = (own: HttpRequestDraft | undefined, action: 'send' | 'expect' | 'connect'): string | undefined => {
  const last = own?.last
  if (last === undefined) return undefined
  const missing =
    action === 'send'
      ? last !== 'connect' && 'connect'
      : action === 'expect'
        ? last === 'connect' && 'send'
        : last !== 'expect' && 'expect'
  if (missing === false) return undefined
  return `unable to add http-check ${action} rule at step ${(own?.rules ?? 0) + 1} (missing ${missing} rule).`
}

/** HAProxy forgets all rules of the section when one is refused. */
const refuse = (reading: Reading, line: Line, proxy: ProxyDraft, problem: string): Outcome => {
  proxy.change({ httpRequest: {} })
  return reading.alert(line, `'http-check ${line.at(1)}' : ${problem}.`)
}

const readSend = (reading: Reading, line: Line, proxy: ProxyDraft): Outcome => {
  if (line.at(2) === '') return 'ok'
  const sent = parseSend(line)
  if (typeof sent === 'string') return reading.alert(line, `'http-check send' : ${sent}`)
  const own = ownRequest(proxy)
  const problem = orderProblem(own, 'send')
  if (problem !== undefined) return refuse(reading, line, proxy, problem)
  const noted = { sent: true, rules: (own?.rules ?? 0) + 1, last: 'send' } as const
  if (own?.sent) {
    proxy.change({ httpRequest: { ...own, ...noted } })
    return reading.notEmulated(line, "a further 'http-check send'")
  }
  const httpRequest = { ...own, ...sent, ...noted }
  const isHttp = proxy.settings.healthCheck.kind === 'http'
  proxy.change({ httpCheckRules: true, httpRequest, ...(isHttp ? { healthCheck: makeHttpCheck(httpRequest) } : {}) })
  return 'ok'
}

/** The parts of `http-check send`, or what is wrong. */
const parseSend = (line: Line): HttpRequestDraft | string => {
  const sent: { -readonly [K in keyof HttpRequestDraft]: HttpRequestDraft[K] } = {}
  const headers: { name: string; value: string }[] = []
  let at = 2
  while (line.at(at) !== '') {
    const [name, value] = [line.at(at), line.at(at + 1)]
    if (name === 'hdr') {
      const problem = addHeader(headers, value, line.at(at + 2))
      if (problem !== undefined) return problem
      at += 3
      continue
    }
    const key = SEND_PARTS[name]
    if (key === undefined)
      return (
        "expects 'comment', 'meth', 'uri', 'uri-lf', 'ver', 'hdr', 'body' or 'body-lf' " +
        `but got '${name}' as argument..`
      )
    if (value === '') return `'${name}' expects a string as argument..`
    if (key !== 'comment') sent[key] = value
    at += 2
  }
  if (headers.length > 0) sent.headers = headers
  return sent
}

/** HAProxy computes the length of the body itself, and leaves headers about it out. */
const addHeader = (headers: { name: string; value: string }[], name: string, value: string): string | undefined => {
  if (name === '' || value === '') return "'hdr' expects <name> and <value> as arguments."
  const lower = name.toLowerCase()
  if (lower === 'content-length' || lower === 'transfer-encoding') return undefined
  const host = lower === 'host' ? headers.find((each) => each.name.toLowerCase() === 'host') : undefined
  if (host) return `'${name}' header already defined (previous value is '${host.value}').`
  headers.push({ name, value })
  return undefined
}

const SEND_PARTS: Readonly<Record<string, 'method' | 'uri' | 'version' | 'body' | 'comment'>> = {
  comment: 'comment',
  meth: 'method',
  uri: 'uri',
  'uri-lf': 'uri',
  ver: 'version',
  body: 'body',
  'body-lf': 'body',
}

/** `tcp-check`: hapsim passes over the rules. */
export const readTcpCheck = (reading: Reading, line: Line, proxy: ProxyDraft): Outcome => {
  warnWithoutBackend(reading, line, proxy, 'tcp-check')
  proxy.change({
    tcpCheckRules: true,
    checkConnects: proxy.settings.checkConnects || line.at(1) === 'connect',
  })
  return reading.notEmulated(line, `'tcp-check ${line.at(1)}'`)
}
