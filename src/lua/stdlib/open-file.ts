/**
 * An open file of a script, as the C library's FILE: bytes, a position, and where what is written goes. A file is read whole
 * when it is opened; what is written to it goes through the door that the process has for that, when it is flushed.
 */
import type { FileErrorCode } from '../../haproxy/world.js'
import type { ProgramEnd } from '../host/doors.js'

/** Why something cannot be done with an open file, in the operating system's terms. */
export type OpenFileError = FileErrorCode | 'EBADF' | 'EINVAL'

/** Takes what is written. */
export interface Sink {
  /** @param position where in the file `bytes` belong */
  write(position: number, bytes: Uint8Array): OpenFileError | undefined
  /** called once, at the end; tells how the program behind the file has ended */
  close?(): ProgramEnd | undefined
}

export interface OpenFileOptions {
  readonly content?: Uint8Array
  readonly readable?: boolean
  readonly append?: boolean
  readonly sink?: Sink
  /** what reading gives instead of bytes */
  readonly readError?: OpenFileError
  /** standard files are not closed by scripts */
  readonly standard?: boolean
}

/** What is written is handed on at the latest when it is this much. */
const BUFFER_SIZE = 65_536

const EMPTY = new Uint8Array(0)

export class OpenFile {
  closed = false
  readonly standard: boolean
  #bytes: Uint8Array
  #length: number
  #position = 0
  /** written but not handed on: from here to there */
  #dirtyFrom = 0
  #dirtyTo = 0
  readonly #readable: boolean
  readonly #append: boolean
  readonly #sink: Sink | undefined
  readonly #readError: OpenFileError | undefined

  constructor(options: OpenFileOptions) {
    this.#bytes = options.content ?? EMPTY
    this.#length = this.#bytes.length
    this.#readable = options.readable ?? false
    this.#append = options.append ?? false
    this.#sink = options.sink
    this.#readError = options.readError
    this.standard = options.standard ?? false
  }

  /** Why nothing can be read; undefined if it can. */
  get readProblem(): OpenFileError | undefined {
    return this.#readable ? this.#readError : 'EBADF'
  }

  get atEnd(): boolean {
    return this.#position >= this.#length
  }

  /** The next byte, -1 at the end. */
  peek(): number {
    return this.atEnd ? -1 : this.#bytes[this.#position]!
  }

  skip(): void {
    this.#position++
  }

  /** Up to `count` bytes. */
  read(count: number): Uint8Array {
    const from = this.#position
    this.#position = Math.min(from + count, Math.max(this.#length, from))
    return this.#bytes.slice(from, this.#position)
  }

  readAll(): Uint8Array {
    return this.read(this.#length)
  }

  /** A line with its line feed; undefined at the end. */
  readLine(): Uint8Array | undefined {
    if (this.atEnd) return undefined
    const end = this.#bytes.indexOf(10, this.#position)
    return this.read((end < 0 || end >= this.#length ? this.#length : end + 1) - this.#position)
  }

  write(bytes: Uint8Array): OpenFileError | undefined {
    if (this.#sink === undefined) return 'EBADF'
    if (this.#append) this.#position = this.#length
    const [from, to] = [this.#position, this.#position + bytes.length]
    if (this.#dirtyTo !== from || to - this.#dirtyFrom > BUFFER_SIZE) {
      const problem = this.flush()
      if (problem !== undefined) return problem
      this.#dirtyFrom = from
    }
    this.#reserve(to)
    this.#bytes.set(bytes, from)
    this.#length = Math.max(this.#length, to)
    this.#position = to
    this.#dirtyTo = to
    return undefined
  }

  flush(): OpenFileError | undefined {
    const [from, to] = [this.#dirtyFrom, this.#dirtyTo]
    this.#dirtyFrom = this.#dirtyTo
    return to > from ? this.#sink!.write(from, this.#bytes.subarray(from, to)) : undefined
  }

  /** Moves; returns the new position. */
  seek(whence: 'set' | 'cur' | 'end', offset: number): number | OpenFileError {
    const problem = this.flush()
    if (problem !== undefined) return problem
    const to = { set: 0, cur: this.#position, end: this.#length }[whence] + offset
    if (to < 0) return 'EINVAL'
    this.#position = to
    return to
  }

  close(): OpenFileError | ProgramEnd | undefined {
    const problem = this.flush()
    this.closed = true
    return problem ?? this.#sink?.close?.()
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(length, this.#bytes.length * 2, 256))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}
