/** Server keywords that hapsim emulates (src/server.c, src/check.c). */
import { atol } from '../../bytes/integers.js'
import { cutAtNul } from '../syntax/bytes.js'
import type { ServerSettings } from './draft.js'
import type { InitState } from '../model/server.js'
import { SERVER_CHECK_OPTIONS } from './check-options.js'
import { SERVER_RESOLUTION_OPTIONS } from './resolution-options.js'
import { SERVER_TLS_OPTIONS } from './tls-options.js'
import type { ServerOption } from './option.js'
import { isDurationError, parseDuration, trailingUnitText } from '../syntax/units.js'
import { SECOND } from '../../engine/clock.js'

/** Keywords that `default-server` does not accept. */
export const NOT_IN_DEFAULT_SERVER: ReadonlySet<string> = new Set([
  'guid',
  'id',
  'no-sslv3',
  'no-tlsv10',
  'no-tlsv11',
  'no-tlsv12',
  'no-tlsv13',
])

const MAX_WEIGHT = 256

const INIT_STATES: readonly InitState[] = ['none', 'fully-up', 'up', 'down', 'fully-down']

const constant =
  (part: Partial<ServerSettings>): ServerOption =>
  (settings) => ({ ...settings, ...part })

const count =
  (key: 'maxconn' | 'minconn' | 'maxqueue'): ServerOption =>
  (settings, { value }) => ({ ...settings, [key]: atol(value) })

const slowstart: ServerOption = (settings, { name, value, server, warn }) => {
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

const weight: ServerOption = (settings, { value, server }) => {
  const number = atol(value)
  if (number < 0 || number > MAX_WEIGHT)
    return `weight of server ${server} is not within 0 and ${MAX_WEIGHT} (${number}).`
  return { ...settings, weight: number }
}

const id: ServerOption = (settings, { name, value, proxy, setId }) => {
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

const initState: ServerOption = (settings, { name, value }) => {
  const state = INIT_STATES.find((each) => each === value)
  if (state !== undefined) return { ...settings, initState: state }
  return `'${name}' expects one of 'none', 'fully-up', 'up', 'down', or 'fully-down' but got '${value}'`
}

/** Parsers by keyword. */
export const SERVER_OPTIONS: ReadonlyMap<string, ServerOption> = new Map<string, ServerOption>([
  ...SERVER_CHECK_OPTIONS,
  ...SERVER_RESOLUTION_OPTIONS,
  ...SERVER_TLS_OPTIONS,
  ['backup', constant({ backup: true })],
  ['no-backup', constant({ backup: false })],
  ['disabled', constant({ disabled: true })],
  ['enabled', constant({ disabled: false })],
  ['maxconn', count('maxconn')],
  ['minconn', count('minconn')],
  ['maxqueue', count('maxqueue')],
  ['slowstart', slowstart],
  ['weight', weight],
  ['id', id],
  ['init-state', initState],
  [
    'cookie',
    (settings, { name, value }) =>
      value === '' ? `'${name}' expects <value> as argument.` : { ...settings, cookie: value },
  ],
  [
    'track',
    (settings, { value }) =>
      value === '' ? "'track' expects [<proxy>/]<server> as argument." : { ...settings, track: value },
  ],
])
