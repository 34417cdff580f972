/** `option` in proxies (src/cfgparse-listen.c). */
import { atol } from '../../bytes/integers.js'
import { findBestMatch } from '../syntax/best-match.js'
import { readForwarded, readForwardFor } from './forwarding.js'
import { readLogOption } from './log-formats.js'
import { hasBackend, hasFrontend, proxyTypeName, type ProxyDraft } from './draft.js'
import { readBuiltInCheck, readExternalCheckOption, readHttpchk, readTcpCheckOption } from '../checks/health-check.js'
import { checkKind } from '../checks/kinds/index.js'
import { BACKEND_OPTIONS, FRONTEND_OPTIONS, REGISTERED_OPTIONS } from '../known/registered.js'
import { SILENT_OPTIONS } from '../known/silent.js'
import { SUGGESTED_OPTIONS } from '../known/suggestions.js'
import type { HeaderNamePolicy, HttpConnectionMode, ProxyOption } from '../model/proxy-options.js'
import type { Line } from '../syntax/line.js'
import type { LineResult, ParseContext } from '../parse-context.js'

/** Parses an `option` line. */
export const readOption = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const name = line.at(1)
  if (name === '') return context.alertWithoutSpace(line, `'${line.at(0)}' expects an option name.`)
  if (REGISTERED_OPTIONS.includes(name)) return readSwitch(context, line, proxy)
  const removed = REMOVED[name]
  if (removed !== undefined)
    return context.alertWithoutSpace(line, `option '${name}' is not supported any more since ${removed}`)
  const negatable = NEGATABLE.get(name)
  if (negatable) return negatable(context, line, proxy)
  if (line.modifier !== 'set')
    return context.alertWithoutSpace(line, `negation/default is not supported for option '${name}'.`)
  return readPlain(context, line, proxy)
}

const REMOVED: Readonly<Record<string, string>> = {
  forceclose: "HAProxy 2.0, please just remove it, or use 'option httpclose' if absolutely needed.",
  'http-tunnel': "HAProxy 2.1, please just remove it, it shouldn't be needed.",
  http_proxy:
    'HAProxy 2.5. This option stopped working in HAProxy 1.9 and usually had nasty side effects. It can be more reliably ' +
    "implemented with combinations of 'http-request set-dst' and 'http-request set-uri', and even 'http-request " +
    "do-resolve' if DNS resolution is desired.",
}

/** Options that accept `no`, besides the registered switches. */
const NEGATABLE: ReadonlyMap<string, (context: ParseContext, line: Line, proxy: ProxyDraft) => LineResult> = new Map([
  ['httpclose', connectionMode('close')],
  ['http-server-close', connectionMode('server-close')],
  ['http-keep-alive', connectionMode('keep-alive')],
  ['forwarded', readForwardedOption],
  ['redispatch', readRedispatch],
])

/** Switches that hapsim does not emulate. */
const IGNORED_SWITCHES: ReadonlySet<string> = new Set([
  'clitcpka',
  'contstats',
  'splice-auto',
  'splice-request',
  'splice-response',
  'srvtcpka',
  'tcp-smart-accept',
  'tcp-smart-connect',
])

const ignore = (context: ParseContext, line: Line): LineResult =>
  SILENT_OPTIONS.has(line.at(1))
    ? context.ignoreSilently(line)
    : context.notEmulated(line, `'option ${line.at(1)}'`, 'traffic')

/** Warns if the proxy lacks the capability that the option requires. Returns whether it did. */
const warnWithout = (
  context: ParseContext,
  line: Line,
  proxy: ProxyDraft,
  frontend: boolean,
  backend: boolean,
): boolean => {
  if ((frontend && hasFrontend(proxy)) || (backend && hasBackend(proxy))) return false
  const missing = backend ? 'no backend' : 'no frontend'
  context.warn(
    line,
    `'${line.at(1)}' ignored because ${proxyTypeName(proxy)} '${proxy.name}' has ${missing} capability.`,
  )
  return true
}

/** Parses a registered switch. */
const readSwitch = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const name = line.at(1)
  if (context.tooManyWords(line, 0, 1)) return 'fatal'
  if (warnWithout(context, line, proxy, FRONTEND_OPTIONS.includes(name), BACKEND_OPTIONS.includes(name)))
    return line.modifier === 'set'
      ? context.alert(line, `unknown option '${name}'; did you mean '${name}' maybe ?`)
      : negationProblem(context, line)
  const options = new Set(proxy.settings.options)
  if (line.modifier === 'set') options.add(name as ProxyOption)
  else options.delete(name as ProxyOption)
  proxy.change({ options })
  return IGNORED_SWITCHES.has(name) && line.modifier === 'set' ? ignore(context, line) : 'ok'
}

