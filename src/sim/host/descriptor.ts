/**
 * Open files of the host. Pipes and terminals are opened in non-blocking mode and polled with a timeout, as a blocking call
 * could not be interrupted.
 */
import { closeSync, constants, fstatSync, openSync, readSync, writeSync, type Stats } from 'node:fs'
import { isatty } from 'node:tty'
import type { FileErrorCode } from '../../haproxy/file-errors.js'
import { READ, type Descriptor, type FileAccess, type Whence } from '../../haproxy/files.js'
import { seekPosition } from '../memory-file.js'
import { attempt, attemptVoid } from './errors.js'
import { systemPath } from './paths.js'

/** Limits and callbacks. */
export interface HostRules {
  /** maximum file size in bytes */
  readonly maxFileSize: number
  /** called when waiting for a pipe or terminal times out */
  readonly waited?: ((text: string) => void) | undefined
}

/** Timeout and polling interval for pipes and terminals, in milliseconds. */
const WAIT_TIMEOUT = 5000
const POLL_INTERVAL = 10

/** End offset of directories on ext4, 2^63-1, rounded to a double. */
const END_OF_DIRECTORY = 2 ** 63

/** Minimum read size limit, as the size of some files (/proc) is 0. */
const CHUNK = 65_536

/** The flags for open(2). */
export const openFlags = (access: FileAccess): number =>
  (access.read && access.write ? constants.O_RDWR : access.write ? constants.O_WRONLY : constants.O_RDONLY) |
  (access.append ? constants.O_APPEND : 0) |
  (access.create ? constants.O_CREAT : 0) |
  (access.exclusive ? constants.O_EXCL : 0) |
  (access.truncate ? constants.O_TRUNC : 0)

/** Opens `file` with `flags`. Waits for the other end of named pipes. @param name the path in messages */
export const openOnHost = (
  file: string,
  name: string,
  flags: number,
  access: FileAccess,
  rules: HostRules,
): Descriptor | FileErrorCode => {
  const open = () => attempt(() => openSync(systemPath(file), flags | constants.O_NONBLOCK, 0o666))
  const writesPipe = access.write && !access.read
  let fd = open()
  // ENXIO: a named pipe without a reader
  if (fd === 'ENXIO' && writesPipe) {
    waitUntil(() => (fd = open()) !== 'ENXIO')
    if (fd === 'ENXIO') rules.waited?.(timeoutText(`opening '${name}' for writing`, 'reader'))
  }
  if (typeof fd === 'string') return fd
  const stats = fstatSync(fd)
  if (stats.isFile()) return new RegularFile(fd, access, rules)
  if (stats.isDirectory()) return new Directory(fd)
  const stream = new StreamFile(fd, name, stats, rules)
  if (stats.isFIFO() && !writesPipe && !access.write && !stream.awaitWriter()) {
    stream.close()
    return 'EAGAIN'
  }
  return stream
}

const timeoutText = (what: string, forWhat: string): string =>
  `${what}: no ${forWhat} for ${WAIT_TIMEOUT / 1000} s, giving up; HAProxy would block here`

/** Polls `condition`, blocking the process, until it holds or the timeout expires. Returns whether it holds. */
const waitUntil = (condition: () => boolean): boolean => {
  const cell = new Int32Array(new SharedArrayBuffer(4))
  for (let waited = 0; waited < WAIT_TIMEOUT; waited += POLL_INTERVAL) {
    if (condition()) return true
    Atomics.wait(cell, 0, 0, POLL_INTERVAL)
  }
  return condition()
}

abstract class HostDescriptor implements Descriptor {
  abstract readonly kind: Descriptor['kind']

  constructor(readonly fd: number) {}

  abstract read(length: number): Uint8Array | FileErrorCode
  abstract write(bytes: Uint8Array): number | FileErrorCode
  abstract seek(whence: Whence, offset: number): number | FileErrorCode

  close(): FileErrorCode | undefined {
    return attemptVoid(() => closeSync(this.fd))
  }

  protected readAt(length: number, position: number | null): Uint8Array | FileErrorCode {
    const bytes = new Uint8Array(length)
    const count = attempt(() => readSync(this.fd, bytes, 0, length, position))
    return typeof count === 'string' ? count : bytes.subarray(0, count)
  }

  protected writeAt(bytes: Uint8Array, position: number | null): number | FileErrorCode {
    return attempt(() => writeSync(this.fd, bytes, 0, bytes.length, position))
  }
}

class RegularFile extends HostDescriptor {
  readonly kind = 'file'
  #position = 0

  constructor(
    fd: number,
    readonly access: FileAccess,
    readonly rules: HostRules,
  ) {
    super(fd)
  }

  get size(): number {
    return fstatSync(this.fd).size
  }

