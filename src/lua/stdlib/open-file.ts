/**
 * An open file of a script: the C library's stream over a descriptor, with glibc's buffer (libio/fileops.c). What is written
 * reaches the descriptor in whole blocks, or when the stream is flushed, moved or closed; what is read comes in blocks, too.
 * One buffer serves both: it holds bytes that were read ahead, or bytes that are still to be written.
 */
import type { FileErrorCode } from '../../haproxy/file-errors.js'
import type { Descriptor, Whence } from '../../haproxy/files.js'
import type { ProgramEnd } from '../host/permissions.js'

export interface OpenFileOptions {
  readonly descriptor: Descriptor
  readonly readable: boolean
  readonly writable: boolean
  readonly append?: boolean
  /** standard files are not closed by scripts */
  readonly standard?: boolean
  /** tells how the program behind the file has ended, once the file is closed */
  readonly ended?: () => ProgramEnd
}

export type Buffering = 'no' | 'full' | 'line'

/** The block size of files and pipes. */
const BLOCK = 4096

/** Buffers below this are not kept aligned. */
const LEAST_ALIGNED = 128

/** What Lua reads at once of a file that it reads to its end (`LUAL_BUFFERSIZE`). */
const LUA_PIECE = 1024

/** What is read at once past the buffer, at most. */
const LARGEST_PIECE = 256 * BLOCK

const LINE_FEED = 10
const EMPTY: Uint8Array = new Uint8Array(0)

export class OpenFile {
  closed = false
  readonly standard: boolean
  readonly #options: OpenFileOptions
  #buffer = EMPTY
  #buffering: Buffering = 'full'
  /** what was read ahead, from `#next` on; it ends at `#filled`, which is where the descriptor is */
  #first = 0
  #next = 0
  #filled = 0
  /** what is to be written begins and ends there; `#room` is how far it may go before a write */
  #start = 0
  #end = 0
  #room = 0
  #isWriting = false
  /** the position of the descriptor, where that is known */
  #position: number | undefined
  #atEnd = false
  #problem: FileErrorCode | undefined

  constructor(options: OpenFileOptions) {
    this.#options = options
    this.standard = options.standard ?? false
    if (options.append && !options.readable) options.descriptor.seek('end', 0)
  }

  /** What went wrong since {@link clearProblem}. */
  get problem(): FileErrorCode | undefined {
    return this.#problem
  }

  clearProblem(): void {
    this.#problem = undefined
    this.#atEnd = false
  }

