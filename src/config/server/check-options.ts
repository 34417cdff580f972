/** Server keywords for health checks, agent checks and traffic observation (src/check.c, src/server.c). */
import { atol } from '../../bytes/integers.js'
import { toByteString } from '../../bytes/text.js'
import { readAddress } from '../syntax/address-text.js'
import { cutAtNul } from '../syntax/bytes.js'
import type { AgentConfig, CheckConfig } from '../model/server.js'
import type { ServerOption } from './option.js'
import type { ServerSettings } from './draft.js'
import { isDurationError, parseDuration, suspiciousDurationText, trailingUnitText } from '../syntax/units.js'
import { parseHost } from '../../net/address.js'

/** The settings with changed check settings. */
export const withCheck = (settings: ServerSettings, check: Partial<CheckConfig>): ServerSettings => ({
  ...settings,
  check: { ...settings.check, ...check },
})

const withAgent = (settings: ServerSettings, agent: Partial<AgentConfig>): ServerSettings => ({
  ...settings,
  agent: { ...settings.agent, ...agent },
})

const checkSetting =
  (check: Partial<CheckConfig>): ServerOption =>
  (settings) =>
    withCheck(settings, check)

const interval =
  (set: (settings: ServerSettings, value: number) => ServerSettings): ServerOption =>
  (settings, { name, value, server, warn }) => {
    if (value === '') return `'${name}' expects a delay as argument.`
    const parsed = parseDuration(value)
    if (isDurationError(parsed)) {
      const what = `in argument <${value}> to <${name}> of server ${server}`
      if (parsed === 'overflow') return `timer overflow ${what}, maximum value is 2147483647 ms (~24.8 days).`
      if (parsed === 'underflow') return `timer underflow ${what}, minimum non-null value is 1 ms.`
      return cutAtNul(`unexpected character '${parsed.unexpected}' in 'agent-inter' argument of server ${server}.`)
    }
    if (parsed.value === 0) return `invalid value 0 for argument '${name}' of server ${server}.`
    if (parsed.trailing !== '') warn(trailingUnitText(value, parsed.trailing))
    if (parsed.suspicious !== undefined)
      warn(suspiciousDurationText(`'${name} ${parsed.suspicious}' in server '${server}'`, parsed.suspicious))
    return set(settings, parsed.value)
  }

const checkInterval = (key: 'inter' | 'fastinter' | 'downinter'): ServerOption =>
  interval((settings, value) => withCheck(settings, { [key]: value }))

const threshold =
  (key: 'rise' | 'fall'): ServerOption =>
  (settings, { name, value }) => {
    if (value === '') return `'${name}' expects an integer argument.`
    const number = atol(value)
    return number <= 0 ? `'${name}' has to be > 0.` : withCheck(settings, { [key]: number })
  }

const port: ServerOption = (settings, { name, value }) =>
  value === ''
    ? `'${name}' expects a port number as argument.`
    : withCheck(settings, { port: atol(value) & 0xffff || undefined })

const addr: ServerOption = (settings, { context, name, value }) => {
  if (value === '') return `'${name}' expects <ipv4|ipv6> as argument.`
  const parsed = readAddress(context, value, 'check')
  return 'error' in parsed ? `'${name}' : ${parsed.error}` : withCheck(settings, { addr: parsed.address })
}

const agentPort: ServerOption = (settings, { name, value }) =>
  value === ''
    ? `'${name}' expects a port number as argument.`
    : withAgent(settings, { port: atol(value) & 0xffff || undefined })

const agentAddr: ServerOption = (settings, { context, name, value }) => {
  if (value === '') return `'${name}' expects an address as argument.`
  const addr = parseHost(value, context.options)
  return addr === undefined
    ? `parsing agent-addr failed. Check if '${value}' is correct address.`
    : withAgent(settings, { addr: { ...addr, port: 0 } })
}

const agentSend: ServerOption = (settings, { name, value }) =>
  value === '' ? `'${name}' expects a string as argument.` : withAgent(settings, { send: toByteString(value) })

const observe: ServerOption = (settings, { name, value, proxy, nonFatalAlert }) => {
  if (value === '') return `'${name}' expects <mode> as argument.`
  if (value !== 'none' && value !== 'layer4' && value !== 'layer7')
    return `'${name}' expects one of 'none', 'layer4', 'layer7' but got '${value}'`
  if (value === 'layer7' && proxy.settings.mode !== 'http') {
    nonFatalAlert(`'${value}' can only be used in http proxies..`)
    return settings
  }
  return { ...settings, observe: value }
}

const errorLimit: ServerOption = (settings, { name, value }) => {
  if (value === '') return `'${name}' expects an integer argument.`
  const number = atol(value)
  return number <= 0 ? `${name} has to be > 0.` : { ...settings, errorLimit: number }
}

const onError: ServerOption = (settings, { name, value }) =>
  value === 'fastinter' || value === 'fail-check' || value === 'sudden-death' || value === 'mark-down'
    ? { ...settings, onError: value }
    : `'${name}' expects one of 'fastinter', 'fail-check', 'sudden-death' or 'mark-down' but got '${value}'`

const socks4: ServerOption = (settings, { context, name, value }) => {
  if (value === '') return `'${name}' expects <addr>:<port> as argument.`
  const parsed = readAddress(context, value, 'mailer')
  return 'error' in parsed ? `'${name} ${value}' : ${parsed.error}` : { ...settings, socks4: parsed.address }
}

/** Parsers by keyword. */
export const SERVER_CHECK_OPTIONS: readonly (readonly [string, ServerOption])[] = [
  ['check', checkSetting({ enabled: true })],
  ['no-check', checkSetting({ enabled: false })],
  ['check-send-proxy', checkSetting({ sendProxy: true })],
  ['no-check-send-proxy', checkSetting({ sendProxy: false })],
  ['check-via-socks4', checkSetting({ viaSocks4: true })],
  ['inter', checkInterval('inter')],
  ['fastinter', checkInterval('fastinter')],
  ['downinter', checkInterval('downinter')],
  ['rise', threshold('rise')],
  ['fall', threshold('fall')],
  ['port', port],
  ['addr', addr],
  ['agent-check', (settings) => withAgent(settings, { enabled: true })],
  ['no-agent-check', (settings) => withAgent(settings, { enabled: false })],
  ['agent-inter', interval((settings, value) => withAgent(settings, { inter: value }))],
  ['agent-port', agentPort],
  ['agent-addr', agentAddr],
  ['agent-send', agentSend],
  ['observe', observe],
  ['error-limit', errorLimit],
  ['on-error', onError],
  [
    'on-marked-down',
    (settings, { name, value }) =>
      value === 'shutdown-sessions'
        ? { ...settings, onMarkedDown: value }
        : `'${name}' expects 'shutdown-sessions' but got '${value}'`,
  ],
  [
    'on-marked-up',
    (settings, { name, value }) =>
      value === 'shutdown-backup-sessions'
        ? { ...settings, onMarkedUp: value }
        : `'${name}' expects 'shutdown-backup-sessions' but got '${value}'`,
  ],
  ['send-proxy', (settings) => ({ ...settings, sendProxy: 1 })],
  ['send-proxy-v2', (settings) => ({ ...settings, sendProxy: 2 })],
  ['no-send-proxy', (settings) => ({ ...settings, sendProxy: undefined })],
  ['no-send-proxy-v2', (settings) => ({ ...settings, sendProxy: undefined })],
  ['socks4', socks4],
]
