/**
 * Open files of the host. Pipes and terminals are never waited for in the operating system, where nothing could end it: they
 * are asked again and again for a while, after which the call fails.
 */
import { closeSync, constants, fstatSync, openSync, readSync, writeSync, type Stats } from 'node:fs'
import { isatty } from 'node:tty'
import type { FileErrorCode } from '../../haproxy/file-errors.js'
import { READ, type Descriptor, type FileAccess, type Whence } from '../../haproxy/files.js'
import { positionAfter } from '../memory-file.js'
import { attempt, failureOf } from './errors.js'
import { systemPath } from './paths.js'

/** What may be written, and what is told of. */
export interface HostRules {
  /** the largest file that may come of writing, in bytes */
  readonly largestFile: number
  /** told of a pipe or terminal that the process has waited for in vain */
  readonly waited?: ((text: string) => void) | undefined
}

/** How long a pipe or a terminal is waited for, in milliseconds, and how often it is asked. */
const LONGEST_WAIT = 5000
const BETWEEN_LOOKS = 10

/** A directory's end on ext4, but for one byte, which a number cannot tell. */
const END_OF_DIRECTORY = 2 ** 63

/** What is read at once at most where the size of the file does not ask for more (that of files in /proc is 0). */
const PIECE = 65_536

/** The flags of open(2) without those that follow from what the file is. */
export const flagsOf = (access: FileAccess): number =>
  (access.read && access.write ? constants.O_RDWR : access.write ? constants.O_WRONLY : constants.O_RDONLY) |
  (access.append ? constants.O_APPEND : 0) |
  (access.create ? constants.O_CREAT : 0) |
  (access.exclusive ? constants.O_EXCL : 0) |
  (access.truncate ? constants.O_TRUNC : 0)

/** Opens `file` with `flags`. A pipe that nobody has at its other end is waited for. @param name what the script calls it */
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
  // ENXIO: a named pipe that nobody reads
  if (fd === 'ENXIO' && writesPipe) {
    waitUntil(() => (fd = open()) !== 'ENXIO')
    if (fd === 'ENXIO') rules.waited?.(waitedText(`opening '${name}' for writing`, 'a reader'))
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

const waitedText = (what: string, forWhat: string): string =>
  `${what} has waited ${LONGEST_WAIT / 1000} s for ${forWhat} and fails now: HAProxy would wait on, and do nothing else`

/** Blocks the process until `condition` holds, within limits. Returns whether it does. */
const waitUntil = (condition: () => boolean): boolean => {
  const cell = new Int32Array(new SharedArrayBuffer(4))
  for (let waited = 0; waited < LONGEST_WAIT; waited += BETWEEN_LOOKS) {
    if (condition()) return true
    Atomics.wait(cell, 0, 0, BETWEEN_LOOKS)
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
    return failureOf(() => closeSync(this.fd))
  }

  protected take(length: number, position: number | null): Uint8Array | FileErrorCode {
    const bytes = new Uint8Array(length)
    const count = attempt(() => readSync(this.fd, bytes, 0, length, position))
    return typeof count === 'string' ? count : bytes.subarray(0, count)
  }

  protected give(bytes: Uint8Array, position: number | null): number | FileErrorCode {
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
    const bytes = this.take(Math.min(length, Math.max(PIECE, this.size - this.#position)), this.#position)
    if (typeof bytes !== 'string') this.#position += bytes.length
    return bytes
  }

  write(bytes: Uint8Array): number | FileErrorCode {
    const { append } = this.access
    const from = append ? this.size : this.#position
    if (from + bytes.length > this.rules.largestFile) return 'EFBIG'
    const count = this.give(bytes, append ? null : from)
    if (typeof count === 'number') this.#position = append ? this.size : from + count
    return count
  }

  seek(whence: Whence, offset: number): number | FileErrorCode {
    const to = positionAfter(whence, offset, this.#position, whence === 'end' ? this.size : 0)
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

/** A device, a pipe or a terminal: what comes is there when it comes. */
class StreamFile extends HostDescriptor {
  readonly kind: Descriptor['kind']
  /** bytes that came while it was waited for a writer */
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

  /** Waits until a named pipe has a writer. */
  awaitWriter(): boolean {
    const isThere = waitUntil(() => {
      const bytes = this.take(4096, null)
      if (typeof bytes === 'string') return bytes === 'EAGAIN'
      if (bytes.length > 0) this.#early = bytes
      return bytes.length > 0
    })
    if (!isThere) this.rules.waited?.(waitedText(`opening '${this.name}'`, 'a writer'))
    return isThere
  }

  read(length: number): Uint8Array | FileErrorCode {
    if (this.#early) {
      const bytes = this.#early.subarray(0, length)
      this.#early = this.#early.length > length ? this.#early.subarray(length) : undefined
      return bytes
    }
    return this.#patiently(`reading from '${this.name}'`, 'data', () => this.take(Math.min(length, PIECE), null))
  }

  write(bytes: Uint8Array): number | FileErrorCode {
    return this.#patiently(`writing to '${this.name}'`, 'its reader', () => this.give(bytes, null))
  }

  /** Node has no lseek: devices stay where they are, as those that scripts open do. */
  seek(): number | FileErrorCode {
    return this.kind === 'device' ? 0 : 'ESPIPE'
  }

  #patiently<T>(what: string, forWhat: string, action: () => T | FileErrorCode): T | FileErrorCode {
    let result = action()
    if (result !== 'EAGAIN') return result
    waitUntil(() => (result = action()) !== 'EAGAIN')
    if (result === 'EAGAIN') this.rules.waited?.(waitedText(what, forWhat))
    return result
  }
}

/**
 * The standard input of the process itself. It is opened anew, so that what others have in hand is not made to not block;
 * and only when it is read.
 */
export class StandardInput implements Descriptor {
  readonly #rules: HostRules
  #opened: Descriptor | FileErrorCode | undefined

  constructor({ waited }: { readonly waited: (text: string) => void }) {
    this.#rules = { largestFile: 0, waited }
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
