/** Server keywords of src/server.c, except those for name resolution. */
import { atol } from '../../../bytes/integers.js'
import { SECOND } from '../../../engine/clock.js'
import type { InitState, PoolConfig } from '../../model/server.js'
import { parseSource, sourceWordCount } from '../../proxy/source.js'
import { readAddress } from '../../syntax/address-text.js'
import { cutAtNul } from '../../syntax/bytes.js'
import { isDurationError, parseDuration, trailingUnitText } from '../../syntax/units.js'
import {
  all,
  duration,
  durationArgument,
  inRange,
  multiplexer,
  oneOf,
  required,
  type ValueCheck,
} from '../../values/check.js'
import {
  constant,
  ignored,
  notEmulatedKeyword,
  recordedKeyword,
  type KeywordParser,
  type ServerKeyword,
} from '../keyword.js'
import { proxyOptions, proxyTlv } from './proxy-header.js'

const MAX_WEIGHT = 256

const INIT_STATES: readonly InitState[] = ['none', 'fully-up', 'up', 'down', 'fully-down']

const count =
  (key: 'maxconn' | 'minconn' | 'maxqueue'): KeywordParser =>
  (settings, keyword) => {
    const limit = atol(keyword.value)
    // connections beyond it would wait in a queue
    if (limit > 0) keyword.notEmulated(`'${key}' of '${keyword.line.at(0)}'`, 'traffic')
    return { ...settings, [key]: limit }
  }

const guid: KeywordParser = (settings, keyword) => {
  const { context, line, at, proxy, server } = keyword
  const problem = context.guids.add(line, at, { title: `server ${proxy.name}/${server}`, kind: 'server' })
  return problem ?? notEmulatedKeyword('states')(settings, keyword)
}

const slowstart: KeywordParser = (settings, { name, value, server, warn }) => {
  const parsed = parseDuration(value)
  if (isDurationError(parsed)) {
    const what = `in argument <${value}> to <${name}> of server ${server}`
    if (parsed === 'overflow') return `overflow ${what}, maximum value is 2147483647 ms (~24.8 days).`
    if (parsed === 'underflow') return `underflow ${what}, minimum non-null value is 1 ms.`
    return cutAtNul(`unexpected character '${parsed.unexpected}' in 'slowstart' argument of server ${server}.`)
  }
  if (parsed.trailing !== '') warn(trailingUnitText(value, parsed.trailing))
  // HAProxy stores it in seconds
  return { ...settings, slowstart: Math.ceil(parsed.value / SECOND) * SECOND }
}

const weight: KeywordParser = (settings, { value, server }) => {
  const number = atol(value)
  if (number < 0 || number > MAX_WEIGHT)
    return `weight of server ${server} is not within 0 and ${MAX_WEIGHT} (${number}).`
  return { ...settings, weight: number }
}

const id: KeywordParser = (settings, { name, value, proxy, setId }) => {
  if (value === '') return `'${name}' : expects an integer argument`
  const puid = atol(value)
  if (puid <= 0) return `'${name}' : custom id has to be > 0`
  const other = proxy.serverWithId(puid)
  if (other) {
    const { file, line } = other.place
    return `'${name}' : custom id ${puid} already used at ${file}:${line} ('server ${other.name}')`
  }
  setId(puid)
  return settings
}

const initState: KeywordParser = (settings, { name, value }) => {
  const state = INIT_STATES.find((each) => each === value)
  if (state !== undefined) return { ...settings, initState: state }
  return `'${name}' expects one of 'none', 'fully-up', 'up', 'down', or 'fully-down' but got '${value}'`
}

const observe: KeywordParser = (settings, { name, value, proxy, nonFatalAlert }) => {
  if (value === '') return `'${name}' expects <mode> as argument.`
  if (value !== 'none' && value !== 'layer4' && value !== 'layer7')
    return `'${name}' expects one of 'none', 'layer4', 'layer7' but got '${value}'`
  if (value === 'layer7' && proxy.settings.mode !== 'http') {
    nonFatalAlert(`'${value}' can only be used in http proxies..`)
    return settings
  }
  return { ...settings, observe: value }
}

const errorLimit: KeywordParser = (settings, { name, value }) => {
  if (value === '') return `'${name}' expects an integer argument.`
  const number = atol(value)
  return number <= 0 ? `${name} has to be > 0.` : { ...settings, errorLimit: number }
}

