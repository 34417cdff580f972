/**
 * Lines on their way to descriptors: the standard output and error, and those that `log fd@N` names. A reader that does not
 * read loses lines, one that has gone is not missed; neither stops the process.
 */
import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'

/** What a stream may have waiting, in bytes. */
const MOST = 4_194_304

/** How long what was written last may take to be read once the process is over. */
const LINGER_MS = 1000

export interface LineWriter {
  /**
   * Returns whether there was room for them; where there was none, they are lost.
   * @param failed told what the system has against it
   */
  write(bytes: Uint8Array, failed?: (error: Error) => void): boolean
}

export const lineWriter = (stream: Writable): LineWriter => ({
  write(bytes, failed) {
    if (stream.writableLength >= MOST) return false
    stream.write(bytes, (error) => {
      if (error) failed?.(error)
    })
    return true
  },
})

/** Lets the process end by itself, or at the latest after a second: who does not read what it wrote does not keep it. */
export const leave = (): void => {
  setTimeout(() => process.exit(), LINGER_MS).unref()
}

/** A descriptor that the process was given. */
export class DescriptorWriter implements LineWriter {
  readonly #socket: Socket | undefined
  readonly #lines: LineWriter
  #isPipe = false
  /** a pipe, opened once more so as not to wait in it; undefined as long as nobody reads from it */
  #own: number | undefined

  constructor(readonly fd: number) {
    this.#socket = this.#look()
    this.#lines = this.#socket ? lineWriter(this.#socket) : { write: (bytes, failed) => this.#write(bytes, failed) }
    this.#open()
  }

  write(bytes: Uint8Array, failed?: (error: Error) => void): boolean {
    return this.#lines.write(bytes, failed)
  }

  close(): void {
    this.#socket?.destroySoon()
    if (this.#own !== undefined) closeSync(this.#own)
    this.#own = undefined
  }

  /** Finds out what it is. What is wrong with it is said with the first line. */
  #look(): Socket | undefined {
    try {
      const kind = fstatSync(this.fd)
      this.#isPipe = kind.isFIFO()
      if (!kind.isSocket()) return undefined
      const socket = new Socket({ fd: this.fd, readable: false, writable: true })
      socket.on('error', () => undefined)
      return socket.unref()
    } catch {
      return undefined
    }
  }

  #open(): void {
    if (!this.#isPipe || this.#own !== undefined) return
    try {
      this.#own = openSync(`/proc/self/fd/${this.fd}`, constants.O_WRONLY | constants.O_NONBLOCK)
    } catch {
      // nobody reads: whoever writes hears of that at once
    }
  }

  #write(bytes: Uint8Array, failed?: (error: Error) => void): boolean {
    this.#open()
    try {
      writeSync(this.#own ?? this.fd, bytes)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false
      failed?.(error as Error)
    }
    return true
  }
}
