/** The keywords of proxies (cfg_parse_listen in src/cfgparse-listen.c). */
import { atoi, atol } from '../../bytes/integers.js'
import { findBestMatch } from '../syntax/best-match.js'
import { BALANCE_KEYWORDS } from './balance.js'
import { CONNECTION_KEYWORDS } from './connection-keywords.js'
import { makeBinds, makeBindSettings, readBindAddresses, readBindLine } from '../bind/line.js'
import { warnWithout } from './capability.js'
import { readCapture, readDeclare } from './captures.js'
import { readCookie, readPersist } from './cookie.js'
import { readCompression } from '../filters/compression.js'
import { readUseFcgiApp } from '../filters/fcgi.js'
import { readFilter } from '../filters/filter-line.js'
import { readMonitor, readMonitorUri } from './monitor.js'
import { readErrorFile, readErrorFiles, readErrorLocation, readHttpError } from './error-pages.js'
import { readStatsPage } from './stats.js'
import { hasBackend, hasFrontend, proxyTypeName, type ProxyDraft } from './draft.js'
import { readEmailAlert } from './email-alert.js'
import { readExternalCheck, readHttpCheck, readTcpCheck } from '../checks/health-check.js'
import { areaOfProxy } from '../known/areas.js'
import { BUILTIN_PROXY } from '../known/builtin.js'
import { REGISTERED_PROXY } from '../known/registered.js'
import { removedKeyword } from '../known/removed.js'
import { SILENT_PROXY } from '../known/silent.js'
import { SUGGESTED_PROXY } from '../known/suggestions.js'
import type { Line } from '../syntax/line.js'
import { LOG_FORMAT_KEYWORDS } from './log-formats.js'
import { readLogLine } from './log.js'
import { readOption } from './options.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { readAclLine } from '../rules/acl.js'
import { readHttpRule } from '../rules/http-rules.js'
import { readRedirectLine } from '../rules/redirect-line.js'
import { readPersistence, readStick, readUseBackend, readUseServer } from '../rules/targets.js'
import { readTcpRule } from '../rules/tcp-rules.js'
import { readStickTable } from '../tables/stick-table.js'
import { readServerLine } from '../server/line.js'
import { RETRY_KEYWORDS } from './retries.js'
import { readTimeout } from './timeouts.js'
import { readSource, refuseSourceOption } from './source.js'

type Keyword = (context: ParseContext, line: Line, proxy: ProxyDraft) => LineResult

/** Parses a line of a proxy or `defaults` section. */
export const readProxyKeyword: Keyword = (context, line, proxy) => {
  const name = line.words[0]!
  const keyword = KEYWORDS.get(name)
  if (keyword) return keyword(context, line, proxy)
  if (KNOWN.has(name)) context.markUnparsed(line)
  if (SILENT_PROXY.has(name)) return context.ignoreSilently(line)
  const removed = removedKeyword(name, line)
  if (removed !== undefined)
    return removed.withoutSpace ? context.alertWithoutSpace(line, removed.text) : context.alert(line, removed.text)
  if (KNOWN.has(name)) return context.notEmulated(line, `'${name}'`, areaOfProxy(name))
  const best = findBestMatch(name, SUGGESTED_PROXY)
  const hint = best === undefined ? '' : `; did you mean '${best}' maybe ?`
  return context.alert(line, `unknown keyword '${name}' in '${context.sectionKeyword}' section${hint}`)
}

const KNOWN: ReadonlySet<string> = new Set([...REGISTERED_PROXY, ...BUILTIN_PROXY])

const notInDefaults = (context: ParseContext, line: Line, proxy: ProxyDraft): boolean => {
  if (proxy.kind !== 'defaults') return false
  context.alertWithoutSpace(line, `'${line.at(0)}' not allowed in 'defaults' section.`)
  return true
}

