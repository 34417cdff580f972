/**
 * The buffer of glibc's streams (libio/fileops.c), which is used for reading or for writing, one at a time. Reading fills it by blocks;
 * writing empties it when a block is full, or line by line.
 */
import type { FileErrorCode } from '../../haproxy/file-errors.js'
import type { Descriptor, Whence } from '../../haproxy/files.js'

/** Modes of `setvbuf`. */
export type Buffering = 'no' | 'full' | 'line'

/** The block size of files and pipes. */
const BLOCK = 4096

/** Smaller buffers are not kept aligned with blocks of the file. */
const LEAST_ALIGNED = 128

/** The largest number of bytes that one read bypasses the buffer with. */
const LARGEST_PIECE = 256 * BLOCK

const LINE_FEED = 10
const EMPTY: Uint8Array = new Uint8Array(0)

export interface FileBufferOptions {
  readonly descriptor: Descriptor
  readonly readable: boolean
  readonly writable: boolean
  readonly append?: boolean
}

/** Indexes are glibc's pointers into the buffer; names of its functions are in comments. */
export class FileBuffer {
  bytes = EMPTY
  buffering: Buffering = 'full'
  /** bytes read ahead begin at `next` and end at `filled`, to which the descriptor's position corresponds */
  first = 0
  next = 0
  filled = 0
  /** bytes to be written begin at `start` and end at `end`; they are written when they reach `room` */
  start = 0
  end = 0
  room = 0
  isWriting = false
  /** position of the descriptor, if known */
  position: number | undefined
  atEnd = false
  /** the last error */
  problem: FileErrorCode | undefined

  constructor(readonly options: FileBufferOptions) {}

  get descriptor(): Descriptor {
    return this.options.descriptor
  }

  /** Whether there are bytes to be written. */
  get hasOutput(): boolean {
    return this.end > this.start
  }

  /** The number of bytes that reads and writes of whole blocks are rounded down to. */
  aligned(count: number): number {
    const size = this.bytes.length
    return count - (size >= LEAST_ALIGNED ? count % size : 0)
  }

  /** Allocates the buffer unless it exists. */
  allocate(): void {
    if (this.bytes.length > 0) return
    if (this.descriptor.kind === 'terminal') this.buffering = 'line'
    this.replace(new Uint8Array(this.buffering === 'no' ? 1 : BLOCK))
  }

  /** Replaces the buffer, whose contents are lost. */
  replace(bytes: Uint8Array): void {
    this.bytes = bytes
    this.discard()
  }

  /** Empties the buffer. */
  discard(): void {
    this.discardInput(0)
    this.discardOutput()
  }

  discardOutput(): void {
    this.start = this.end = this.room = 0
  }

  discardInput(at: number): void {
    this.first = this.next = this.filled = at
  }

  fail(problem: FileErrorCode): FileErrorCode {
    this.problem = problem
    return problem
  }

  seekDescriptor(whence: Whence, offset: number): number | FileErrorCode {
    return this.descriptor.seek(whence, offset)
  }

  /** Consumes bytes read ahead, up to the index `to`. */
  take(to: number): Uint8Array {
    const bytes = this.bytes.slice(this.next, to)
    this.next += bytes.length
    return bytes
  }

  /** Makes at least one byte available to be read (`_IO_new_file_underflow`). Returns false at the end and on errors. */
  fill(): boolean {
    if (this.isWriting && !this.switchToReading()) return false
    if (this.next < this.filled) return true
    if (this.atEnd) return false
    if (!this.options.readable) {
      this.fail('EBADF')
      return false
    }
    this.allocate()
    this.discard()
    const bytes = this.descriptor.read(this.bytes.length)
    if (typeof bytes === 'string') this.fail(bytes)
    else if (bytes.length === 0) this.atEnd = true
    else {
      this.bytes.set(bytes)
      this.filled = bytes.length
      this.#advance(bytes.length)
      return true
    }
    this.position = undefined
    return false
  }

  /** Reads whole blocks without the buffer, which is empty. */
  readDirectly(wanted: number): Uint8Array {
    this.discard()
    const bytes = this.options.readable ? this.descriptor.read(Math.min(this.aligned(wanted), LARGEST_PIECE)) : 'EBADF'
    if (typeof bytes === 'string') {
      this.fail(bytes)
      return EMPTY
    }
    if (bytes.length === 0) this.atEnd = true
    this.#advance(bytes.length)
    return bytes
  }

  /** Writes the output and makes the buffer one for reading (`_IO_switch_to_get_mode`). Returns false on errors. */
  switchToReading(): boolean {
    if (this.writeOutput() !== undefined) return false
    this.first = 0
    this.filled = Math.max(this.filled, this.end)
    this.next = this.start = this.room = this.end
    this.isWriting = false
    return true
  }

  /** Makes the buffer one for writing, and writes the output (`_IO_new_file_overflow`). */
  overflow(): FileErrorCode | undefined {
    if (!this.options.writable) return this.fail('EBADF')
    if (!this.isWriting) this.#switchToWriting()
    return this.writeOutput()
  }

  #switchToWriting(): void {
    this.allocate()
    if (this.next === this.bytes.length) this.next = this.filled = 0
    this.start = this.end = this.next
    this.first = this.next = this.filled
    this.isWriting = true
    this.room = this.buffering === 'full' ? this.bytes.length : this.end
  }

  /** Adds to the output; there is room. */
  put(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.end)
    this.end += bytes.length
  }

  /** Adds less than a block to the output (`_IO_default_xsputn`). */
  putRest(bytes: Uint8Array): FileErrorCode | undefined {
    let at = 0
    for (;;) {
      const count = Math.min(Math.max(0, this.room - this.end), bytes.length - at)
      this.put(bytes.subarray(at, at + count))
      at += count
      if (at === bytes.length) return undefined
      const problem = this.#putByte(bytes[at]!)
      if (problem !== undefined) return problem
      at++
    }
  }

  #putByte(byte: number): FileErrorCode | undefined {
    if (this.end === this.bytes.length) {
      const problem = this.writeOutput()
      if (problem !== undefined) return problem
    }
    this.bytes[this.end++] = byte
    const isDue = this.buffering === 'no' || (this.buffering === 'line' && byte === LINE_FEED)
    return isDue ? this.writeOutput() : undefined
  }

  writeOutput(): FileErrorCode | undefined {
    if (!this.hasOutput) return undefined
    const written = this.writeDirectly(this.bytes.subarray(this.start, this.end))
    return typeof written === 'string' ? written : undefined
  }

  /** Writes bytes to the descriptor and empties the buffer (`new_do_write`). */
  writeDirectly(bytes: Uint8Array): number | FileErrorCode {
    if (this.options.append) this.position = undefined
    else if (this.filled !== this.start) {
      const to = this.seekDescriptor('cur', this.start - this.filled)
      if (typeof to === 'string') return to
      this.position = to
    }
    let count = 0
    let problem: FileErrorCode | undefined
    while (count < bytes.length && problem === undefined) {
      const written = this.descriptor.write(bytes.subarray(count))
      if (typeof written === 'string') problem = this.fail(written)
      else count += written
    }
    this.#advance(count)
    this.discard()
    if (this.buffering === 'full') this.room = this.bytes.length
    return problem ?? count
  }

  #advance(count: number): void {
    if (this.position !== undefined) this.position += count
  }
}