const negationProblem = (context: ParseContext, line: Line): LineResult =>
  context.alertWithoutSpace(line, `negation/default is not supported for option '${line.at(1)}'.`)

/** Options that replace each other; `no option` restores the default if the option was in use. */
function connectionMode(mode: HttpConnectionMode) {
  return (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
    if (context.tooManyWords(line, 0, 1)) return 'fatal'
    if (line.modifier === 'default') return negationProblem(context, line)
    if (line.modifier === 'set') proxy.change({ httpConnectionMode: mode })
    else if (proxy.settings.httpConnectionMode === mode) proxy.change({ httpConnectionMode: 'keep-alive' })
    return 'ok'
  }
}

function readForwardedOption(context: ParseContext, line: Line, proxy: ProxyDraft): LineResult {
  if (line.modifier === 'default') return negationProblem(context, line)
  if (line.modifier === 'no') {
    proxy.change({ forwarded: undefined })
    return 'ok'
  }
  if (!hasBackend(proxy)) {
    context.warn(
      line,
      `'option forwarded' ignored because ${proxyTypeName(proxy)} '${proxy.name}' has no backend capability.`,
    )
    return 'ok'
  }
  return readForwarded(context, line, proxy)
}

function readRedispatch(context: ParseContext, line: Line, proxy: ProxyDraft): LineResult {
  if (warnWithout(context, line, proxy, false, true)) return 'ok'
  const interval = line.at(2) === '' ? -1 : atol(line.at(2))
  proxy.change({ redispatch: line.modifier === 'set' && interval !== 0 ? interval : undefined })
  return 'ok'
}

const LOG_FORMATS: ReadonlySet<string> = new Set(['httplog', 'httpslog', 'tcplog'])

const isHeaderNamePolicy = (word: string): word is HeaderNamePolicy =>
  word === 'preserve' || word === 'reject' || word === 'delete'

const readHeaderNames = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  if (context.tooManyWords(line, 2)) return 'fatal'
  const [name, policy] = [line.at(1), line.at(2)]
  if (!isHeaderNamePolicy(policy)) {
    const problem = policy === '' ? 'missing parameter.' : `invalid parameter '${policy}'.`
    return context.alert(line, `${problem} option '${name}' expects 'preserve', 'reject' or 'delete' option.`)
  }
  proxy.change({ headerNames: policy })
  return 'ok'
}

/** TCP keep-alive on each side that the proxy has. */
const readKeepAlive = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  if (context.tooManyWords(line, 0, 1)) return 'fatal'
  const options = new Set(proxy.settings.options)
  if (hasFrontend(proxy)) options.add('clitcpka')
  if (hasBackend(proxy)) options.add('srvtcpka')
  proxy.change({ options })
  return ignore(context, line)
}

/** Deprecated options and their replacements. */
const DEPRECATED: Readonly<Record<string, ProxyOption | undefined>> = {
  'accept-invalid-http-request': 'accept-unsafe-violations-in-http-request',
  'accept-invalid-http-response': 'accept-unsafe-violations-in-http-response',
}

const readDeprecated = (context: ParseContext, line: Line, proxy: ProxyDraft, replacement: ProxyOption): LineResult => {
  if (context.tooManyWords(line, 0, 1)) return 'fatal'
  const isOfFrontend = FRONTEND_OPTIONS.includes(replacement)
  if (warnWithout(context, line, proxy, isOfFrontend, !isOfFrontend)) return 'ok'
  const text = `option '${line.at(1)}' is deprecated. please use 'option ${replacement}' if absolutely needed.`
  context.main.add('warning', `config : parsing [${line.file}:${line.line}]: ${text}`, line.place)
  proxy.change({ options: new Set(proxy.settings.options).add(replacement) })
  return 'ok'
}

const readPlain = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const name = line.at(1)
  if (name === 'httpchk') return readHttpchk(context, line, proxy)
  if (name === 'tcp-check') return readTcpCheckOption(context, line, proxy)
  if (name === 'external-check') return readExternalCheckOption(context, line, proxy)
  const kind = checkKind(name)
  if (kind) return readBuiltInCheck(context, line, proxy, kind)
  if (LOG_FORMATS.has(name)) return readLogOption(context, line, proxy)
  if (name === 'forwardfor' || name === 'originalto') return readForwardFor(context, line, proxy, name === 'forwardfor')
  if (name === 'http-restrict-req-hdr-names') return readHeaderNames(context, line, proxy)
  if (name === 'tcpka') return readKeepAlive(context, line, proxy)
  const replacement = DEPRECATED[name]
  if (replacement !== undefined) return readDeprecated(context, line, proxy, replacement)
  const best = findBestMatch(name, SUGGESTED_OPTIONS)
  const hint = best === undefined ? '.' : `; did you mean '${best}' maybe ?`
  return context.alert(line, `unknown option '${name}'${hint}`)
}
