/** How servers are checked: `option httpchk` and `http-check` (src/tcpcheck.c). */
import { hasBackend, typeOf, type ProxyDraft } from './drafts.js'
import type { Line } from './line.js'
import type { HealthCheckConfig, HttpCheckSend } from './model.js'
import type { Outcome, Reading } from './reading.js'

type HttpCheck = Extract<HealthCheckConfig, { kind: 'http' }>

const warnWithoutBackend = (reading: Reading, line: Line, proxy: ProxyDraft, what: string): void => {
  if (hasBackend(proxy)) return
  reading.warn(line, `'${what}' ignored because ${typeOf(proxy)} '${proxy.name}' has no backend capability.`)
}

/** `option httpchk`, `… <uri>`, `… <method> <uri>`, `… <method> <uri> <version>`. */
export const readHttpchk = (reading: Reading, line: Line, proxy: ProxyDraft): Outcome => {
  warnWithoutBackend(reading, line, proxy, 'httpchk')
  if (reading.tooManyWords(line, 3, 1)) return 'fatal'
  const [first, second, version] = [line.at(2), line.at(3), line.at(4)]
  if (version.includes('\r\n'))
    return reading.alert(
      line,
      "'option httpchk' : hiding headers or body at the end of the version string is unsupported." +
        "Use 'http-check send' directive instead..",
    )
  const earlier = proxy.settings.healthCheck
  const sent = earlier.kind === 'http' ? earlier.sent : proxy.settings.httpCheckSend
  const asked = { method: second === '' ? '' : first, uri: second || first, version }
  proxy.change({ healthCheck: makeHttpCheck(asked, sent) })
  return 'ok'
}

const makeHttpCheck = (asked: { method: string; uri: string; version: string }, sent?: HttpCheckSend): HttpCheck => ({
  kind: 'http',
  method: sent?.method ?? (asked.method || 'OPTIONS'),
  uri: sent?.uri ?? (asked.uri || '/'),
  version: sent?.version ?? (asked.version || 'HTTP/1.0'),
  headers: sent?.headers ?? [],
  body: sent?.body,
  sent,
})

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

const notedRule = (reading: Reading, line: Line, proxy: ProxyDraft): Outcome => {
  proxy.change({ httpCheckRules: true })
  return reading.notEmulated(line, `'http-check ${line.at(1)}'`)
}

const readSend = (reading: Reading, line: Line, proxy: ProxyDraft): Outcome => {
  const sent = parseSend(line)
  if (typeof sent === 'string') return reading.alert(line, `'http-check send' : ${sent}`)
  proxy.change({ httpCheckRules: true })
  proxy.change({ httpCheckSend: sent })
  const earlier = proxy.settings.healthCheck
  if (earlier.kind === 'http') proxy.change({ healthCheck: makeHttpCheck(earlier, sent) })
  return 'ok'
}

/** The parts of `http-check send`, or what is wrong. */
const parseSend = (line: Line): HttpCheckSend | string => {
  const sent: { -readonly [K in keyof HttpCheckSend]: HttpCheckSend[K] } = {}
  const headers: { name: string; value: string }[] = []
  let at = 2
  while (line.at(at) !== '') {
    const [name, value] = [line.at(at), line.at(at + 1)]
    if (name === 'hdr') {
      if (value === '' || line.at(at + 2) === '') return "'hdr' expects <name> and <value> as arguments."
      headers.push({ name: value, value: line.at(at + 2) })
      at += 3
      continue
    }
    const key = SEND_PARTS[name]
    if (key === undefined)
      return (
        "expects 'comment', 'meth', 'uri', 'uri-lf', 'ver', 'hdr', 'body' or 'body-lf' " +
        `but got '${name}' as argument..`
      )
    if (value === '') return `'${name}' expects ${name === 'comment' ? 'a string' : 'a value'} as argument..`
    if (key !== 'comment') sent[key] = value
    at += 2
  }
  if (headers.length > 0) sent.headers = headers
  return sent
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
