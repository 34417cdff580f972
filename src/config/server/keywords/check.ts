/** Server keywords for health checks and agent checks (src/check.c). */
import { atol } from '../../../bytes/integers.js'
import { toByteString } from '../../../bytes/text.js'
import { readAddress } from '../../syntax/address-text.js'
import { cutAtNul } from '../../syntax/bytes.js'
import type { AgentConfig, CheckConfig } from '../../model/server.js'
import { multiplexer, required } from '../../values/check.js'
import { notEmulatedKeyword, recordedKeyword, type KeywordParser, type ServerKeyword } from '../keyword.js'
import type { ServerSettings } from '../draft.js'
import { isDurationError, parseDuration, suspiciousDurationText, trailingUnitText } from '../../syntax/units.js'
import { parseHost } from '../../../net/address.js'

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
  (check: Partial<CheckConfig>): KeywordParser =>
  (settings) =>
    withCheck(settings, check)

const agentSetting =
  (agent: Partial<AgentConfig>): KeywordParser =>
  (settings) =>
    withAgent(settings, agent)

const interval =
  (set: (settings: ServerSettings, value: number) => ServerSettings): KeywordParser =>
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

const checkInterval = (key: 'inter' | 'fastinter' | 'downinter'): KeywordParser =>
  interval((settings, value) => withCheck(settings, { [key]: value }))

const threshold =
  (key: 'rise' | 'fall'): KeywordParser =>
  (settings, { name, value }) => {
    if (value === '') return `'${name}' expects an integer argument.`
    const number = atol(value)
    return number <= 0 ? `'${name}' has to be > 0.` : withCheck(settings, { [key]: number })
  }

const port: KeywordParser = (settings, { name, value }) =>
  value === ''
    ? `'${name}' expects a port number as argument.`
    : withCheck(settings, { port: atol(value) & 0xffff || undefined })

const addr: KeywordParser = (settings, { context, name, value }) => {
  if (value === '') return `'${name}' expects <ipv4|ipv6> as argument.`
  const parsed = readAddress(context, value, 'check')
  return 'error' in parsed ? `'${name}' : ${parsed.error}` : withCheck(settings, { addr: parsed.address })
}

const agentPort: KeywordParser = (settings, { name, value }) =>
  value === ''
    ? `'${name}' expects a port number as argument.`
    : withAgent(settings, { port: atol(value) & 0xffff || undefined })

const agentAddr: KeywordParser = (settings, { context, name, value }) => {
  if (value === '') return `'${name}' expects an address as argument.`
  const addr = parseHost(value, context.options)
  return addr === undefined
    ? `parsing agent-addr failed. Check if '${value}' is correct address.`
    : withAgent(settings, { addr: { ...addr, port: 0 } })
}

const agentSend: KeywordParser = (settings, { name, value }) =>
  value === '' ? `'${name}' expects a string as argument.` : withAgent(settings, { send: toByteString(value) })

/** Keywords for checks, in HAProxy's order. */
export const CHECK_KEYWORDS: readonly ServerKeyword[] = [
  { name: 'addr', arguments: 1, dynamic: true, parse: addr },
  { name: 'agent-addr', arguments: 1, dynamic: true, parse: agentAddr },
  { name: 'agent-check', dynamic: true, parse: agentSetting({ enabled: true }) },
  {
    name: 'agent-inter',
    arguments: 1,
    dynamic: true,
    parse: interval((settings, value) => withAgent(settings, { inter: value })),
  },
  { name: 'agent-port', arguments: 1, dynamic: true, parse: agentPort },
  { name: 'agent-send', arguments: 1, dynamic: true, parse: agentSend },
  { name: 'check', dynamic: true, parse: checkSetting({ enabled: true }) },
  {
    name: 'check-pool-conn-name',
    arguments: 1,
    dynamic: true,
    parse: notEmulatedKeyword('checks', required(' : missing value')),
  },
  {
    name: 'check-proto',
    arguments: 1,
    dynamic: true,
    parse: recordedKeyword('checkMux', notEmulatedKeyword('checks', multiplexer)),
  },
  { name: 'check-reuse-pool', dynamic: true, parse: notEmulatedKeyword('checks') },
  { name: 'check-send-proxy', dynamic: true, parse: checkSetting({ sendProxy: true }) },
  { name: 'check-via-socks4', dynamic: true, parse: checkSetting({ viaSocks4: true }) },
  { name: 'no-agent-check', parse: agentSetting({ enabled: false }) },
  { name: 'no-check', parse: checkSetting({ enabled: false }) },
  { name: 'no-check-reuse-pool', parse: notEmulatedKeyword('checks') },
  { name: 'no-check-send-proxy', parse: checkSetting({ sendProxy: false }) },
  { name: 'rise', arguments: 1, dynamic: true, parse: threshold('rise') },
  { name: 'fall', arguments: 1, dynamic: true, parse: threshold('fall') },
  { name: 'inter', arguments: 1, dynamic: true, parse: checkInterval('inter') },
  { name: 'fastinter', arguments: 1, dynamic: true, parse: checkInterval('fastinter') },
  { name: 'downinter', arguments: 1, dynamic: true, parse: checkInterval('downinter') },
  { name: 'port', arguments: 1, dynamic: true, parse: port },
]
