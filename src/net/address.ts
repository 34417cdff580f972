/** Parsing and formatting of HAProxy addresses (str2sa_range in src/tools.c; configuration manual, section 2.9). */
import { strerror } from '../bytes/errno.js'
import { strtol } from '../bytes/integers.js'
import { firstByte } from '../bytes/text.js'
import { isAnyIp, isLoopbackIp, parseIp, parseLegacyIpv4, type Ip, type IpFamily } from './ip.js'

/** An IP address with a port. */
export interface IpAddress {
  readonly family: IpFamily
  /** canonical text, without brackets */
  readonly ip: string
  /** 0 if absent */
  readonly port: number
}

/** A UNIX socket, or the reverse HTTP connections of a server (`rhttp@backend/server`). */
export interface PathAddress {
  /** in the file system; in the abstract namespace; in the abstract namespace without padding; of a server */
  readonly family: 'unix' | 'abns' | 'abnsz' | 'rhttp'
  readonly path: string
}

/** An inherited file descriptor. */
export interface DescriptorAddress {
  readonly family: 'fd' | 'sockpair'
  readonly fd: number
}

/** Any address HAProxy can listen on or connect to. */
export type Address = IpAddress | PathAddress | DescriptorAddress

/** Whether `address` is an IPv4 or IPv6 address. */
export const isIp = (address: Address): address is IpAddress => address.family === 'ipv4' || address.family === 'ipv6'

/** Which addresses are accepted: HAProxy's PA_O_… flags. */
export interface AddressOptions {
  /** a port is allowed */
  readonly portOk?: boolean
  /** a port other than 0 is required */
  readonly portMandatory?: boolean
  /** a port range (`80-90`) is allowed */
  readonly portRange?: boolean
  /** a port offset (`+10`, `-10`) is allowed */
  readonly portOffset?: boolean
  /** accepted socket types; the first is the default without a prefix (default: stream only) */
  readonly sockets?: 'stream' | 'datagram' | 'stream or datagram' | 'datagram or stream'
  /** whether `fd@` accepts an inherited socket, any inherited descriptor, or neither (default) */
  readonly descriptor?: 'socket' | 'raw' | undefined
  /** why an inherited socket cannot be used, if so (default: only descriptors 0, 1 and 2 exist) */
  readonly descriptorError?: ((fd: number) => string | undefined) | undefined
  /** prefix of all UNIX socket paths (`unix-bind prefix`) */
  readonly pathPrefix?: string | undefined
  /** Resolves a host name, like {@link Network.resolve}. Without it, names are invalid. */
  readonly resolve?: ((name: string) => readonly string[]) | undefined
  /** accept `rhttp@`, which is experimental */
  readonly reverse?: boolean
  /** accept an unresolvable host name (for `server` lines, which are resolved at startup) */
  readonly allowUnresolved?: boolean
}

/** An address together with details of its notation. */
export interface ParsedAddress {
  /** with the first port of a range; port 0 if it is absent or an offset */
  readonly address: Address
  /** how the port was specified; an offset is relative to the port the client connected to */
  readonly portMode: 'none' | 'fixed' | 'range' | 'offset'
  /** the specified port; negative for an offset `-10`; 0 if absent */
  readonly port: number
  /** the last port of a range; otherwise equal to `port` */
  readonly portHigh: number
  readonly protocol: 'stream' | 'datagram' | 'mptcp' | 'quic'
  /** the host name, if specified. If it is unresolved, the address is `0.0.0.0` or `::`. */
  readonly name: string | undefined
  readonly resolved: boolean
}

/** The result of {@link parseAddress}. */
export type AddressResult = ParsedAddress | { readonly error: string }

type Socket = 'stream' | 'datagram' | 'mptcp' | 'quic'
type Family = 'ip' | IpFamily | PathAddress['family'] | DescriptorAddress['family']

const SOCKET_PREFIXES: readonly (readonly [string, Socket])[] = [
  ['stream+', 'stream'],
  ['dgram+', 'datagram'],
  ['quic+', 'quic'],
]

