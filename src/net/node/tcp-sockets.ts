/**
 * TCP sockets with options that Node does not set, by calling libc on Linux. Listeners: SO_REUSEPORT, which HAProxy sets on all of them,
 * IP_TRANSPARENT or IP_FREEBIND for addresses of other hosts, and options of `bind` lines (`sock_inet_bind_receiver` in src/sock_inet.c,
 * `tcp_bind_listener` in src/proto_tcp.c). Connections: those of `server` lines, keep-alive, buffers, marks (`tcp_connect_server` in
 * src/proto_tcp.c, `session_accept_fd` in src/session.c, src/tcp_act.c).
 */
import { getSystemErrorMap, getSystemErrorName } from 'node:util'
import { encodeText } from '../../bytes/text.js'
import { MILLISECOND } from '../../engine/clock.js'
import type { IpAddress } from '../address.js'
import { ipBytes } from '../ip.js'
import type {
  ConnectionOptions,
  KeepAlive,
  SocketBuffers,
  TcpClientOptions,
  TcpListenerOptions,
} from '../tcp-options.js'

/** Options of a listener. */
export interface TcpSocketOptions {
  /** an IPv6 listener does not accept IPv4 clients (IPV6_V6ONLY) */
  readonly v6only?: boolean
  /** the address need not be one of this host */
  readonly transparent?: boolean
  readonly tcp?: TcpListenerOptions
}

/** A bound socket. */
export interface BoundSocket {
  /** its descriptor, which the caller must listen on or close */
  readonly fd: number
  /** HAProxy's messages about options that the system has refused */
  readonly warnings: readonly string[]
}

interface Libc {
  socket(domain: number, type: number, protocol: number): number
  setsockopt(fd: number, level: number, option: number, value: Uint8Array, length: number): number
  bind(fd: number, address: Uint8Array, length: number): number
  listen(fd: number, backlog: number): number
  getsockname(fd: number, address: Uint8Array, length: Uint8Array): number
  close(fd: number): number
  errno(): number
}

// Linux constants, the same on all architectures that Node supports
const AF_INET = 2
const AF_INET6 = 10
const SOCK_STREAM = 1
const SOCK_NONBLOCK = 0o4000
const SOCK_CLOEXEC = 0o2000000
const SOL_SOCKET = 1
const SO_REUSEADDR = 2
const SO_SNDBUF = 7
const SO_RCVBUF = 8
const SO_KEEPALIVE = 9
const SO_REUSEPORT = 15
const SO_BINDTODEVICE = 25
const SO_MARK = 36
const IPPROTO_IP = 0
const IP_TOS = 1
const IP_TTL = 2
const IP_FREEBIND = 15
const IP_BIND_ADDRESS_NO_PORT = 24
const IP_TRANSPARENT = 19
const IPPROTO_TCP = 6
const TCP_MAXSEG = 2
const TCP_KEEPIDLE = 4
const TCP_KEEPINTVL = 5
const TCP_KEEPCNT = 6
const TCP_DEFER_ACCEPT = 9
const TCP_USER_TIMEOUT = 18
const TCP_REPAIR = 19
const TCP_FASTOPEN = 23
const TCP_NOTSENT_LOWAT = 25
const IPPROTO_IPV6 = 41
const IPV6_UNICAST_HOPS = 16
const IPV6_V6ONLY = 26
const IPV6_TCLASS = 67
const IPV6_TRANSPARENT = 75

/** An int in the byte order of the host. */
const integer = (value: number): Uint8Array => new Uint8Array(new Int32Array([value]).buffer)
const INTEGER_LENGTH = 4
/** of a `struct sockaddr_in6` */
const SOCKADDR_LENGTH = 28

/** What makes an address usable that is not one of this host; the first one that the system permits is enough. */
const FOREIGN = {
  ipv4: [
    [IPPROTO_IP, IP_TRANSPARENT],
    [IPPROTO_IP, IP_FREEBIND],
  ],
  ipv6: [
    [IPPROTO_IPV6, IPV6_TRANSPARENT],
    [IPPROTO_IP, IP_FREEBIND],
  ],
} as const

/** An error of the system, with the name of its errno as `code`. */
class SystemError extends Error {
  readonly code: string

  constructor(errno: number) {
    const code = getSystemErrorName(-errno)
    super(code)
    this.code = code
  }
}

let loading: Promise<Libc | undefined> | undefined
let libc: Libc | undefined

/** Makes {@link openTcp} and {@link setOptions} possible. */
export const loadSocketCalls = async (): Promise<Libc | undefined> => (libc = await (loading ??= loadLibc()))

