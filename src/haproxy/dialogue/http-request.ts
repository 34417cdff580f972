/** The request of an HTTP check (`tcpcheck_eval_send` in src/tcpcheck.c), as HTTP/1 writes it. */
import type { HttpSendRule } from '../../config/checks/rules.js'
import type { LogFormat } from '../../config/samples/log-format.js'
import { SECOND } from '../../engine/clock.js'
import { isIp } from '../../net/address.js'
import type { Server } from '../server/server.js'
import { ServerState } from '../server/status.js'
import { visibleWeight } from '../stats/proxy-stats.js'
import { trimBlanks } from './http-answer.js'
import { formatText, type SampleContext } from './samples.js'

/** Methods whose requests have no `content-length` without a body. */
const BODYLESS: ReadonlySet<string> = new Set(['OPTIONS', 'GET', 'HEAD', 'DELETE'])

const textOf = (part: string | LogFormat | undefined, context: SampleContext): string | undefined =>
  part === undefined || typeof part === 'string' ? part : formatText(part, context)

/** The bytes of the request, as a byte string. */
export const httpRequest = (rule: HttpSendRule, context: SampleContext): string => {
  const method = rule.method ?? (rule.fromOption || rule.method === undefined ? 'OPTIONS' : '')
  const uri = textOf(rule.uri, context) || '/'
  const version = rule.version ?? 'HTTP/1.0'
  const fields: string[] = []
  const connection: string[] = []
  let hasConnectionHeader = false
  for (const header of rule.headers) {
    const value = formatText(header.value, context)
    if (value === '') continue
    const name = header.name.toLowerCase()
    if (name !== 'connection') {
      fields.push(`${name}: ${value}`)
      continue
    }
    hasConnectionHeader = true
    const tokens = value.split(',').map(trimBlanks)
    connection.push(...tokens.map((token) => token.toLowerCase()))
    const others = tokens.filter((token) => !/^(?:close|keep-alive)$/i.test(token))
    if (others.length > 0) fields.push(`connection: ${others.join(', ')}`)
  }
  const { server } = context
  if (server?.proxy.config.sendState) fields.push(`x-haproxy-server-state: ${stateText(server)}`)
  const body = textOf(rule.body, context) ?? ''
  if (!BODYLESS.has(method) || body !== '') fields.push(`content-length: ${body.length}`)
  // the connection header depends on the version
  if (isVersion11(version)) {
    if (!hasConnectionHeader || connection.includes('close')) fields.push('connection: close')
  } else if (connection.includes('keep-alive')) fields.push('connection: keep-alive')
  return `${method} ${uri} ${version}\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n${body}`
}

const isVersion11 = (version: string): boolean => {
  const match = /^HTTP\/(\d)(?:\.(\d))?$/.exec(version)
  return match !== null && (Number(match[1]) > 1 || (match[1] === '1' && Number(match[2] ?? 0) >= 1))
}

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