const onError: KeywordParser = (settings, { name, value }) =>
  value === 'fastinter' || value === 'fail-check' || value === 'sudden-death' || value === 'mark-down'
    ? { ...settings, onError: value }
    : `'${name}' expects one of 'fastinter', 'fail-check', 'sudden-death' or 'mark-down' but got '${value}'`

const socks4: KeywordParser = (settings, { context, name, value }) => {
  if (value === '') return `'${name}' expects <addr>:<port> as argument.`
  const parsed = readAddress(context, value, 'mailer')
  return 'error' in parsed ? `'${name} ${value}' : ${parsed.error}` : { ...settings, socks4: parsed.address }
}

const shard: KeywordParser = (settings, keyword) => {
  keyword.setShard(atol(keyword.value))
  return notEmulatedKeyword('traffic')(settings, keyword)
}

const cookie: KeywordParser = (settings, { name, value }) =>
  value === '' ? `'${name}' expects <value> as argument.` : { ...settings, cookie: value }

const track: KeywordParser = (settings, { value }) =>
  value === '' ? "'track' expects [<proxy>/]<server> as argument." : { ...settings, track: value }

const onMarkedDown: KeywordParser = (settings, { name, value }) =>
  value === 'shutdown-sessions'
    ? { ...settings, onMarkedDown: value }
    : `'${name}' expects 'shutdown-sessions' but got '${value}'`

const onMarkedUp: KeywordParser = (settings, { name, value }) =>
  value === 'shutdown-backup-sessions'
    ? { ...settings, onMarkedUp: value }
    : `'${name}' expects 'shutdown-backup-sessions' but got '${value}'`

const source: KeywordParser = (settings, keyword) => {
  const { context, line, at, value, alert } = keyword
  if (value === '')
    return "'source' expects <addr>[:<port>[-<port>]], and optionally 'usesrc' <addr>, and 'interface' <name> as argument."
  const source = parseSource(context, line, at + 1, true)
  if (!('problem' in source)) return notEmulatedKeyword('checks')({ ...settings, source }, keyword)
  const { problem, setting } = source
  if (setting === undefined) return problem
  alert(setting === 'interface' || line.at(at + 3) === '' ? `${problem}.` : problem)
  return `error encountered while processing '${setting}'`
}

const HASH_KEYS = oneOf(['id', 'addr', 'addr-port'], " has to be 'id', 'addr', or 'addr-port'")
const WEBSOCKETS = oneOf(['auto', 'h1', 'h2'], " has to be 'auto', 'h1' or 'h2'")
const FRAMINGS = oneOf(['legacy', 'octet-count'], " expects one of 'legacy' or 'octet-count' but got '%'")
const NEEDS_VALUE = required(' expects <value> as argument.')

const poolConnName: KeywordParser = (settings, { name, value }) =>
  required(' expects <value> as argument')(name, [value]) ?? { ...settings, poolConnName: value }

const bufferSize: ValueCheck = (_, [value = '']) => (atol(value) > 0 ? undefined : 'log-bufsize has to be > 0.')

const tcpTimeout = all(
  required(' : missing TCP User Timeout value'),
  duration((name) => `'${name}' : expects a positive delay in milliseconds`),
)

const userTimeout: KeywordParser = (settings, { name, value }) =>
  tcpTimeout(name, [value]) ?? { ...settings, userTimeout: durationOf(value) || undefined }

/** A keyword of `pool`. */
const pool =
  (check: ValueCheck, parse: (value: string) => Partial<PoolConfig>): KeywordParser =>
  (settings, { name, value }) =>
    check(name, [value]) ?? { ...settings, pool: { ...settings.pool, ...parse(value) } }

/** A duration that was checked. */
const durationOf = (value: string): number => {
  const parsed = parseDuration(value)
  return isDurationError(parsed) ? 0 : parsed.value
}