const FAMILY_PREFIXES: Readonly<Record<string, readonly [Family, Socket?]>> = {
  'unix@': ['unix'],
  'uxdg@': ['unix', 'datagram'],
  'uxst@': ['unix', 'stream'],
  'abns@': ['abns'],
  'abnsz@': ['abnsz'],
  'ip@': ['ip'],
  'ipv4@': ['ipv4'],
  'ipv6@': ['ipv6'],
  'tcp@': ['ip', 'stream'],
  'tcp4@': ['ipv4', 'stream'],
  'tcp6@': ['ipv6', 'stream'],
  'udp@': ['ip', 'datagram'],
  'udp4@': ['ipv4', 'datagram'],
  'udp6@': ['ipv6', 'datagram'],
  'mptcp@': ['ip', 'mptcp'],
  'mptcp4@': ['ipv4', 'mptcp'],
  'mptcp6@': ['ipv6', 'mptcp'],
  'quic4@': ['ipv4', 'quic'],
  'quic6@': ['ipv6', 'quic'],
  'fd@': ['fd'],
  'sockpair@': ['sockpair'],
  'rhttp@': ['rhttp'],
}

/** `sizeof(sun_path) - 1`; paths in the file system also need room for the suffix of the temporary name. */
const SUN_PATH = 107
const PATH_SUFFIX = '.12345.tmp'.length

/** A parse failure, with HAProxy's error message. */
class ParseFailure {
  constructor(readonly error: string) {}
}

/**
 * Parses an address with an optional port (`str2sa_range`). Errors are HAProxy's messages without the caller's prefix, such
 * as `'bind' : `. Environment variables have already been expanded by the configuration lexer.
 */
export const parseAddress = (text: string, options: AddressOptions = {}): AddressResult => {
  const result = parse(text, options)
  return result instanceof ParseFailure ? { error: result.error } : result
}

const parse = (text: string, options: AddressOptions): ParsedAddress | ParseFailure => {
  if (text === '') return new ParseFailure(`'${text}' resolves to an empty address (environment variable missing?)`)
  const wanted = options.sockets ?? 'stream'
  const [family, protocol, rest] = splitPrefixes(text, wanted.startsWith('stream') ? 'stream' : 'datagram')
  if (family === 'rhttp' && !options.reverse)
    return new ParseFailure(
      `Address 'rhttp@${rest}' is experimental, must be allowed via a global 'expose-experimental-directives'`,
    )
  const parsed =
    family === 'fd' || family === 'sockpair'
      ? parseDescriptor(text, rest, family, options)
      : family === 'unix' || family === 'abns' || family === 'abnsz' || family === 'rhttp'
        ? parsePath(text, rest, family, options)
        : parseHostAndPort(text, rest, family, options)
  if (parsed instanceof ParseFailure) return parsed
  const kind = protocol === 'datagram' ? 'datagram' : 'stream'
  if (!wanted.includes(kind))
    return new ParseFailure(`${kind === 'stream' ? 'stream' : 'dgram'}-type address not acceptable in '${text}'`)
  const { address, portMode = 'none', port = 0, portHigh = 0, name, resolved = true } = parsed
  return { address, portMode, port, portHigh, protocol, name, resolved }
}

const NO_PORT = { portMode: 'none', port: 0, portHigh: 0 } as const

type Parsed = Pick<ParsedAddress, 'address'> & Partial<ParsedAddress>

const splitPrefixes = (text: string, defaultSocket: Socket): [Family, Socket, string] => {
  const socketPrefix = SOCKET_PREFIXES.find(([prefix]) => text.startsWith(prefix))
  const rest = socketPrefix ? text.slice(socketPrefix[0].length) : text
  const socket = socketPrefix?.[1] ?? defaultSocket
  const at = rest.indexOf('@') + 1
  const prefix = rest.slice(0, at)
  if (Object.hasOwn(FAMILY_PREFIXES, prefix)) {
    const [family, forced] = FAMILY_PREFIXES[prefix]!
    return [family, forced ?? socket, rest.slice(at)]
  }
  return [rest.startsWith('/') ? 'unix' : 'ip', socket, rest]
}

