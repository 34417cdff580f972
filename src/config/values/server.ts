/** Validation of arguments of `server` settings that are not emulated (src/server.c, src/cfgparse-ssl.c). */
import { atol } from '../../bytes/integers.js'
import {
  all,
  duration,
  guid,
  durationArgument,
  multiplexer,
  required,
  oneOf,
  inRange,
  type ValueCheck,
} from './check.js'

const HASH_KEYS = oneOf(['id', 'addr', 'addr-port'], " has to be 'id', 'addr', or 'addr-port'")
const WEBSOCKETS = oneOf(['auto', 'h1', 'h2'], " has to be 'auto', 'h1' or 'h2'")
const FRAMINGS = oneOf(['legacy', 'octet-count'], " expects one of 'legacy' or 'octet-count' but got '%'")
const NEEDS_VALUE = required(' expects <value> as argument.')

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

/** Validators by setting. */
export const SERVER_VALUES: ReadonlyMap<string, ValueCheck> = new Map<string, ValueCheck>([
  ['check-pool-conn-name', required(' : missing value')],
  ['check-proto', multiplexer],
  ['guid', guid],
  ['hash-key', HASH_KEYS],
  ['idle-ping', required(' expects an argument.')],
  ['log-bufsize', all(required(' expects an integer argument.'), bufferSize)],
  ['log-proto', FRAMINGS],
  ['max-reuse', NEEDS_VALUE],
  ['namespace', required(' : expects <name> as argument')],
  ['npn', required(' : missing the comma-delimited NPN protocol suite')],
  ['pool-conn-name', required(' expects <value> as argument')],
  ['pool-low-conn', NEEDS_VALUE],
  ['pool-max-conn', all(NEEDS_VALUE, inRange(-1, Infinity, ' must be >= -1'))],
  ['pool-purge-delay', all(NEEDS_VALUE, durationArgument)],
  ['proto', multiplexer],
  ['proxy-v2-options', proxyOptions],
  ['redir', required(' expects <prefix> as argument.')],
  ['set-proxy-v2-tlv-fmt', tlv],
  [
    'tcp-ut',
    all(
      required(' : missing TCP User Timeout value'),
      duration((name) => `'${name}' : expects a positive delay in milliseconds`),
    ),
  ],
  ['usesrc', () => "'usesrc' only allowed after a 'source' statement."],
  ['ws', WEBSOCKETS],
])
