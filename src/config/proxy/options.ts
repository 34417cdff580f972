/** `option` in proxies (src/cfgparse-listen.c). */
import { findBestMatch } from '../syntax/best-match.js'
import { readLogOption } from './log-formats.js'
import { hasBackend, hasFrontend, proxyTypeName, type ProxyDraft } from './draft.js'
import { readBuiltInCheck, readExternalCheckOption, readHttpchk, readTcpCheckOption } from '../checks/health-check.js'
import { checkKind } from '../checks/kinds/index.js'
import { BUILTIN_OPTIONS, UNSUGGESTED_OPTIONS } from '../known/builtin.js'
import { BACKEND_OPTIONS, FRONTEND_OPTIONS, REGISTERED_OPTIONS } from '../known/registered.js'
import { SILENT_OPTIONS } from '../known/silent.js'
import type { Line } from '../syntax/line.js'
import type { LineResult, ParseContext } from '../parse-context.js'

/** Parses an `option` line. */
export const readOption = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const name = line.at(1)
  if (name === '') return context.alertWithoutSpace(line, `'${line.at(0)}' expects an option name.`)
  if (REGISTERED_OPTIONS.includes(name)) return readSwitch(context, line, proxy)
  const replacement = DEPRECATED[name]
  if (replacement !== undefined) {
    const text = `option '${name}' is deprecated. please use 'option ${replacement}' if absolutely needed.`
    context.main.add('warning', `config : parsing [${line.file}:${line.line}]: ${text}`, line.place)
    return ignore(context, line)
  }
  const removed = REMOVED[name]
  if (removed !== undefined)
    return context.alertWithoutSpace(line, `option '${name}' is not supported any more since ${removed}`)
  if (NEGATABLE.has(name)) return readNegatable(context, line, proxy)
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
const NEGATABLE: ReadonlySet<string> = new Set([
  'httpclose',
  'http-server-close',
  'http-keep-alive',
  'forwarded',
  'redispatch',
])

/** Switches that hapsim emulates. */
const EMULATED_SWITCHES: ReadonlySet<string> = new Set([
  'log-health-checks',
  'allbackups',
  'socket-stats',
  'transparent',
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
    return context.alert(line, `unknown option '${name}'; did you mean '${name}' maybe ?`)
  const options = new Map(proxy.settings.options)
  if (line.modifier === 'default') options.delete(name)
  else options.set(name, line.modifier === 'set')
  proxy.change({ options: options })
  return EMULATED_SWITCHES.has(name) || line.modifier !== 'set' ? 'ok' : ignore(context, line)
}

const readNegatable = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const name = line.at(1)
  if (name === 'redispatch') {
    if (warnWithout(context, line, proxy, false, true)) return 'ok'
  } else if (name !== 'forwarded' && context.tooManyWords(line, 0, 1)) return 'fatal'
  if (line.modifier === 'default' && name !== 'redispatch')
    return context.alertWithoutSpace(line, `negation/default is not supported for option '${name}'.`)
  return line.modifier === 'set' ? ignore(context, line) : 'ok'
}

const LOG_FORMATS: ReadonlySet<string> = new Set(['httplog', 'httpslog', 'tcplog'])

const HEADER_NAMES = ['preserve', 'reject', 'delete']

/** Validates the arguments of traffic options. */
const validateArguments = (line: Line): string | undefined => {
  const [name, word, value] = [line.at(1), line.at(2), line.at(3)]
  if (name === 'http-restrict-req-hdr-names' && !HEADER_NAMES.includes(word)) {
    const problem = word === '' ? 'missing parameter.' : `invalid parameter '${word}'.`
    return `${problem} option '${name}' expects 'preserve', 'reject' or 'delete' option.`
  }
  if (name !== 'forwardfor' && name !== 'originalto') return undefined
  if (word === 'except' && !/^[\da-fA-F:.]+(?:\/\d+)?$/.test(value))
    return `'option ${name} except' expects <address>[/mask] as argument.`
  return word === 'header' && value === '' ? `'option ${name} header' expects <header_name> as argument.` : undefined
}

/** Deprecated options and their replacements. */
const DEPRECATED: Readonly<Record<string, string | undefined>> = {
  'accept-invalid-http-request': 'accept-unsafe-violations-in-http-request',
  'accept-invalid-http-response': 'accept-unsafe-violations-in-http-response',
}

const readPlain = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const name = line.at(1)
  if (name === 'httpchk') return readHttpchk(context, line, proxy)
  if (name === 'tcp-check') return readTcpCheckOption(context, line, proxy)
  if (name === 'external-check') return readExternalCheckOption(context, line, proxy)
  const kind = checkKind(name)
  if (kind) return readBuiltInCheck(context, line, proxy, kind)
  if (LOG_FORMATS.has(name)) {
    const outcome = readLogOption(context, line, proxy)
    return outcome === 'ok' && proxy.kind !== 'backend' ? ignore(context, line) : outcome
  }
  if (BUILTIN_OPTIONS.includes(name) || UNSUGGESTED_OPTIONS.includes(name)) {
    if (name === 'tcpka' && context.tooManyWords(line, 0, 1)) return 'fatal'
    const problem = validateArguments(line)
    return problem === undefined ? ignore(context, line) : context.alert(line, problem)
  }
  const best = findBestMatch(name, [...REGISTERED_OPTIONS, ...BUILTIN_OPTIONS])
  const hint = best === undefined ? '.' : `; did you mean '${best}' maybe ?`
  return context.alert(line, `unknown option '${name}'${hint}`)
}