  /** The next byte, which is read again; -1 at the end. */
  peek(): number {
    if (this.#isWriting && !this.#turnToReading()) return -1
    return this.#next < this.#filled || this.#fill() ? this.#buffer[this.#next]! : -1
  }

  /** Leaves out the byte that {@link peek} has shown. */
  skip(): void {
    this.#next++
  }

  /** Up to `count` bytes. */
  read(count: number): Uint8Array {
    const parts: Uint8Array[] = []
    let wanted = count
    if (this.#buffer.length === 0) this.#allocate()
    while (wanted > 0) {
      const part = this.#take(Math.min(this.#next + wanted, this.#filled))
      wanted -= part.length
      if (part.length > 0) parts.push(part)
      if (wanted === 0) break
      if (wanted < this.#buffer.length) {
        if (this.peek() < 0) break
        continue
      }
      // large pieces do not go through the buffer
      const direct = this.#readDirectly(wanted)
      if (direct.length === 0) break
      parts.push(direct)
      wanted -= direct.length
    }
    return joined(parts)
  }

  /** All that is left; undefined if that is more than `limit`. */
  readAll(limit: number): Uint8Array | undefined {
    const parts: Uint8Array[] = []
    for (let length = 0, part: Uint8Array; length <= limit; length += part.length) {
      part = this.read(LUA_PIECE)
      parts.push(part)
      if (part.length < LUA_PIECE) return joined(parts)
    }
    return undefined
  }

  /** A line with its line feed, which the last one may lack; empty at the end, undefined if it is longer than `limit`. */
  readLine(limit: number): Uint8Array | undefined {
    const parts: Uint8Array[] = []
    let length = 0
    while (this.peek() >= 0) {
      const end = this.#buffer.subarray(0, this.#filled).indexOf(LINE_FEED, this.#next)
      const part = this.#take(end < 0 ? this.#filled : end + 1)
      length += part.length
      if (length > limit) return undefined
      parts.push(part)
      if (end >= 0) break
    }
    return joined(parts)
  }

  write(bytes: Uint8Array): FileErrorCode | undefined {
    if (bytes.length === 0) return undefined
    let flushes = false
    let count: number
    if (this.#buffering === 'line' && this.#isWriting) {
      count = this.#buffer.length - this.#end
      const line = bytes.lastIndexOf(LINE_FEED)
      if (count >= bytes.length && line >= 0) [count, flushes] = [line + 1, true]
    } else count = Math.max(0, this.#room - this.#end)
    count = Math.min(count, bytes.length)
    this.#put(bytes.subarray(0, count))
    if (count === bytes.length && !flushes) return undefined
    const problem = this.#overflow()
    if (problem !== undefined) return problem
    const rest = bytes.subarray(count)
    const aligned = rest.length - (this.#buffer.length >= LEAST_ALIGNED ? rest.length % this.#buffer.length : 0)
    if (aligned > 0) {
      const written = this.#handOn(rest.subarray(0, aligned))
      if (typeof written === 'string') return written
    }
    return this.#writeRest(rest.subarray(aligned))
  }

  flush(): FileErrorCode | undefined {
    if (this.#end > this.#start) {
      const problem = this.#writeBuffer()
      if (problem !== undefined) return problem
    }
    if (this.#next !== this.#filled) {
      const to = this.#seek('cur', this.#next - this.#filled)
      if (typeof to === 'number') this.#filled = this.#next
      else if (to !== 'ESPIPE') return to
    }
    this.#position = undefined
    return undefined
  }

  /** Moves; returns the new position. */
  seek(whence: Whence, offset: number): number | FileErrorCode {
    const moved = this.#move(whence, offset)
    return typeof moved === 'string' ? moved : this.#tell()
  }

  /** Sizes of buffers have no effect in glibc where the caller brings no buffer. */
  setBuffering(buffering: Buffering): FileErrorCode | undefined {
    if (buffering === 'full' && this.#buffer.length === 0) this.#allocate()
    this.#buffering = buffering
    if (buffering !== 'no') return undefined
    const problem = this.flush()
    if (problem === undefined) this.#setBuffer(new Uint8Array(1))
    return problem
  }

  close(): FileErrorCode | ProgramEnd | undefined {
    this.closed = true
    const problem = this.#end > this.#start ? this.#writeBuffer() : undefined
    const closing = this.#options.descriptor.close()
    return this.#options.ended?.() ?? problem ?? closing
  }

  #allocate(): void {
    if (this.#options.descriptor.kind === 'terminal') this.#buffering = 'line'
    this.#setBuffer(new Uint8Array(this.#buffering === 'no' ? 1 : BLOCK))
  }

  #setBuffer(buffer: Uint8Array): void {
    this.#buffer = buffer
    this.#emptyForReading(0)
    this.#emptyForWriting()
  }

  #emptyForReading(at: number): void {
    this.#first = this.#next = this.#filled = at
  }

  #emptyForWriting(): void {
    this.#start = this.#end = this.#room = 0
  }

  #fail(problem: FileErrorCode): FileErrorCode {
    this.#problem = problem
    return problem
  }

  /** Takes what was read ahead, up to the index `to`. */
  #take(to: number): Uint8Array {
    const bytes = this.#buffer.slice(this.#next, to)
    this.#next += bytes.length
    return bytes
  }

  #advance(count: number): void {
    if (this.#position !== undefined) this.#position += count
  }

