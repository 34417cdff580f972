/** Options of the TCP sockets of another process, read from duplicates of its descriptors (pidfd_getfd; Linux only). */
import { readdirSync, readlinkSync } from 'node:fs'
import koffi from 'koffi'

/** What is compared, by name. */
export type SocketOptions = Readonly<Record<string, number | string>>

/** A TCP socket. */
export interface FoundSocket {
  readonly isListening: boolean
  /** local port, and that of the peer; 0 without one */
  readonly port: number
  readonly peer: number
  readonly options: SocketOptions
}

// the same numbers on all architectures that Node supports
const PIDFD_OPEN = 434
const PIDFD_GETFD = 438

const [SOL_SOCKET, IPPROTO_IP, IPPROTO_TCP, IPPROTO_IPV6] = [1, 0, 6, 41]
const SO_ACCEPTCONN = 30
const SO_BINDTODEVICE = 25
const SO_DOMAIN = 39
const AF_INET6 = 10
const INET: readonly number[] = [2, AF_INET6]

const OPTIONS: Readonly<Record<string, readonly [level: number, option: number]>> = {
  reuseAddress: [SOL_SOCKET, 2],
  reusePort: [SOL_SOCKET, 15],
  segmentSize: [IPPROTO_TCP, 2],
  userTimeout: [IPPROTO_TCP, 18],
  deferAccept: [IPPROTO_TCP, 9],
  fastOpen: [IPPROTO_TCP, 23],
  noDelay: [IPPROTO_TCP, 1],
  transparent: [IPPROTO_IP, 19],
  bindsWithoutPort: [IPPROTO_IP, 24],
  keepAlive: [SOL_SOCKET, 9],
  keepAliveCount: [IPPROTO_TCP, 6],
  keepAliveIdle: [IPPROTO_TCP, 4],
  keepAliveInterval: [IPPROTO_TCP, 5],
  sendBuffer: [SOL_SOCKET, 7],
  receiveBuffer: [SOL_SOCKET, 8],
  unsent: [IPPROTO_TCP, 25],
  mark: [SOL_SOCKET, 36],
  tos: [IPPROTO_IP, 1],
}

const library = koffi.load(null)
const syscall = library.func('long syscall(long, long, long, long)') as (...args: readonly number[]) => number
const getsockopt = library.func('int getsockopt(int, int, int, _Out_ void *, _Inout_ uint32_t *)') as (
  fd: number,
  level: number,
  option: number,
  value: Uint8Array,
  length: number[],
) => number
type NameOf = (fd: number, address: Uint8Array, length: number[]) => number
const getsockname = library.func('int getsockname(int, _Out_ void *, _Inout_ uint32_t *)') as NameOf
const getpeername = library.func('int getpeername(int, _Out_ void *, _Inout_ uint32_t *)') as NameOf
const close = library.func('int close(int)') as (fd: number) => number

const bytesOf = (fd: number, level: number, option: number, size: number): Buffer => {
  const value = Buffer.alloc(size)
  const length = [size]
  return getsockopt(fd, level, option, value, length) === 0 ? value.subarray(0, length[0]) : Buffer.alloc(0)
}

const numberOf = (fd: number, level: number, option: number): number => {
  const value = bytesOf(fd, level, option, 4)
  return value.length === 4 ? value.readInt32LE() : -1
}

const portOf = (fd: number, nameOf: NameOf): number => {
  const address = Buffer.alloc(28)
  return nameOf(fd, address, [address.length]) === 0 ? address.readUInt16BE(2) : 0
}

const describe = (fd: number): FoundSocket | undefined => {
  const domain = numberOf(fd, SOL_SOCKET, SO_DOMAIN)
  if (!INET.includes(domain)) return undefined
  const options: Record<string, number | string> = {
    device: bytesOf(fd, SOL_SOCKET, SO_BINDTODEVICE, 16).toString('latin1').replace(/\0.*/s, ''),
  }
  for (const [name, [level, option]] of Object.entries(OPTIONS)) options[name] = numberOf(fd, level, option)
  if (domain === AF_INET6) options['onlyIpv6'] = numberOf(fd, IPPROTO_IPV6, 26)
  return {
    isListening: numberOf(fd, SOL_SOCKET, SO_ACCEPTCONN) === 1,
    port: portOf(fd, getsockname),
    peer: portOf(fd, getpeername),
    options,
  }
}

/** The TCP sockets of a process; undefined if the system does not permit that. */
export const socketsOf = (pid: number): readonly FoundSocket[] | undefined => {
  const process = syscall(PIDFD_OPEN, pid, 0, 0)
  if (process < 0) return undefined
  const found: FoundSocket[] = []
  try {
    for (const name of readdirSync(`/proc/${pid}/fd`)) {
      if (!isSocket(pid, name)) continue
      const fd = syscall(PIDFD_GETFD, process, Number(name), 0)
      if (fd < 0) return undefined
      const socket = describe(fd)
      close(fd)
      if (socket) found.push(socket)
    }
    return found
  } finally {
    close(process)
  }
}

const isSocket = (pid: number, fd: string): boolean => {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('socket:')
  } catch {
    return false
  }
}
