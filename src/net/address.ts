/** HAProxy's address format, parsed and printed (str2sa_range in src/tools.c; section 2.9 of the configuration manual). */
import { firstByte } from '../bytes/text.js'
import { isAnyIp, isLoopbackIp, parseIp, parseOldIpv4, type Ip, type IpFamily } from './ip.js'

export interface IpAddress {
  readonly family: IpFamily
  /** canonical text, without brackets */
  readonly ip: string
  /** 0 where there is none */
  readonly port: number
}

export interface PathAddress {
  /** a socket in the file system; in the abstract namespace; the same without padding */
  readonly family: 'unix' | 'abns' | 'abnsz'
  readonly path: string
}

/** An inherited descriptor. */
export interface DescriptorAddress {
  readonly family: 'fd' | 'sockpair'
  readonly fd: number
}

export type Address = IpAddress | PathAddress | DescriptorAddress

export const isIp = (address: Address): address is IpAddress => address.family === 'ipv4' || address.family === 'ipv6'

/** What a place in the configuration takes: HAProxy's PA_O_… flags. */
export interface AddressOptions {
  /** a port may follow */
  readonly portOk?: boolean
  /** a port must follow, and not 0 */
  readonly portMandatory?: boolean
  /** `80-90` may follow */
  readonly portRange?: boolean
  /** `+10` and `-10` may follow */
  readonly portOffset?: boolean
  /** what is understood without a prefix that says otherwise (default: stream) and whether the other is taken as well */
  readonly sockets?: 'stream' | 'datagram' | 'stream or datagram' | 'datagram or stream'
  /** whether `fd@` may be an inherited socket, any inherited descriptor, or is refused (default) */
  readonly descriptor?: 'socket' | 'raw' | undefined
  /** why an inherited socket cannot be used; undefined where it can (default: nothing is inherited but 0, 1 and 2) */
  readonly descriptorProblem?: ((fd: number) => string | undefined) | undefined
  /** put before every path of a UNIX socket (`unix-bind prefix`) */
  readonly pathPrefix?: string | undefined
  /** The addresses of a host name, as {@link Network.resolve}. Without it a name is not taken. */
  readonly resolve?: ((name: string) => readonly string[]) | undefined
  /** take a host name that nobody resolves (a `server`'s, which is resolved when the process starts) */
  readonly keepName?: boolean
}

export interface ParsedAddress {
  /** with the first port of a range; port 0 where there is none and for an offset */
  readonly address: Address
  /** what was written as the port; an offset is relative to the port that a client connected to */
  readonly portMode: 'none' | 'fixed' | 'range' | 'offset'
  /** as written; negative for an offset `-10`; 0 when there is none */
  readonly port: number
  /** the last port of a range; otherwise the same as `port` */
  readonly portHigh: number
  readonly protocol: 'stream' | 'datagram' | 'mptcp' | 'quic'
  /** the host name, if one was written. Unresolved, the address is the family's `0.0.0.0` or `::`. */
  readonly name: string | undefined
  readonly resolved: boolean
}

export type AddressResult = ParsedAddress | { readonly error: string }

type Socket = 'stream' | 'datagram' | 'mptcp' | 'quic'
type Family = 'ip' | IpFamily | PathAddress['family'] | DescriptorAddress['family'] | 'rhttp'

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

/** `sizeof(sun_path) - 1`; a path in the file system also leaves room for the suffix of a temporary name. */
const SUN_PATH = 107
const PATH_SUFFIX = '.12345.tmp'.length

/** What was refused, in HAProxy's words; never leaves this file. */
class Refused {
  constructor(readonly error: string) {}
}

/**
 * Parses an address with what may follow it. The errors are HAProxy's own (str2sa_range); the caller puts its
 * `'bind' : ` or the like before them. Environment variables are the configuration lexer's matter.
 */
export const parseAddress = (text: string, options: AddressOptions = {}): AddressResult => {
  const result = parse(text, options)
  return result instanceof Refused ? { error: result.error } : result
}

const parse = (text: string, options: AddressOptions): ParsedAddress | Refused => {
  if (text === '') return new Refused(`'${text}' resolves to an empty address (environment variable missing?)`)
  const wanted = options.sockets ?? 'stream'
  const [family, protocol, rest] = splitPrefixes(text, wanted.startsWith('stream') ? 'stream' : 'datagram')
  if (family === 'rhttp')
    return new Refused(
      `Address '${rest}' is experimental, must be allowed via a global 'expose-experimental-directives'`,
    )
  const parsed =
    family === 'fd' || family === 'sockpair'
      ? parseDescriptor(text, rest, family, options)
      : family === 'unix' || family === 'abns' || family === 'abnsz'
        ? parsePath(text, rest, family, options)
        : parseHostAndPort(text, rest, family, options)
  if (parsed instanceof Refused) return parsed
  const kind = protocol === 'datagram' ? 'datagram' : 'stream'
  if (!wanted.includes(kind))
    return new Refused(`${kind === 'stream' ? 'stream' : 'dgram'}-type address not acceptable in '${text}'`)
  const { address, portMode = 'none', port = 0, portHigh = 0, name, resolved = true } = parsed
  return { address, portMode, port, portHigh, protocol, name, resolved }
}