  /** Reads a block ahead (`_IO_new_file_underflow`). Returns whether there is a byte. */
  #fill(): boolean {
    if (this.#atEnd) return false
    if (!this.#options.readable) {
      this.#fail('EBADF')
      return false
    }
    if (this.#buffer.length === 0) this.#allocate()
    this.#emptyForReading(0)
    this.#emptyForWriting()
    const bytes = this.#options.descriptor.read(this.#buffer.length)
    if (typeof bytes === 'string') this.#fail(bytes)
    else if (bytes.length === 0) this.#atEnd = true
    else {
      this.#buffer.set(bytes)
      this.#filled = bytes.length
      this.#advance(bytes.length)
      return true
    }
    this.#position = undefined
    return false
  }

  /** Reads whole blocks past the buffer, which is empty. */
  #readDirectly(wanted: number): Uint8Array {
    this.#emptyForReading(0)
    this.#emptyForWriting()
    const size = this.#buffer.length
    const aligned = wanted - (size >= LEAST_ALIGNED ? wanted % size : 0)
    const bytes = this.#options.readable ? this.#options.descriptor.read(Math.min(aligned, LARGEST_PIECE)) : 'EBADF'
    if (typeof bytes === 'string') {
      this.#fail(bytes)
      return EMPTY
    }
    if (bytes.length === 0) this.#atEnd = true
    this.#advance(bytes.length)
    return bytes
  }

  /** What was written goes to the descriptor, and the buffer is one for reading (`_IO_switch_to_get_mode`). */
  #turnToReading(): boolean {
    if (this.#end > this.#start && this.#writeBuffer() !== undefined) return false
    this.#first = 0
    this.#filled = Math.max(this.#filled, this.#end)
    this.#next = this.#start = this.#room = this.#end
    this.#isWriting = false
    return true
  }