/** General keywords, in HAProxy's order. */
export const GENERAL_KEYWORDS: readonly ServerKeyword[] = [
  { name: 'backup', dynamic: true, parse: constant({ backup: true }) },
  { name: 'cookie', arguments: 1, dynamic: true, parse: cookie },
  { name: 'disabled', dynamic: true, parse: constant({ disabled: true }) },
  { name: 'enabled', parse: constant({ disabled: false }) },
  { name: 'error-limit', arguments: 1, dynamic: true, parse: errorLimit },
  { name: 'guid', arguments: 1, inDefaultServer: false, dynamic: true, parse: guid },
  { name: 'ws', arguments: 1, dynamic: true, parse: notEmulatedKeyword('traffic', WEBSOCKETS) },
  { name: 'hash-key', arguments: 1, dynamic: true, parse: notEmulatedKeyword('traffic', HASH_KEYS) },
  { name: 'id', arguments: 1, inDefaultServer: false, dynamic: true, parse: id },
  {
    name: 'idle-ping',
    arguments: 1,
    dynamic: true,
    parse: notEmulatedKeyword('traffic', required(' expects an argument.')),
  },
  { name: 'init-state', arguments: 1, dynamic: true, parse: initState },
  {
    name: 'log-bufsize',
    arguments: 1,
    parse: notEmulatedKeyword('traffic', all(required(' expects an integer argument.'), bufferSize)),
  },
  { name: 'log-proto', arguments: 1, parse: notEmulatedKeyword('traffic', FRAMINGS) },
  { name: 'max-reuse', arguments: 1, parse: notEmulatedKeyword('traffic', NEEDS_VALUE) },
  { name: 'maxconn', arguments: 1, dynamic: true, parse: count('maxconn') },
  { name: 'maxqueue', arguments: 1, dynamic: true, parse: count('maxqueue') },
  { name: 'minconn', arguments: 1, dynamic: true, parse: count('minconn') },
  { name: 'namespace', arguments: 1, parse: notEmulatedKeyword('checks', required(' : expects <name> as argument')) },
  { name: 'no-backup', dynamic: true, parse: constant({ backup: false }) },
  { name: 'no-send-proxy', dynamic: true, parse: constant({ sendProxyV1: false }) },
  { name: 'no-send-proxy-v2', dynamic: true, parse: constant({ sendProxyV2: false }) },
  { name: 'no-tfo', dynamic: true, parse: ignored() },
  { name: 'non-stick', parse: notEmulatedKeyword('traffic') },
  { name: 'observe', arguments: 1, dynamic: true, parse: observe },
  { name: 'on-error', arguments: 1, dynamic: true, parse: onError },
  { name: 'on-marked-down', arguments: 1, dynamic: true, parse: onMarkedDown },
  { name: 'on-marked-up', arguments: 1, dynamic: true, parse: onMarkedUp },
  {
    name: 'pool-conn-name',
    arguments: 1,
    dynamic: true,
    parse: poolConnName,
  },
  { name: 'pool-low-conn', arguments: 1, dynamic: true, parse: pool(NEEDS_VALUE, (value) => ({ low: atol(value) })) },
  {
    name: 'pool-max-conn',
    arguments: 1,
    dynamic: true,
    parse: pool(all(NEEDS_VALUE, inRange(-1, Infinity, ' must be >= -1')), (value) => ({ max: atol(value) })),
  },
  {
    name: 'pool-purge-delay',
    arguments: 1,
    dynamic: true,
    parse: pool(all(NEEDS_VALUE, durationArgument), (value) => ({ purgeDelay: durationOf(value) })),
  },
  {
    name: 'proto',
    arguments: 1,
    dynamic: true,
    parse: recordedKeyword('mux', notEmulatedKeyword('traffic', multiplexer)),
  },
  { name: 'proxy-v2-options', arguments: 1, dynamic: true, parse: proxyOptions },
  {
    name: 'redir',
    arguments: 1,
    parse: recordedKeyword('redirect', notEmulatedKeyword('traffic', required(' expects <prefix> as argument.'))),
  },
  { name: 'send-proxy', dynamic: true, parse: constant({ sendProxyV1: true }) },
  { name: 'send-proxy-v2', dynamic: true, parse: constant({ sendProxyV2: true }) },
  { name: 'set-proxy-v2-tlv-fmt', arguments: 1, dynamic: true, parse: proxyTlv },
  { name: 'shard', arguments: 1, dynamic: true, parse: shard },
  { name: 'slowstart', arguments: 1, dynamic: true, parse: slowstart },
  { name: 'socks4', arguments: 1, parse: socks4 },
  { name: 'source', arguments: sourceWordCount, dynamic: true, parse: source },
  { name: 'stick', parse: notEmulatedKeyword('traffic') },
  { name: 'strict-maxconn', dynamic: true, parse: notEmulatedKeyword('traffic') },
  { name: 'tcp-ut', arguments: 1, parse: userTimeout },
  { name: 'tfo', dynamic: true, parse: ignored() },
  { name: 'track', arguments: 1, dynamic: true, parse: track },
  { name: 'usesrc', dynamic: true, parse: () => "'usesrc' only allowed after a 'source' statement." },
  { name: 'weight', arguments: 1, dynamic: true, parse: weight },
]
