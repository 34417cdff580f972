/** Files in memory: files given with a simulation, and temporary files. */
import type { FileErrorCode } from '../haproxy/file-errors.js'
import type { Descriptor, FileAccess, Whence } from '../haproxy/files.js'

/** Maximum size in bytes. */
const MAX_SIZE = 64 * 1024 * 1024

/** Maximum file offset (ext4 with 4096-byte blocks). */
export const MAX_POSITION = 2 ** 44 - 4096

const EMPTY = new Uint8Array(0)

/** A file's content, like an inode: it exists as long as a name or a descriptor refers to it. */
export class MemoryFile {
  /** with spare capacity at the end after writes */
  #bytes: Uint8Array
  #length: number
  /** given contents are copied on the first write */
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

  /** Writes `bytes` at `position`; a gap after the end is filled with zeros. */
  write(position: number, bytes: Uint8Array): FileErrorCode | undefined {
    const end = position + bytes.length
    if (end > MAX_SIZE) return 'EFBIG'
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

/** The resulting position of a seek in a file of `size` bytes. */
export const seekPosition = (
  whence: Whence,
  offset: number,
  position: number,
  size: number,
): number | FileErrorCode => {
  const to = { set: 0, cur: position, end: size }[whence] + offset
  return to < 0 || to > MAX_POSITION ? 'EINVAL' : to
}

/** An open file in memory. */
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
    const to = seekPosition(whence, offset, this.#position, this.file.length)
    if (typeof to === 'number') this.#position = to
    return to
  }

  close(): undefined {
    return undefined
  }
}
