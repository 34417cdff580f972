/**
 * Bound TCP sockets with options that Node does not set, by calling libc on Linux: SO_REUSEPORT, which HAProxy sets on all listeners, and
 * IP_TRANSPARENT or IP_FREEBIND for addresses of other hosts (`tcp_bind_listener` in src/proto_tcp.c, `sock_inet4_make_foreign` in
 * src/sock_inet.c).
 */
import { getSystemErrorName } from 'node:util'
import type { IpAddress } from '../address.js'
import { ipBytes } from '../ip.js'

/** Options of a listener. */
export interface TcpSocketOptions {
  /** an IPv6 listener does not accept IPv4 clients (IPV6_V6ONLY) */
  readonly v6only?: boolean
  /** the address need not be one of this host */
  readonly transparent?: boolean
}

interface Libc {
  socket(domain: number, type: number, protocol: number): number
  setsockopt(fd: number, level: number, option: number, value: Uint8Array, length: number): number
  bind(fd: number, address: Uint8Array, length: number): number
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
const SO_REUSEPORT = 15
const IPPROTO_IP = 0
const IP_FREEBIND = 15
const IP_TRANSPARENT = 19
const IPPROTO_IPV6 = 41
const IPV6_V6ONLY = 26
const IPV6_TRANSPARENT = 75

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

let libc: Promise<Libc | undefined> | undefined

/**
 * Binds a socket. Returns its descriptor, which the caller must listen on or close, or undefined if libc cannot be called on this platform.
 * Throws an error with a `code` such as EADDRINUSE.
 */
export const bindTcp = async (address: IpAddress, options: TcpSocketOptions): Promise<number | undefined> => {
  const calls = await (libc ??= loadLibc())
  if (!calls) return undefined
  const fd = calls.socket(address.family === 'ipv4' ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
  if (fd < 0) throw new SystemError(calls.errno())
  const set = (level: number, option: number, value = 1): boolean =>
    calls.setsockopt(fd, level, option, new Uint8Array(new Int32Array([value]).buffer), 4) === 0
  set(SOL_SOCKET, SO_REUSEADDR)
  set(SOL_SOCKET, SO_REUSEPORT)
  if (address.family === 'ipv6' && options.v6only) set(IPPROTO_IPV6, IPV6_V6ONLY)
  if (options.transparent) FOREIGN[address.family].some(([level, option]) => set(level, option))
  const bytes = socketAddress(address)
  if (calls.bind(fd, bytes, bytes.length) === 0) return fd
  const error = new SystemError(calls.errno())
  calls.close(fd)
  throw error
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