/**
 * Binds a socket. Returns undefined if libc cannot be called on this platform. Throws an error with a `code` such as EADDRINUSE.
 * @param backlog what the caller will listen with
 */
export const bindTcp = async (
  address: IpAddress,
  options: TcpSocketOptions,
  backlog: number,
): Promise<BoundSocket | undefined> => {
  const calls = await loadSocketCalls()
  if (!calls) return undefined
  const fd = calls.socket(address.family === 'ipv4' ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
  if (fd < 0) throw new SystemError(calls.errno())
  const set = (level: number, option: number, value = 1): boolean =>
    calls.setsockopt(fd, level, option, integer(value), INTEGER_LENGTH) === 0
  const warnings: string[] = []
  const device = options.tcp?.interface
  set(SOL_SOCKET, SO_REUSEADDR)
  set(SOL_SOCKET, SO_REUSEPORT)
  if (address.family === 'ipv6' && options.v6only) set(IPPROTO_IPV6, IPV6_V6ONLY)
  if (options.transparent) FOREIGN[address.family].some(([level, option]) => set(level, option))
  if (device !== undefined) {
    const name = encodeText(`${device}\0`)
    if (calls.setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, name.length) !== 0)
      warnings.push(`cannot bind receiver to device '${device}' (${errorText(calls)})`)
  }
  const bytes = socketAddress(address)
  if (calls.bind(fd, bytes, bytes.length) === 0) {
    for (const [option, value, title] of listenerOptions(options.tcp, backlog))
      if (!set(IPPROTO_TCP, option, value)) warnings.push(`${title}, (${errorText(calls)})`)
    return { fd, warnings }
  }
  const error = new SystemError(calls.errno())
  calls.close(fd)
  throw error
}

/** A listening socket that this process does not accept connections of. */
export interface UnservedSocket {
  readonly fd: number
  readonly port: number
  close(): void
}

/**
 * Listens on an address for another process, which inherits the descriptor. Throws an error with a `code` such as EADDRINUSE, or
 * ENOSYS if libc cannot be called on this platform.
 */
export const listenUnserved = async (address: IpAddress, backlog: number): Promise<UnservedSocket> => {
  const calls = await loadSocketCalls()
  const bound = await bindTcp(address, {}, backlog)
  if (!calls || !bound) throw Object.assign(new Error('ENOSYS'), { code: 'ENOSYS' })
  const { fd } = bound
  const close = (): void => void calls.close(fd)
  const name = new Uint8Array(SOCKADDR_LENGTH)
  const length = integer(SOCKADDR_LENGTH)
  if (calls.listen(fd, backlog) !== 0 || calls.getsockname(fd, name, length) !== 0) {
    const error = new SystemError(calls.errno())
    close()
    throw error
  }
  return { fd, port: (name[2]! << 8) | name[3]!, close }
}

/**
 * Opens a socket that is to be connected. Options that the system refuses are left out, as by HAProxy.
 * @param isBound whether its local address is to be set; its port is chosen when it is connected
 * @returns its descriptor; undefined if the process has no free descriptor, or libc is not loaded or cannot be called on this platform
 */
export const openTcp = (
  family: IpAddress['family'],
  options: TcpClientOptions | undefined,
  isBound: boolean,
): number | undefined => {
  const calls = libc
  if (!calls) return undefined
  const fd = calls.socket(family === 'ipv4' ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
  if (fd < 0) return undefined
  const { userTimeout, interface: device, ...rest } = options ?? {}
  if (device !== undefined) {
    const name = encodeText(`${device}\0`)
    calls.setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, name.length)
  }
  const set = (level: number, option: number, value: number): number =>
    calls.setsockopt(fd, level, option, integer(value), INTEGER_LENGTH)
  if (userTimeout !== undefined) set(IPPROTO_TCP, TCP_USER_TIMEOUT, Math.floor(userTimeout / MILLISECOND))
  if (isBound) set(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
  setOptions(fd, family, rest)
  return fd
}

/** Sets options of a connection. Those that the system refuses are left out, as by HAProxy; all are if libc cannot be called. */
export const setOptions = (fd: number, family: IpAddress['family'], options: ConnectionOptions): void => {
  const { keepAlive, buffers, tos, hops, mark } = options
  const isIpv4 = family === 'ipv4'
  for (const [level, option, value] of [
    ...(keepAlive ? keepAliveOptions(keepAlive) : []),
    ...(buffers ? bufferOptions(buffers) : []),
    ...(tos === undefined ? [] : [isIpv4 ? [IPPROTO_IP, IP_TOS, tos] : [IPPROTO_IPV6, IPV6_TCLASS, tos]]),
    ...(hops === undefined ? [] : [isIpv4 ? [IPPROTO_IP, IP_TTL, hops] : [IPPROTO_IPV6, IPV6_UNICAST_HOPS, hops]]),
    ...(mark === undefined ? [] : [[SOL_SOCKET, SO_MARK, mark]]),
  ] as readonly SocketOption[])
    libc?.setsockopt(fd, level, option, integer(value), INTEGER_LENGTH)
}

/** Makes a connection disappear without a packet when it is closed. Returns whether the system permits that (CAP_NET_ADMIN). */
export const silence = (fd: number): boolean =>
  libc?.setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, integer(1), INTEGER_LENGTH) === 0

