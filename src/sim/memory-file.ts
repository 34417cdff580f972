/** Files in memory: contents that were given with a simulation, temporary files, and descriptors of them. */
import type { FileErrorCode } from '../haproxy/file-errors.js'
import type { Descriptor, FileAccess, Whence } from '../haproxy/files.js'

/** The largest file, in bytes. */
const LARGEST = 64 * 1024 * 1024

/** The largest position of a file (ext4 with blocks of 4096 bytes). */
export const LARGEST_POSITION = 2 ** 44 - 4096

const EMPTY = new Uint8Array(0)

/** A content, which lasts as long as a name or a descriptor leads to it. */
export class MemoryFile {
  /** with room at its end once it was written to */
  #bytes: Uint8Array
  #length: number
  /** contents that were given are copied before they change */
  #isShared = true

  constructor(content: Uint8Array = EMPTY) {
    this.#bytes = content
    this.#length = content.length
  }

  get length(): number {
    return this.#length
  }

  /** A copy of the bytes from `from` to `to`. */
  slice(from = 0, to = this.#length): Uint8Array {
    return this.#bytes.slice(from, Math.min(to, this.#length))
  }

  clear(): void {
    this.#bytes = EMPTY
    this.#length = 0
  }

  /** Writes `bytes` at `position`; what lies between the end and there becomes zeros. */
  write(position: number, bytes: Uint8Array): FileErrorCode | undefined {
    const end = position + bytes.length
    if (end > LARGEST) return 'EFBIG'
    if (this.#isShared || end > this.#bytes.length) this.#grow(Math.max(end, 2 * this.#length))
    this.#bytes.set(bytes, position)
    this.#length = Math.max(this.#length, end)
    return undefined
  }

  #grow(capacity: number): void {
    const larger = new Uint8Array(capacity)
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
    this.#isShared = false
  }
}

/** The position that a seek in a file of `size` bytes leads to. */
export const positionAfter = (
  whence: Whence,
  offset: number,
  position: number,
  size: number,
): number | FileErrorCode => {
  const to = { set: 0, cur: position, end: size }[whence] + offset
  return to < 0 || to > LARGEST_POSITION ? 'EINVAL' : to
}

export class MemoryDescriptor implements Descriptor {
  readonly kind = 'file'
  #position = 0

  constructor(
    readonly file: MemoryFile,
    readonly access: FileAccess,
  ) {
    if (access.truncate) file.clear()
  }

  get size(): number {
    return this.file.length
  }

  read(length: number): Uint8Array | FileErrorCode {
    if (!this.access.read) return 'EBADF'
    const bytes = this.file.slice(this.#position, this.#position + length)
    this.#position += bytes.length
    return bytes
  }

  write(bytes: Uint8Array): number | FileErrorCode {
    if (!this.access.write) return 'EBADF'
    if (this.access.append) this.#position = this.file.length
    const problem = this.file.write(this.#position, bytes)
    if (problem !== undefined) return problem
    this.#position += bytes.length
    return bytes.length
  }

  seek(whence: Whence, offset: number): number | FileErrorCode {
    const to = positionAfter(whence, offset, this.#position, this.file.length)
    if (typeof to === 'number') this.#position = to
    return to
  }

  close(): undefined {
    return undefined
  }
}
