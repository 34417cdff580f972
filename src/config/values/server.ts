/** The words after settings of `server` lines that concern traffic (src/server.c, src/cfgparse-ssl.c). */
import { atol } from '../../bytes/integers.js'
import { all, duration, guid, inArgument, multiplexer, needs, oneOf, within, type ValueCheck } from './check.js'

const HASH_KEYS = oneOf(['id', 'addr', 'addr-port'], " has to be 'id', 'addr', or 'addr-port'")
const WEBSOCKETS = oneOf(['auto', 'h1', 'h2'], " has to be 'auto', 'h1' or 'h2'")
const FRAMINGS = oneOf(['legacy', 'octet-count'], " expects one of 'legacy' or 'octet-count' but got '%'")
const NEEDS_VALUE = needs(' expects <value> as argument.')

const PROXY_OPTIONS = new Set([
  'ssl',
  'cert-cn',
  'cert-key',
  'cert-sig',
  'ssl-cipher',
  'authority',
  'crc32c',
  'unique-id',
])

const proxyOptions: ValueCheck = (_, [value = '']) => {
  const unknown = value.split(',').find((each) => !PROXY_OPTIONS.has(each))
  return unknown === undefined ? undefined : `'${unknown}' : proxy v2 option not implemented`
}

const tlv: ValueCheck = (name) =>
  /^set-proxy-v2-tlv-fmt\((?:0x[0-9a-fA-F]+|\d+)\)$/.test(name) || !name.includes('(')
    ? undefined
    : `'${name}' : could not convert TLV ID`

const bufferSize: ValueCheck = (_, [value = '']) => (atol(value) > 0 ? undefined : 'log-bufsize has to be > 0.')

export const SERVER_VALUES: ReadonlyMap<string, ValueCheck> = new Map<string, ValueCheck>([
  ['check-pool-conn-name', needs(' : missing value')],
  ['check-proto', multiplexer],
  ['guid', guid],
  ['hash-key', HASH_KEYS],
  ['idle-ping', needs(' expects an argument.')],
  ['log-bufsize', all(needs(' expects an integer argument.'), bufferSize)],
  ['log-proto', FRAMINGS],
  ['max-reuse', NEEDS_VALUE],
  ['namespace', needs(' : expects <name> as argument')],
  ['npn', needs(' : missing the comma-delimited NPN protocol suite')],
  ['pool-conn-name', needs(' expects <value> as argument')],
  ['pool-low-conn', NEEDS_VALUE],
  ['pool-max-conn', all(NEEDS_VALUE, within(-1, Infinity, ' must be >= -1'))],
  ['pool-purge-delay', all(NEEDS_VALUE, inArgument)],
  ['proto', multiplexer],
  ['proxy-v2-options', proxyOptions],
  ['redir', needs(' expects <prefix> as argument.')],
  ['set-proxy-v2-tlv-fmt', tlv],
  [
    'tcp-ut',
    all(
      needs(' : missing TCP User Timeout value'),
      duration((name) => `'${name}' : expects a positive delay in milliseconds`),
    ),
  ],
  ['usesrc', () => "'usesrc' only allowed after a 'source' statement."],
  ['ws', WEBSOCKETS],
])
