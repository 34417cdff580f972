/** Reads the addresses of a configuration: what each keyword takes, in terms of net/address. */
import { parseAddress, type AddressOptions, type ParsedAddress } from '../net/address.js'
import type { Reading } from './reading.js'

/** Addresses of `server` lines; names are resolved when the process starts. */
const SERVER: AddressOptions = { portOk: true, portOffset: true, sockets: 'stream or datagram', keepName: true }
const CHECK: AddressOptions = { portOk: true }
const MAILER: AddressOptions = { portOk: true, portMandatory: true }
const BIND: AddressOptions = { portOk: true, portMandatory: true, portRange: true, descriptor: 'socket' }
const NAMESERVER: AddressOptions = { portOk: true, portMandatory: true, sockets: 'datagram or stream' }
const LOG: AddressOptions = { portOk: true, sockets: 'datagram or stream', descriptor: 'raw' }

const OPTIONS = {
  server: SERVER,
  check: CHECK,
  mailer: MAILER,
  nameserver: NAMESERVER,
  bind: BIND,
  log: LOG,
} as const

/** Parses `text` as the address of what `use` says; the error is HAProxy's. */
export const readAddress = (
  reading: Reading,
  text: string,
  use: keyof typeof OPTIONS,
): ParsedAddress | { readonly error: string } => {
  const options = OPTIONS[use]
  if (use === 'bind') return parseAddress(text, { ...options, pathPrefix: reading.global.unixPrefix })
  return parseAddress(text, { ...options, resolve: reading.options.resolve })
}