const parseDescriptor = (
  text: string,
  rest: string,
  family: DescriptorAddress['family'],
  options: AddressOptions,
): Parsed | ParseFailure => {
  const { value, rest: unread } = strtol(rest)
  if (rest === '' || value < 0 || unread !== '')
    return new ParseFailure(`file descriptor '${rest}' is not a valid integer in '${text}'`)
  if (family === 'fd' && options.descriptor === undefined)
    return new ParseFailure(`a file descriptor is not acceptable here in '${text}'`)
  if (family === 'fd' && options.descriptor === 'raw') return { address: { family, fd: value } }
  const problem = (options.descriptorError ?? notInherited)(value)
  return problem === undefined
    ? { address: { family, fd: value } }
    : new ParseFailure(`cannot use file descriptor '${value}' : ${problem}.`)
}

/** The error for `fd` if only standard input, output and error are open. */
const notInherited = (fd: number): string => strerror(fd <= 2 ? 'ENOTSOCK' : 'EBADF')

const parsePath = (
  text: string,
  rest: string,
  family: PathAddress['family'],
  options: AddressOptions,
): Parsed | ParseFailure => {
  const prefix = family === 'unix' ? (options.pathPrefix ?? '') : ''
  const longest = family === 'unix' ? SUN_PATH - prefix.length - PATH_SUFFIX : SUN_PATH
  if (rest.length > longest) return new ParseFailure(`socket path '${text}' too long (max ${longest})`)
  return { address: { family, path: prefix + rest } }
}

const parseHostAndPort = (
  text: string,
  rest: string,
  family: 'ip' | IpFamily,
  options: AddressOptions,
): Parsed | ParseFailure => {
  let end = rest.length - 1
  while (end > 0 && rest[end] !== ']' && rest[end] !== ':') end--
  const colon = rest[end] === ':'
  if (colon && !options.portOk && !options.portMandatory)
    return new ParseFailure(`port specification not permitted here in '${text}'`)
  const port = parsePort(text, colon ? rest.slice(end + 1) : '', options)
  if (port instanceof ParseFailure) return port
  const host = colon ? rest.slice(0, end) : rest
  const found = parseHostPart(host, family === 'ip' ? undefined : family, options)
  if (found === undefined) return new ParseFailure(`invalid address: '${host}' in '${text}'`)
  const address: IpAddress = { family: found.family, ip: found.ip, port: port.portMode === 'offset' ? 0 : port.port }
  const { portMode, portHigh } = port
  return { address, portMode, port: port.port, portHigh, name: found.name, resolved: found.resolved }
}

type Port = Pick<ParsedAddress, 'portMode' | 'port' | 'portHigh'>

const parsePort = (text: string, port: string, options: AddressOptions): Port | ParseFailure => {
  if (port === '') return options.portMandatory ? new ParseFailure(`missing port specification in '${text}'`) : NO_PORT
  if (/^\d/.test(port)) return parsePortRange(text, port, options)
  const sign = port[0]
  if (sign !== '+' && sign !== '-') return new ParseFailure(badCharacter(text, port, port))
  if (!options.portOffset) return new ParseFailure(`port offset not permitted here in '${text}'`)
  const { value, rest: unread } = strtol(port.slice(1))
  if (unread !== '') return new ParseFailure(badCharacter(text, port.slice(1), unread))
  const offset = sign === '-' && value !== 0 ? -value : value
  return { portMode: 'offset', port: offset, portHigh: offset }
}

const parsePortRange = (text: string, port: string, options: AddressOptions): Port | ParseFailure => {
  const dash = port.indexOf('-')
  if (dash >= 0 && !options.portRange) return new ParseFailure(`port range not permitted here in '${text}'`)
  const ends = dash < 0 ? [port] : [port.slice(0, dash), port.slice(dash + 1)]
  const parsed = ends.map((end) => strtol(end))
  for (const [index, { rest: unread }] of parsed.entries())
    if (unread !== '') return new ParseFailure(badCharacter(text, ends[index]!, unread))
  for (const [index, { value }] of parsed.entries())
    if (value < (options.portMandatory ? 1 : 0) || value > 65535)
      return new ParseFailure(`invalid port '${ends[index]!}'`)
  const low = parsed[0]!.value
  const high = parsed.at(-1)!.value
  if (low > high) return new ParseFailure(`invalid port range '${low}-${high}'`)
  // HAProxy treats port 0 as no port
  return { portMode: high === 0 ? 'none' : low === high ? 'fixed' : 'range', port: low, portHigh: high }
}

