/**
 * UNIX datagram sockets, which Node does not support, by calling libc on Linux. Sends are non-blocking and dropped if the
 * receiver's buffer is full, like HAProxy's log lines (`__do_send_log` in src/log.c).
 */
import { encodeText } from '../../bytes/text.js'
import type { Address } from '../address.js'

/** Why a datagram was not sent. */
export interface SendProblem {
  /** errno and its `strerror` text */
  readonly errno: number
  readonly text: string
  /** the receiver's buffer is full (EAGAIN) */
  readonly isFull: boolean
}

type UnixAddress = Extract<Address, { readonly path: string }>

// Linux constants, the same on all architectures
const AF_UNIX = 1
const SOCK_DGRAM = 2
const SOCK_CLOEXEC = 0o2000000
const MSG_DONTWAIT = 0x40
const MSG_NOSIGNAL = 0x4000
const SUN_PATH = 108
const PATH_OFFSET = 2

interface Libc {
  socket(domain: number, type: number, protocol: number): number
  sendto(
    fd: number,
    data: Uint8Array,
    length: number,
    flags: number,
    address: Uint8Array,
    addressLength: number,
  ): number
  close(fd: number): number
  strerror(errno: number): string
  errno(): number
  readonly EAGAIN: number
}

/** A UNIX datagram socket for sending. */
export class UnixDatagrams {
  /** opened on first use */
  #fd = -1

  private constructor(readonly libc: Libc) {}

  /** Loads libc; returns the problem if that fails. */
  static async load(): Promise<UnixDatagrams | { readonly problem: string }> {
    try {
      return new UnixDatagrams(await loadLibc())
    } catch (error) {
      return { problem: (error as Error).message }
    }
  }

  /** Sends a datagram; returns the problem if that fails. */
  send(address: UnixAddress, bytes: Uint8Array): SendProblem | undefined {
    const { libc } = this
    if (this.#fd < 0) this.#fd = libc.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)
    if (this.#fd < 0) return this.#problem()
    const to = socketAddress(address)
    const sent = libc.sendto(this.#fd, bytes, bytes.length, MSG_DONTWAIT | MSG_NOSIGNAL, to, to.length)
    return sent < 0 ? this.#problem() : undefined
  }

  close(): void {
    if (this.#fd >= 0) this.libc.close(this.#fd)
    this.#fd = -1
  }

  #problem(): SendProblem {
    const errno = this.libc.errno()
    return { errno, text: this.libc.strerror(errno), isFull: errno === this.libc.EAGAIN }
  }
}

/** Throws if koffi has no binary for this platform. */
const loadLibc = async (): Promise<Libc> => {
  const { default: koffi } = await import('koffi')
  const libc = koffi.load(null)
  return {
    socket: libc.func('int socket(int, int, int)'),
    sendto: libc.func('intptr_t sendto(int, const void *, size_t, int, const void *, uint32_t)'),
    close: libc.func('int close(int)'),
    strerror: libc.func('const char *strerror(int)'),
    errno: () => koffi.errno(),
    EAGAIN: koffi.os.errno.EAGAIN!,
  } as Libc
}

/** Builds a `struct sockaddr_un` with HAProxy's length: `abnsz` names are not padded. */
const socketAddress = ({ family, path }: UnixAddress): Uint8Array => {
  const name = encodeText(family === 'unix' ? path : `\0${path}`)
  const address = Buffer.alloc(PATH_OFFSET + (family === 'abnsz' ? name.length : SUN_PATH))
  // native byte order
  new Uint16Array(address.buffer, address.byteOffset, 1)[0] = AF_UNIX
  address.set(name.subarray(0, SUN_PATH), PATH_OFFSET)
  return address
}