  read(length: number): Uint8Array | FileErrorCode {
    const bytes = this.readAt(Math.min(length, Math.max(CHUNK, this.size - this.#position)), this.#position)
    if (typeof bytes !== 'string') this.#position += bytes.length
    return bytes
  }

  write(bytes: Uint8Array): number | FileErrorCode {
    const { append } = this.access
    const from = append ? this.size : this.#position
    if (from + bytes.length > this.rules.maxFileSize) return 'EFBIG'
    const count = this.writeAt(bytes, append ? null : from)
    if (typeof count === 'number') this.#position = append ? this.size : from + count
    return count
  }

  seek(whence: Whence, offset: number): number | FileErrorCode {
    const to = seekPosition(whence, offset, this.#position, whence === 'end' ? this.size : 0)
    if (typeof to === 'number') this.#position = to
    return to
  }
}

class Directory extends HostDescriptor {
  readonly kind = 'directory'

  read(): FileErrorCode {
    return 'EISDIR'
  }

  write(): FileErrorCode {
    return 'EBADF'
  }

  seek(whence: Whence): number | FileErrorCode {
    return whence === 'end' ? END_OF_DIRECTORY : 0
  }
}

/** A device, pipe or terminal. */
class StreamFile extends HostDescriptor {
  readonly kind: Descriptor['kind']
  /** bytes received while waiting for a writer */
  #early: Uint8Array | undefined

  constructor(
    fd: number,
    readonly name: string,
    stats: Stats,
    readonly rules: HostRules,
  ) {
    super(fd)
    this.kind = isatty(fd) ? 'terminal' : stats.isCharacterDevice() || stats.isBlockDevice() ? 'device' : 'pipe'
  }

  /** Waits for a writer of a named pipe. Returns whether there is one. */
  awaitWriter(): boolean {
    const isThere = waitUntil(() => {
      const bytes = this.readAt(4096, null)
      if (typeof bytes === 'string') return bytes === 'EAGAIN'
      if (bytes.length > 0) this.#early = bytes
      return bytes.length > 0
    })
    if (!isThere) this.rules.waited?.(timeoutText(`opening '${this.name}'`, 'writer'))
    return isThere
  }

  read(length: number): Uint8Array | FileErrorCode {
    if (this.#early) {
      const bytes = this.#early.subarray(0, length)
      this.#early = this.#early.length > length ? this.#early.subarray(length) : undefined
      return bytes
    }
    return this.#retry(`reading from '${this.name}'`, 'data', () => this.readAt(Math.min(length, CHUNK), null))
  }

  write(bytes: Uint8Array): number | FileErrorCode {
    return this.#retry(`writing to '${this.name}'`, 'reader progress', () => this.writeAt(bytes, null))
  }

  /** Node has no lseek; seeking in devices has no effect. */
  seek(): number | FileErrorCode {
    return this.kind === 'device' ? 0 : 'ESPIPE'
  }

  #retry<T>(what: string, forWhat: string, action: () => T | FileErrorCode): T | FileErrorCode {
    let result = action()
    if (result !== 'EAGAIN') return result
    waitUntil(() => (result = action()) !== 'EAGAIN')
    if (result === 'EAGAIN') this.rules.waited?.(timeoutText(what, forWhat))
    return result
  }
}

/**
 * The standard input of the process. It is opened separately on first use, as making the shared descriptor non-blocking would
 * affect other processes.
 */
export class StandardInput implements Descriptor {
  readonly #rules: HostRules
  #opened: Descriptor | FileErrorCode | undefined

  constructor({ waited }: { readonly waited: (text: string) => void }) {
    this.#rules = { maxFileSize: 0, waited }
  }

  get kind(): Descriptor['kind'] {
    const opened = this.#open()
    return typeof opened === 'string' ? 'pipe' : opened.kind
  }

  read(length: number): Uint8Array | FileErrorCode {
    const opened = this.#open()
    return typeof opened === 'string' ? opened : opened.read(length)
  }

  write(): FileErrorCode {
    return 'EBADF'
  }

  seek(whence: Whence, offset: number): number | FileErrorCode {
    const opened = this.#open()
    return typeof opened === 'string' ? opened : opened.seek(whence, offset)
  }

  close(): undefined {
    if (typeof this.#opened === 'object') this.#opened.close()
  }

  #open(): Descriptor | FileErrorCode {
    return (this.#opened ??= attempt(() => {
      const fd = openSync('/proc/self/fd/0', constants.O_RDONLY | constants.O_NONBLOCK)
      const stats = fstatSync(fd)
      return stats.isFile() ? new RegularFile(fd, READ, this.#rules) : new StreamFile(fd, 'stdin', stats, this.#rules)
    }))
  }
}