const bind: Keyword = (context, line, proxy) => {
  if (proxy.kind === 'defaults') return context.alert(line, `'${line.at(0)}' not allowed in 'defaults' section.`)
  warnWithout(context, line, proxy, 'frontend')
  const text = line.at(1)
  if (text === '')
    return context.alert(
      line,
      `'${line.at(0)}' expects {<path>|[addr1]:port1[-end1]}{,[addr]:port[-end]}... as arguments.`,
    )
  const addresses = readBindAddresses(context, text)
  if (typeof addresses === 'string') return context.alert(line, `'${line.at(0)}' : ${addresses}`)
  const settings = makeBindSettings()
  if (readBindLine(context, line, 2, { addresses, others: proxy.binds }, settings) !== 'ok') return 'fatal'
  if (hasFrontend(proxy)) proxy.addBinds(makeBinds(text, addresses, settings, line))
  else proxy.hasIgnoredBinds = true
  const { mux } = settings.listener
  if (mux !== undefined) {
    const datagram = addresses.some(({ protocol }) => protocol === 'quic' || protocol === 'datagram')
    const stream = addresses.some(({ protocol }) => protocol === 'stream' || protocol === 'mptcp')
    proxy.multiplexedBinds = [...proxy.multiplexedBinds, { mux, text, place: line.place, stream, datagram }]
  }
  if (settings.tls.ssl) context.tlsBinds.push({ proxy: proxy.name, text, place: line.place, tls: settings.tls })
  return 'ok'
}

const mode: Keyword = (context, line, proxy) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  const name = line.at(1)
  if (name === 'http' || name === 'tcp' || ((name === 'log' || name === 'spop') && hasBackend(proxy))) {
    proxy.change({ mode: name })
    return 'ok'
  }
  if (name === 'health')
    return context.alert(
      line,
      "'mode health' doesn't exist anymore. Please use 'http-request return status 200' instead.",
    )
  return context.alert(line, `unknown proxy mode '${name}'.`)
}

const id: Keyword = (context, line, proxy) => {
  if (notInDefaults(context, line, proxy) || context.tooManyWords(line, 1)) return 'fatal'
  if (line.at(1) === '') return context.alertWithoutSpace(line, `'${line.at(0)}' expects an integer argument.`)
  const uuid = atoi(line.at(1))
  if (uuid <= 0) return context.alertWithoutSpace(line, 'custom id has to be > 0.')
  // HAProxy looks the id up after having changed that of the proxy, which is then found if it had one
  const other = proxy.forcedId ? proxy : context.proxiesByUuid.get(uuid)
  if (other === proxy) {
    context.proxiesByUuid.delete(proxy.uuid)
    context.proxiesByUuid.set(uuid, proxy)
    proxy.uuid = uuid
  }
  if (other)
    return context.alertWithoutSpace(
      line,
      `${proxyTypeName(proxy)} ${proxy.name} reuses same custom id as ${proxyTypeName(other)} ${other.name} ` +
        `(declared at ${other.place.file}:${other.place.line}).`,
    )
  proxy.uuid = uuid
  proxy.forcedId = true
  context.proxiesByUuid.set(uuid, proxy)
  return 'ok'
}

const description: Keyword = (context, line, proxy) => {
  if (notInDefaults(context, line, proxy)) return 'fatal'
  if (line.at(1) === '') {
    context.alertWithoutSpace(line, `'${line.at(0)}' expects a string argument.`)
    return 'abort'
  }
  proxy.description = line.from(1).join(' ')
  return 'ok'
}

const setDisabled =
  (disabled: boolean): Keyword =>
  (context, line, proxy) => {
    if (context.tooManyWords(line, 0)) return 'fatal'
    proxy.change({ disabled: disabled })
    return 'ok'
  }

const maxconn: Keyword = (context, line, proxy) => {
  warnWithout(context, line, proxy, 'frontend', " Maybe you want 'fullconn' instead ?")
  if (line.at(1) === '') return context.alert(line, `'${line.at(0)}' expects an integer argument.`)
  if (context.tooManyWords(line, 1)) return 'fatal'
  proxy.change({ maxconn: atol(line.at(1)) })
  return 'ok'
}

const defaultBackend: Keyword = (context, line, proxy) => {
  warnWithout(context, line, proxy, 'frontend')
  if (line.at(1) === '') return context.alert(line, `'${line.at(0)}' expects a backend name.`)
  if (context.tooManyWords(line, 1)) return 'fatal'
  proxy.change({ defaultBackend: line.at(1) })
  return 'ok'
}

