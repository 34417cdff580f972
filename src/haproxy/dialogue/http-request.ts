/** The request of an HTTP check (`tcpcheck_eval_send` in src/tcpcheck.c), as HTTP/1 bytes. */
import type { HttpSendRule } from '../../config/checks/rules.js'
import type { LogFormat } from '../../config/samples/log-format.js'
import { SECOND } from '../../engine/clock.js'
import { lowerCase } from '../../http/characters.js'
import {
  Fields,
  MessageMismatch,
  MessageWriter,
  parseUri,
  serverMode,
  withoutUserInfo,
  type RequestHead,
} from '../../http/index.js'
import { isVersion11 } from '../../http/h1/start-line.js'
import { isIp } from '../../net/address.js'
import { adjustedNames } from '../mux/header-names.js'
import type { Server } from '../server/server.js'
import { ServerState } from '../server/status.js'
import { visibleWeight } from '../server/weight.js'
import type { DialogueContext } from './context.js'
import { formatText } from '../samples/log-format.js'

export const DEFAULT_METHOD = 'OPTIONS'

/** Methods whose requests have no content-length unless they have a body. */
const BODILESS: ReadonlySet<string> = new Set(['OPTIONS', 'GET', 'HEAD', 'DELETE'])

const textOf = (part: string | LogFormat | undefined, context: DialogueContext): string | undefined =>
  part === undefined || typeof part === 'string' ? part : formatText(part, context)

/** The bytes of the request, as a byte string; undefined if it cannot be built. */
export const httpRequest = (rule: HttpSendRule, context: DialogueContext): string | undefined => {
  const { server } = context
  const method = rule.method ?? DEFAULT_METHOD
  const version = rule.version ?? 'HTTP/1.0'
  const fields = new Fields()
  let uri = textOf(rule.uri, context) || '/'
  const { format, authority } = parseUri(uri)
  const hasAuthority = format === 'absolute or authority'
  if (hasAuthority && method !== 'CONNECT' && withoutUserInfo(authority!) === '') return undefined
  for (const { name, value } of rule.headers) {
    const text = formatText(value, context)
    if (text === '') continue
    fields.append(name, text)
    if (hasAuthority && lowerCase(name) === 'host') uri = withHost(uri, text)
  }
  if (server?.proxy.config.sendState) fields.append('x-haproxy-server-state', stateText(server))
  const body = textOf(rule.body, context) ?? ''
  if (!fields.has('connection')) fields.append('connection', 'close')
  const hasLength = !BODILESS.has(method) || body !== ''
  if (hasLength) fields.append('content-length', String(body.length))
  const head: RequestHead = {
    method,
    uri,
    version,
    isVersion11: isLaterThan10(version),
    fields,
    connection: NO_OPTIONS,
    body: rule.body === undefined ? 'none' : 'length',
    length: hasLength ? body.length : undefined,
    isChunked: false,
    hasTransferCoding: false,
  }
  return write(head, body, context)
}

const NO_OPTIONS = { close: false, keepAlive: false, upgrade: false }

const write = (head: RequestHead, body: string, { proxy }: DialogueContext): string | undefined => {
  const writer = new MessageWriter({ names: proxy && adjustedNames(proxy, 'server') })
  try {
    return [writer.request(head, serverMode(false)), ...writer.data(body), writer.end()].join('')
  } catch (error) {
    if (error instanceof MessageMismatch) return undefined
    throw error
  }
}

/** A target with another authority (`http_update_authority` in src/http_htx.c). */
const withHost = (uri: string, host: string): string => {
  const { scheme = '', authority = '' } = parseUri(uri)
  const end = scheme.length + authority.length
  return uri.slice(0, end - withoutUserInfo(authority).length) + host + uri.slice(end)
}

/** In `tcpcheck_eval_send`, `HTTP/2` is a later version, too. */
const isLaterThan10 = (version: string): boolean => (version.length === 6 && version[5] === '2') || isVersion11(version)

/** The value of `X-Haproxy-Server-State` (`httpchk_build_status_header` in src/check.c). */
const stateText = (server: Server): string => {
  const { proxy, address, check } = server
  const host = isIp(address) ? address.ip : 'unix'
  const port = isIp(address) ? String(address.port) : ''
  const total = proxy.servers.reduce((sum, each) => sum + (each.counted ? visibleWeight(each) : 0), 0)
  const node = proxy.process.configuration.global.node ?? proxy.process.machine.hostname
  const weights = `weight=${visibleWeight(server)}/${total}`
  const parts = [
    `address=${host}`,
    `port=${port}`,
    `name=${server.path}`,
    `node=${node}`,
    weights,
    'scur=0/0',
    'qcur=0',
  ]
  const state = check?.enabled ? levelText(server, check.health, check.rise, check.fall) : 'no check'
  return `${state}; ${parts.join('; ')}${throttleText(server)}`
}

const levelText = (server: Server, health: number, rise: number, fall: number): string => {
  if (server.state === ServerState.STOPPED) return health > 0 ? `DOWN ${health}/${rise}` : 'DOWN'
  const name = server.state === ServerState.STOPPING ? 'NOLB' : 'UP'
  return health === rise + fall - 1 ? name : `${name} ${health - rise + 1}/${fall}`
}

const throttleText = (server: Server): string => {
  const elapsed = server.proxy.process.clock.now - server.lastChange
  const { slowstart } = server.config
  if (server.state !== ServerState.STARTING || elapsed >= slowstart) return ''
  const seconds = Math.floor(elapsed / SECOND)
  return `; throttle=${Math.max(1, Math.floor((100 * seconds * SECOND) / slowstart))}%`
}