  /** Makes room in the buffer: it becomes one for writing, and what is in it is written (`_IO_new_file_overflow`). */
  #overflow(): FileErrorCode | undefined {
    if (!this.#options.writable) return this.#fail('EBADF')
    if (!this.#isWriting) this.#turnToWriting()
    return this.#writeBuffer()
  }

  #turnToWriting(): void {
    if (this.#buffer.length === 0) this.#allocate()
    if (this.#next === this.#buffer.length) this.#next = this.#filled = 0
    this.#start = this.#end = this.#next
    this.#first = this.#next = this.#filled
    this.#isWriting = true
    this.#room = this.#buffering === 'full' ? this.#buffer.length : this.#end
  }

  #put(bytes: Uint8Array): void {
    this.#buffer.set(bytes, this.#end)
    this.#end += bytes.length
  }

  #writeBuffer(): FileErrorCode | undefined {
    if (this.#end === this.#start) return undefined
    const written = this.#handOn(this.#buffer.subarray(this.#start, this.#end))
    return typeof written === 'string' ? written : undefined
  }

  /** Writes `bytes`, and leaves the buffer empty (`new_do_write`). */
  #handOn(bytes: Uint8Array): number | FileErrorCode {
    if (this.#options.append) this.#position = undefined
    else if (this.#filled !== this.#start) {
      const to = this.#seek('cur', this.#start - this.#filled)
      if (typeof to === 'string') return to
      this.#position = to
    }
    let count = 0
    let problem: FileErrorCode | undefined
    while (count < bytes.length && problem === undefined) {
      const written = this.#options.descriptor.write(bytes.subarray(count))
      if (typeof written === 'string') problem = this.#fail(written)
      else count += written
    }
    this.#advance(count)
    this.#emptyForReading(0)
    this.#emptyForWriting()
    if (this.#buffering === 'full') this.#room = this.#buffer.length
    return problem ?? count
  }

  /** Writes what is less than a block (`_IO_default_xsputn`). */
  #writeRest(bytes: Uint8Array): FileErrorCode | undefined {
    let at = 0
    for (;;) {
      const count = Math.min(Math.max(0, this.#room - this.#end), bytes.length - at)
      this.#put(bytes.subarray(at, at + count))
      at += count
      if (at === bytes.length) return undefined
      const problem = this.#putByte(bytes[at]!)
      if (problem !== undefined) return problem
      at++
    }
  }

  #putByte(byte: number): FileErrorCode | undefined {
    if (this.#end === this.#buffer.length) {
      const problem = this.#writeBuffer()
      if (problem !== undefined) return problem
    }
    this.#buffer[this.#end++] = byte
    const isDue = this.#buffering === 'no' || (this.#buffering === 'line' && byte === LINE_FEED)
    return isDue ? this.#writeBuffer() : undefined
  }

  #seek(whence: Whence, offset: number): number | FileErrorCode {
    return this.#options.descriptor.seek(whence, offset)
  }

  /** fseek (`_IO_new_file_seekoff`). */
  #move(whence: Whence, by: number): number | FileErrorCode {
    const isExact = this.#first === this.#filled && this.#start === this.#end
    if ((this.#end > this.#start || this.#isWriting) && !this.#turnToReading()) return this.#problem ?? 'EIO'
    if (this.#buffer.length === 0) this.#allocate()
    let offset = by
    if (whence === 'cur') {
      offset -= this.#filled - this.#next
      if (this.#position === undefined) return this.#moveDescriptor('cur', offset)
      offset += this.#position
      if (offset < 0) return 'EINVAL'
    } else if (whence === 'end') {
      const { size } = this.#options.descriptor
      if (size === undefined) return this.#moveDescriptor('end', offset)
      offset += size
    }
    if (this.#position !== undefined) {
      const from = this.#position - this.#filled
      if (offset >= from && offset < this.#position) return this.#moveWithinBuffer(offset, from)
    }
    if (!this.#options.readable) return this.#moveDescriptor('set', offset)
    return this.#moveToBlock(offset, isExact)
  }

  #moveWithinBuffer(offset: number, from: number): number {
    this.#first = 0
    this.#next = offset - from
    this.#emptyForWriting()
    this.#atEnd = false
    this.#seek('set', this.#position!)
    return offset
  }

  /** Moves to the beginning of a block, and reads as far as `offset` or the whole block. */
  #moveToBlock(offset: number, isExact: boolean): number | FileErrorCode {
    const size = this.#buffer.length
    const into = ((offset % size) + size) % size
    const block = this.#seek('set', offset - into)
    if (typeof block === 'string') return block
    let count = 0
    if (into > 0) {
      const bytes = this.#options.descriptor.read(isExact ? into : size)
      count = typeof bytes === 'string' ? 0 : bytes.length
      if (count < into) return this.#moveDescriptor('cur', into - count)
      this.#buffer.set(bytes as Uint8Array)
    }
    this.#first = 0
    this.#next = into
    this.#filled = count
    this.#emptyForWriting()
    this.#position = block + count
    this.#atEnd = false
    return offset
  }

  #moveDescriptor(whence: Whence, offset: number): number | FileErrorCode {
    const to = this.#seek(whence, offset)
    if (typeof to === 'string') return to
    this.#atEnd = false
    this.#position = to
    this.#emptyForReading(0)
    this.#emptyForWriting()
    return to
  }

  /** ftell (`do_ftell`). */
  #tell(): number | FileErrorCode {
    let ahead = this.#filled - this.#next
    if (this.#end > this.#start) {
      if (this.#options.append) {
        const end = this.#seek('end', 0)
        if (typeof end === 'string') return end
        this.#position = end
        ahead = this.#start - this.#end
      } else ahead = this.#filled - this.#end
    }
    const at = this.#position ?? this.#seek('cur', 0)
    if (typeof at === 'string') return at
    return at - ahead < 0 ? 'EINVAL' : at - ahead
  }
}

const joined = (parts: readonly Uint8Array[]): Uint8Array => (parts.length === 1 ? parts[0]! : Buffer.concat(parts))