const logTag: Keyword = (context, line, proxy) => {
  if (line.at(1) === '') return context.alert(line, `'${line.at(0)}' expects a tag for use in syslog.`)
  proxy.change({ logTag: line.at(1) })
  return 'ok'
}

const log: Keyword = (context, line, proxy) => {
  const targets = readLogLine(context, line, proxy.settings.logs, context.global.logs)
  if (typeof targets === 'string') return context.alert(line, `log : ${targets}`)
  proxy.change({ logs: targets })
  return 'ok'
}

const stickTable: Keyword = (context, line, proxy) => {
  if (proxy.kind === 'defaults') return context.alert(line, "'stick-table' is not supported in 'defaults' section.")
  proxy.table = readStickTable(context, line, 1, { kind: proxyTypeName(proxy), name: proxy.name })
  return proxy.table ? context.notEmulated(line, `'${line.at(0)}'`, 'traffic') : 'fatal'
}

const loadStates: Keyword = (context, line, proxy) => {
  warnWithout(context, line, proxy, 'backend')
  const from = line.at(1)
  if (from !== 'global' && from !== 'local' && from !== 'none')
    return context.alert(line, `'${line.at(0)}' expects 'global', 'local' or 'none'. Got '${from}'`)
  proxy.change({ loadStates: from })
  return 'ok'
}

const stateFileName: Keyword = (context, line, proxy) => {
  warnWithout(context, line, proxy, 'backend')
  if (context.tooManyWords(line, 1)) return 'fatal'
  proxy.stateFileName = line.at(1) === 'use-backend-name' ? proxy.name : line.at(1) || proxy.name
  return 'ok'
}

const acl: Keyword = (context, line, proxy) => {
  if (proxy.kind === 'defaults' && proxy.name === '')
    return context.alert(line, `'${line.at(0)}' not allowed in anonymous 'defaults' section.`)
  return readAclLine(context, line, proxy.acls) ? 'ok' : 'fatal'
}

/** The emulated keywords of proxies. */
export const proxyKeywords = (): readonly string[] => [...KEYWORDS.keys()]

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ...CONNECTION_KEYWORDS,
  ['acl', acl],
  ['server', readServerLine],
  ['default-server', readServerLine],
  ['server-template', readServerLine],
  ['bind', bind],
  ['mode', mode],
  ['id', id],
  ['description', description],
  ['disabled', setDisabled(true)],
  ['enabled', setDisabled(false)],
  ['email-alert', readEmailAlert],
  ['option', readOption],
  ['http-check', readHttpCheck],
  ['tcp-check', readTcpCheck],
  ['external-check', readExternalCheck],
  ['timeout', readTimeout],
  ['default_backend', defaultBackend],
  ['use_backend', readUseBackend],
  ['use-server', readUseServer],
  ['force-persist', readPersistence],
  ['ignore-persist', readPersistence],
  ['stick', readStick],
  ['filter', readFilter],
  ['use-fcgi-app', readUseFcgiApp],
  ['compression', readCompression],
  ['errorfile', readErrorFile],
  ['errorloc', readErrorLocation],
  ['errorloc302', readErrorLocation],
  ['errorloc303', readErrorLocation],
  ['errorfiles', readErrorFiles],
  ['http-error', readHttpError],
  ['stats', readStatsPage],
  ['monitor', readMonitor],
  ['monitor-uri', readMonitorUri],
  ['cookie', readCookie],
  ['persist', readPersist],
  ['capture', readCapture],
  ['declare', readDeclare],
  ['redirect', readRedirectLine],
  ['tcp-request', readTcpRule],
  ['tcp-response', readTcpRule],
  ['http-request', readHttpRule],
  ['http-response', readHttpRule],
  ['http-after-response', readHttpRule],
  ['maxconn', maxconn],
  ...BALANCE_KEYWORDS,
  ...RETRY_KEYWORDS,
  ['log-tag', logTag],
  ['log', log],
  ...LOG_FORMAT_KEYWORDS,
  ['source', readSource],
  ['usesrc', refuseSourceOption],
  ['stick-table', stickTable],
  ['load-server-state-from-file', loadStates],
  ['server-state-file-name', stateFileName],
])