type SocketOption = readonly [level: number, option: number, value: number]

const keepAliveOptions = ({ count, idle, interval }: KeepAlive): readonly SocketOption[] => [
  [SOL_SOCKET, SO_KEEPALIVE, 1],
  ...withValues([
    [IPPROTO_TCP, TCP_KEEPCNT, count],
    [IPPROTO_TCP, TCP_KEEPIDLE, idle],
    [IPPROTO_TCP, TCP_KEEPINTVL, interval],
  ]),
]

const bufferOptions = ({ send, receive, unsent }: SocketBuffers): readonly SocketOption[] =>
  withValues([
    [SOL_SOCKET, SO_SNDBUF, send],
    [IPPROTO_TCP, TCP_NOTSENT_LOWAT, unsent],
    [SOL_SOCKET, SO_RCVBUF, receive],
  ])

/** Those that are not left to the system. */
const withValues = (
  options: readonly (readonly [level: number, option: number, value: number | undefined])[],
): readonly SocketOption[] =>
  options.flatMap(([level, option, value]) => (value ? [[level, option, value] as const] : []))

/** Options that are set once the socket is bound, their values, and what messages about them begin with. */
const listenerOptions = (
  tcp: TcpListenerOptions | undefined,
  backlog: number,
): readonly (readonly [option: number, value: number, title: string])[] => {
  const { segmentSize, userTimeout, deferAccept, fastOpen } = tcp ?? {}
  return [
    ...(segmentSize === undefined ? [] : [[TCP_MAXSEG, segmentSize, `cannot set MSS to ${segmentSize}`] as const]),
    ...(userTimeout === undefined
      ? []
      : [[TCP_USER_TIMEOUT, Math.floor(userTimeout / MILLISECOND), 'cannot set TCP User Timeout'] as const]),
    ...(deferAccept ? [[TCP_DEFER_ACCEPT, 1, 'cannot enable DEFER_ACCEPT'] as const] : []),
    ...(fastOpen ? [[TCP_FASTOPEN, backlog, 'cannot enable TCP_FASTOPEN'] as const] : []),
  ]
}

/** The last error of the system as C libraries describe it. */
const errorText = (calls: Libc): string => {
  const text = getSystemErrorMap().get(-calls.errno())?.[1] ?? 'Unknown error'
  return text[0]!.toUpperCase() + text.slice(1)
}

/** Undefined if koffi has no binary for this platform, or the platform is not Linux. */
const loadLibc = async (): Promise<Libc | undefined> => {
  if (process.platform !== 'linux') return undefined
  try {
    const { default: koffi } = await import('koffi')
    const library = koffi.load(null)
    return {
      socket: library.func('int socket(int, int, int)'),
      setsockopt: library.func('int setsockopt(int, int, int, const void *, uint32_t)'),
      bind: library.func('int bind(int, const void *, uint32_t)'),
      listen: library.func('int listen(int, int)'),
      getsockname: library.func('int getsockname(int, _Out_ void *, _Inout_ void *)'),
      close: library.func('int close(int)'),
      errno: () => koffi.errno(),
    } as Libc
  } catch {
    return undefined
  }
}

/** A `struct sockaddr_in` or `sockaddr_in6`. */
const socketAddress = ({ family, ip, port }: IpAddress): Uint8Array => {
  const isIpv4 = family === 'ipv4'
  const bytes = new Uint8Array(isIpv4 ? 16 : 28)
  // native byte order
  new Uint16Array(bytes.buffer, 0, 1)[0] = isIpv4 ? AF_INET : AF_INET6
  bytes[2] = port >> 8
  bytes[3] = port & 0xff
  bytes.set(ipBytes(ip), isIpv4 ? 4 : 8)
  return bytes
}