const badCharacter = (text: string, port: string, unread: string): string =>
  `invalid character '${firstByte(unread)}' in port number '${port}' in '${text}'`

type Host = Ip & { readonly name: string | undefined; readonly resolved: boolean }

const ANY: Readonly<Record<IpFamily, string>> = { ipv4: '0.0.0.0', ipv6: '::' }

/** Parses the host part (`str2ip2`): an address, `*`, an empty string, or a name. */
const parseHostPart = (text: string, family: IpFamily | undefined, options: AddressOptions): Host | undefined => {
  const literal = ({ family, ip }: Ip): Host => ({ family, ip, name: undefined, resolved: true })
  const host = stripBrackets(text)
  if (host !== undefined) {
    if (host === '' || host === '*') return literal({ family: family ?? 'ipv4', ip: ANY[family ?? 'ipv4'] })
    const ip = parseIp(host, family)
    if (ip) return literal(ip)
    const answer = options.resolve && isHostName(host) ? resolveName(host, family, options.resolve) : undefined
    if (answer) return { ...answer, name: text, resolved: true }
  }
  if (!options.allowUnresolved) return undefined
  return { family: family ?? 'ipv4', ip: ANY[family ?? 'ipv4'], name: text, resolved: false }
}

/** Parses a host without family prefix and port (`str2ip2`); undefined if it is invalid. */
export const parseHost = (text: string, options: Pick<AddressOptions, 'resolve'> = {}): Ip | undefined => {
  const host = parseHostPart(text, undefined, options)
  return host && { family: host.family, ip: host.ip }
}

/** Strips the brackets of an IPv6 literal; undefined if they are unbalanced. */
const stripBrackets = (host: string): string | undefined => {
  if (!host.startsWith('[')) return host
  return host.length >= 4 && host.length < 48 && host.endsWith(']') ? host.slice(1, -1) : undefined
}

/** Whether `text` is a valid host name (`resolv_hostname_validation`). */
export const isHostName = (text: string): boolean =>
  text.length <= 255 && /^[\w.-]*$/.test(text) && text.split('.').every((label) => label.length <= 63)

const resolveName = (
  name: string,
  family: IpFamily | undefined,
  resolve: (name: string) => readonly string[],
): Ip | undefined => {
  const old = parseLegacyIpv4(name)
  if (old) return family === 'ipv6' ? undefined : old
  for (const answer of resolve(name)) {
    const ip = parseIp(answer, family)
    if (ip) return ip
  }
  return undefined
}

/**
 * Formats an address so that {@link parseAddress} reads it back (`sa2str`): `10.0.0.1:80`, `::1:80`, `/run/x.sock`,
 * `abns@name`. As in HAProxy's output, IPv6 addresses have no brackets; the port follows the last colon.
 */
export const formatAddress = (address: Address): string => {
  if (isIp(address)) return `${address.ip}:${address.port}`
  if ('fd' in address) return `${address.family}@${address.fd}`
  if (address.family !== 'unix') return `${address.family}@${address.path}`
  return address.path.startsWith('/') ? address.path : `unix@${address.path}`
}

/** Like {@link formatAddress}, but with brackets around IPv6 addresses, as in URLs and Lua's `getpeername`. */
export const formatHostPort = (address: Address): string =>
  address.family === 'ipv6' ? `[${address.ip}]:${address.port}` : formatAddress(address)

/** A map key: equal for equal addresses only. */
export const addressKey = formatAddress

/** Whether two addresses are equal, port included. */
export const sameAddress = (a: Address, b: Address): boolean => addressKey(a) === addressKey(b)

/** Whether it is local to its host: `127.0.0.0/8`, `::1`, and everything that is not an IP address. */
export const isLoopback = (address: Address): boolean => !isIp(address) || isLoopbackIp(address.ip)

/** Whether it is `0.0.0.0` or `::`, with any port. HAProxy treats it as unset where an address is optional (`is_addr`). */
export const isUnspecified = (address: Address): boolean => isIp(address) && isAnyIp(address.ip)