const NO_PORT = { portMode: 'none', port: 0, portHigh: 0 } as const

type Parsed = Pick<ParsedAddress, 'address'> & Partial<ParsedAddress>

const splitPrefixes = (text: string, usual: Socket): [Family, Socket, string] => {
  const socketPrefix = SOCKET_PREFIXES.find(([prefix]) => text.startsWith(prefix))
  const rest = socketPrefix ? text.slice(socketPrefix[0].length) : text
  const socket = socketPrefix?.[1] ?? usual
  const at = rest.indexOf('@') + 1
  const prefix = rest.slice(0, at)
  if (Object.hasOwn(FAMILY_PREFIXES, prefix)) {
    const [family, forced] = FAMILY_PREFIXES[prefix]!
    return [family, forced ?? socket, family === 'rhttp' ? rest : rest.slice(at)]
  }
  return [rest.startsWith('/') ? 'unix' : 'ip', socket, rest]
}

const parseDescriptor = (
  text: string,
  rest: string,
  family: DescriptorAddress['family'],
  options: AddressOptions,
): Parsed | Refused => {
  const { value, unread } = readInteger(rest)
  if (rest === '' || value < 0 || unread !== '')
    return new Refused(`file descriptor '${rest}' is not a valid integer in '${text}'`)
  if (family === 'fd' && options.descriptor === undefined)
    return new Refused(`a file descriptor is not acceptable here in '${text}'`)
  if (family === 'fd' && options.descriptor === 'raw') return { address: { family, fd: value } }
  const problem = (options.descriptorProblem ?? nothingInherited)(value)
  return problem === undefined
    ? { address: { family, fd: value } }
    : new Refused(`cannot use file descriptor '${value}' : ${problem}.`)
}

/** Nothing but standard input, output and error. */
const nothingInherited = (fd: number): string => (fd <= 2 ? 'Socket operation on non-socket' : 'Bad file descriptor')

const parsePath = (
  text: string,
  rest: string,
  family: PathAddress['family'],
  options: AddressOptions,
): Parsed | Refused => {
  const prefix = family === 'unix' ? (options.pathPrefix ?? '') : ''
  const longest = family === 'unix' ? SUN_PATH - prefix.length - PATH_SUFFIX : SUN_PATH
  if (rest.length > longest) return new Refused(`socket path '${text}' too long (max ${longest})`)
  return { address: { family, path: prefix + rest } }
}

const parseHostAndPort = (
  text: string,
  rest: string,
  family: 'ip' | IpFamily,
  options: AddressOptions,
): Parsed | Refused => {
  let end = rest.length - 1
  while (end > 0 && rest[end] !== ']' && rest[end] !== ':') end--
  const colon = rest[end] === ':'
  if (colon && !options.portOk && !options.portMandatory)
    return new Refused(`port specification not permitted here in '${text}'`)
  const port = parsePort(text, colon ? rest.slice(end + 1) : '', options)
  if (port instanceof Refused) return port
  const host = colon ? rest.slice(0, end) : rest
  const found = parseHost(host, family === 'ip' ? undefined : family, options)
  if (found === undefined) return new Refused(`invalid address: '${host}' in '${text}'`)
  const address: IpAddress = { family: found.family, ip: found.ip, port: port.portMode === 'offset' ? 0 : port.port }
  const { portMode, portHigh } = port
  return { address, portMode, port: port.port, portHigh, name: found.name, resolved: found.resolved }
}

type Port = Pick<ParsedAddress, 'portMode' | 'port' | 'portHigh'>

const parsePort = (text: string, port: string, options: AddressOptions): Port | Refused => {
  if (port === '') return options.portMandatory ? new Refused(`missing port specification in '${text}'`) : NO_PORT
  if (/^\d/.test(port)) return parsePortRange(text, port, options)
  const sign = port[0]
  if (sign !== '+' && sign !== '-') return new Refused(badCharacter(text, port, port))
  if (!options.portOffset) return new Refused(`port offset not permitted here in '${text}'`)
  const { value, unread } = readInteger(port.slice(1))
  if (unread !== '') return new Refused(badCharacter(text, port.slice(1), unread))
  const offset = sign === '-' && value !== 0 ? -value : value
  return { portMode: 'offset', port: offset, portHigh: offset }
}

