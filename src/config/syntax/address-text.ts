/** Parsing of addresses in a configuration, with the options of each keyword. */
import { parseAddress, type AddressOptions, type ParsedAddress } from '../../net/address.js'
import type { Environment } from './environment.js'

/** The parse state that addresses depend on. */
export interface AddressContext {
  readonly env: Environment
  readonly global: { readonly unixPrefix: string | undefined; readonly allowsExperimental?: boolean }
  readonly options: Pick<AddressOptions, 'descriptorError'> & {
    readonly resolve: (name: string) => readonly string[]
  }
}

/** `server` lines; names are resolved at startup. */
const SERVER: AddressOptions = { portOk: true, portOffset: true, sockets: 'stream or datagram', allowUnresolved: true }
/** Servers in other sections, whose names are resolved at once. */
const RING_SERVER: AddressOptions = { portOk: true, portOffset: true, sockets: 'stream or datagram' }
const PEER: AddressOptions = { portOk: true, portMandatory: true, sockets: 'stream or datagram' }
const CHECK: AddressOptions = { portOk: true }
/** Names are not resolved. */
const OCSP_PROXY: AddressOptions = { portOk: true }
const MAILER: AddressOptions = { portOk: true, portMandatory: true }
const BIND: AddressOptions = { portOk: true, portMandatory: true, portRange: true, descriptor: 'socket' }
const DATAGRAM_BIND: AddressOptions = { ...BIND, sockets: 'datagram' }
const NAMESERVER: AddressOptions = { portOk: true, portMandatory: true, sockets: 'datagram or stream' }
/** `source` of a server; no other source has a range */
const SERVER_SOURCE: AddressOptions = { portOk: true, portRange: true }
const SOURCE: AddressOptions = { portOk: true }
const DISPATCH: AddressOptions = { portOk: true, portMandatory: true }
const LOG: AddressOptions = { portOk: true, sockets: 'datagram or stream', descriptor: 'raw' }

const OPTIONS = {
  server: SERVER,
  'ring server': RING_SERVER,
  peer: PEER,
  check: CHECK,
  'ocsp proxy': OCSP_PROXY,
  mailer: MAILER,
  nameserver: NAMESERVER,
  source: SOURCE,
  'server source': SERVER_SOURCE,
  dispatch: DISPATCH,
  bind: BIND,
  'dgram-bind': DATAGRAM_BIND,
  'stats socket': BIND,
  log: LOG,
} as const

/** Parses an address with the options of `use`; errors are HAProxy's messages. */
export const readAddress = (
  context: AddressContext,
  text: string,
  use: keyof typeof OPTIONS,
): ParsedAddress | { readonly error: string } => {
  const { env, global, options: host } = context
  const expanded = expandVariables(text, env)
  const options = OPTIONS[use]
  const isListener = use === 'bind' || use === 'dgram-bind' || use === 'stats socket'
  const parsed = parseAddress(expanded, {
    portOk: options.portOk,
    portMandatory: options.portMandatory,
    portRange: options.portRange,
    portOffset: options.portOffset,
    sockets: options.sockets,
    descriptor: options.descriptor,
    allowUnresolved: options.allowUnresolved,
    reverse: global.allowsExperimental === true,
    resolve: use === 'ocsp proxy' ? undefined : host.resolve,
    descriptorError: isListener ? host.descriptorError : undefined,
    pathPrefix: isListener && use !== 'stats socket' ? global.unixPrefix : undefined,
  })
  if ('error' in parsed && expanded !== text) return { error: parsed.error.replaceAll(`'${expanded}'`, `'${text}'`) }
  return parsed
}

/** Expands `$NAME` and `${NAME}`; in addresses this works without quotes, too (`env_expand` in src/tools.c). */
const expandVariables = (text: string, env: Environment): string =>
  text.includes('$') ? text.replace(/\$\{?([A-Za-z0-9_]*)\}?/g, (_, name: string) => env.get(name) ?? '') : text
