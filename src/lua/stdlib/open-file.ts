/** An open file of a script: the operations of C's streams that Lua's I/O library uses (liolib.c), on glibc's buffer (file-buffer.ts). */
import type { FileErrorCode } from '../../haproxy/file-errors.js'
import type { Whence } from '../../haproxy/files.js'
import type { ProgramEnd } from '../host/permissions.js'
import { FileBuffer, type Buffering, type FileBufferOptions } from './file-buffer.js'
import { seek } from './file-position.js'

export interface OpenFileOptions extends FileBufferOptions {
  /** standard files cannot be closed by scripts */
  readonly standard?: boolean
  /** returns how the program of a pipe ended, after the pipe is closed */
  readonly ended?: () => ProgramEnd
}

/** The number of bytes that Lua reads at a time when it reads a whole file (`LUAL_BUFFERSIZE`). */
const LUA_PIECE = 1024

const LINE_FEED = 10

export class OpenFile {
  closed = false
  readonly standard: boolean
  readonly #buffer: FileBuffer
  readonly #ended: (() => ProgramEnd) | undefined

  constructor(options: OpenFileOptions) {
    this.#buffer = new FileBuffer(options)
    this.#ended = options.ended
    this.standard = options.standard ?? false
    if (options.append && !options.readable) options.descriptor.seek('end', 0)
  }

  /** The last error since {@link clearProblem}. */
  get problem(): FileErrorCode | undefined {
    return this.#buffer.problem
  }

  /** `clearerr`. */
  clearProblem(): void {
    this.#buffer.problem = undefined
    this.#buffer.atEnd = false
  }

  /** Returns the next byte without consuming it; -1 at the end. */
  peek(): number {
    const file = this.#buffer
    return file.fill() ? file.bytes[file.next]! : -1
  }

  /** Consumes the byte that {@link peek} returned. */
  skip(): void {
    this.#buffer.next++
  }

  /** Reads up to `count` bytes. */
  read(count: number): Uint8Array {
    const file = this.#buffer
    const parts: Uint8Array[] = []
    let wanted = count
    file.allocate()
    while (wanted > 0) {
      const part = file.take(Math.min(file.next + wanted, file.filled))
      wanted -= part.length
      if (part.length > 0) parts.push(part)
      if (wanted === 0) break
      if (wanted < file.bytes.length) {
        if (!file.fill()) break
        continue
      }
      const direct = file.readDirectly(wanted)
      if (direct.length === 0) break
      parts.push(direct)
      wanted -= direct.length
    }
    return joined(parts)
  }

  /** Reads the rest of the file; undefined if it is longer than `limit` bytes. */
  readAll(limit: number): Uint8Array | undefined {
    const parts: Uint8Array[] = []
    for (let length = 0, part: Uint8Array; length <= limit; length += part.length) {
      part = this.read(LUA_PIECE)
      parts.push(part)
      if (part.length < LUA_PIECE) return joined(parts)
    }
    return undefined
  }

  /** Reads a line with its line feed, which the last line may lack. Empty at the end, undefined if it is longer than `limit` bytes. */
  readLine(limit: number): Uint8Array | undefined {
    const file = this.#buffer
    const parts: Uint8Array[] = []
    let length = 0
    while (file.fill()) {
      const end = file.bytes.subarray(0, file.filled).indexOf(LINE_FEED, file.next)
      const part = file.take(end < 0 ? file.filled : end + 1)
      length += part.length
      if (length > limit) return undefined
      parts.push(part)
      if (end >= 0) break
    }
    return joined(parts)
  }

  /** Writes bytes (`_IO_new_file_xsputn`). */
  write(bytes: Uint8Array): FileErrorCode | undefined {
    if (bytes.length === 0) return undefined
    const file = this.#buffer
    let flushes = false
    let count: number
    if (file.buffering === 'line' && file.isWriting) {
      count = file.bytes.length - file.end
      const line = bytes.lastIndexOf(LINE_FEED)
      if (count >= bytes.length && line >= 0) [count, flushes] = [line + 1, true]
    } else count = Math.max(0, file.room - file.end)
    count = Math.min(count, bytes.length)
    file.put(bytes.subarray(0, count))
    if (count === bytes.length && !flushes) return undefined
    const problem = file.overflow()
    if (problem !== undefined) return problem
    const rest = bytes.subarray(count)
    const aligned = file.aligned(rest.length)
    if (aligned > 0) {
      const written = file.writeDirectly(rest.subarray(0, aligned))
      if (typeof written === 'string') return written
    }
    return file.putRest(rest.subarray(aligned))
  }

  /** Writes the output, or moves the descriptor to the position of the stream (`_IO_new_file_sync`). */
  flush(): FileErrorCode | undefined {
    const file = this.#buffer
    const problem = file.writeOutput()
    if (problem !== undefined) return problem
    if (file.next !== file.filled) {
      const to = file.seekDescriptor('cur', file.next - file.filled)
      if (typeof to === 'number') file.filled = file.next
      else if (to !== 'ESPIPE') return to
    }
    file.position = undefined
    return undefined
  }

  /** Moves the position; returns the new one. */
  seek(whence: Whence, offset: number): number | FileErrorCode {
    return seek(this.#buffer, whence, offset)
  }

  /** `setvbuf`. glibc ignores the size unless the caller passes a buffer. */
  setBuffering(buffering: Buffering): FileErrorCode | undefined {
    const file = this.#buffer
    if (buffering === 'full') file.allocate()
    file.buffering = buffering
    if (buffering !== 'no') return undefined
    const problem = this.flush()
    if (problem === undefined) file.replace(new Uint8Array(1))
    return problem
  }

  /** Writes the output and closes the descriptor. Returns the error, or how the program of a pipe ended. */
  close(): FileErrorCode | ProgramEnd | undefined {
    this.closed = true
    const problem = this.#buffer.writeOutput()
    const closing = this.#buffer.descriptor.close()
    return this.#ended?.() ?? problem ?? closing
  }
}

const joined = (parts: readonly Uint8Array[]): Uint8Array => (parts.length === 1 ? parts[0]! : Buffer.concat(parts))