const parsePortRange = (text: string, port: string, options: AddressOptions): Port | Refused => {
  const dash = port.indexOf('-')
  if (dash >= 0 && !options.portRange) return new Refused(`port range not permitted here in '${text}'`)
  const ends = dash < 0 ? [port] : [port.slice(0, dash), port.slice(dash + 1)]
  for (const end of ends) {
    const { unread } = readInteger(end)
    if (unread !== '') return new Refused(badCharacter(text, end, unread))
  }
  for (const end of ends) {
    const { value } = readInteger(end)
    if (value < (options.portMandatory ? 1 : 0) || value > 65535) return new Refused(`invalid port '${end}'`)
  }
  const low = readInteger(ends[0]!).value
  const high = readInteger(ends.at(-1)!).value
  if (low > high) return new Refused(`invalid port range '${low}-${high}'`)
  // HAProxy takes port 0 for no port
  return { portMode: high === 0 ? 'none' : low === high ? 'fixed' : 'range', port: low, portHigh: high }
}

const badCharacter = (text: string, port: string, unread: string): string =>
  `invalid character '${firstByte(unread)}' in port number '${port}' in '${text}'`

/** `strtol` in base 10: its value, 0 when there are no digits, and what it leaves unread. */
const readInteger = (text: string): { value: number; unread: string } => {
  const digits = /^[ \t\n\v\f\r]*([+-]?\d+)/.exec(text)
  return digits ? { value: Number(digits[1]), unread: text.slice(digits[0].length) } : { value: 0, unread: text }
}

type Host = Ip & { readonly name: string | undefined; readonly resolved: boolean }

const ANY: Readonly<Record<IpFamily, string>> = { ipv4: '0.0.0.0', ipv6: '::' }

/** The host part (`str2ip2`): an address, `*` or nothing, or a name. */
const parseHost = (text: string, family: IpFamily | undefined, options: AddressOptions): Host | undefined => {
  const literal = ({ family, ip }: Ip): Host => ({ family, ip, name: undefined, resolved: true })
  const host = withoutBrackets(text)
  if (host !== undefined) {
    if (host === '' || host === '*') return literal({ family: family ?? 'ipv4', ip: ANY[family ?? 'ipv4'] })
    const ip = parseIp(host, family)
    if (ip) return literal(ip)
    const answer = options.resolve && isHostName(host) ? resolveName(host, family, options.resolve) : undefined
    if (answer) return { ...answer, name: text, resolved: true }
  }
  if (!options.keepName) return undefined
  return { family: family ?? 'ipv4', ip: ANY[family ?? 'ipv4'], name: text, resolved: false }
}

/** A host without prefix and port (`str2ip2`), for the few places that take nothing else; undefined when it is none. */
export const parseHostAlone = (text: string, options: Pick<AddressOptions, 'resolve'> = {}): Ip | undefined => {
  const host = parseHost(text, undefined, options)
  return host && { family: host.family, ip: host.ip }
}

/** Undefined when there are brackets that do not fit. */
const withoutBrackets = (host: string): string | undefined => {
  if (!host.startsWith('[')) return host
  return host.length >= 4 && host.length < 48 && host.endsWith(']') ? host.slice(1, -1) : undefined
}

/** What the resolver would be asked at all (`resolv_hostname_validation`). */
const isHostName = (text: string): boolean =>
  text.length <= 255 && /^[\w.-]*$/.test(text) && text.split('.').every((label) => label.length <= 63)

const resolveName = (
  name: string,
  family: IpFamily | undefined,
  resolve: (name: string) => readonly string[],
): Ip | undefined => {
  const old = parseOldIpv4(name)
  if (old) return family === 'ipv6' ? undefined : old
  for (const answer of resolve(name)) {
    const ip = parseIp(answer, family)
    if (ip) return ip
  }
  return undefined
}

/**
 * Prints an address so that {@link parseAddress} reads the same one again (`sa2str`): `10.0.0.1:80`, `::1:80`,
 * `/run/x.sock`, `abns@name`. An IPv6 address has no brackets, as in HAProxy's own output; the last colon is the port's.
 */
export const formatAddress = (address: Address): string => {
  if (isIp(address)) return `${address.ip}:${address.port}`
  if ('fd' in address) return `${address.family}@${address.fd}`
  if (address.family !== 'unix') return `${address.family}@${address.path}`
  return address.path.startsWith('/') ? address.path : `unix@${address.path}`
}

/** As URLs and Lua's `getpeername` have it: `10.0.0.1:80`, `[::1]:80`; otherwise as {@link formatAddress}. */
export const formatWithBrackets = (address: Address): string =>
  address.family === 'ipv6' ? `[${address.ip}]:${address.port}` : formatAddress(address)

/** A text that two addresses share exactly when they are the same one: a key for maps. */
export const addressKey = formatAddress

export const sameAddress = (a: Address, b: Address): boolean => addressKey(a) === addressKey(b)

/** Whether it never leaves its host: `127.0.0.0/8`, `::1`, and everything that is no IP address. */
export const isLoopback = (address: Address): boolean => !isIp(address) || isLoopbackIp(address.ip)

/** `0.0.0.0` or `::`, with or without a port. HAProxy treats it as no address where one is optional (`is_addr`). */
export const isUnspecified = (address: Address): boolean => isIp(address) && isAnyIp(address.ip)
