/**
 * Non-blocking output of lines to stdout, stderr, and the descriptors of `log fd@N`. Lines are dropped if the reader is slow; a closed
 * reader is ignored. Neither stops the process.
 */
import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'

/** Maximum buffered bytes of a stream. */
const MAX_BUFFERED = 4_194_304

/** How long the last lines may take to be written after the end of the process. */
const LINGER_MS = 1000

/** Writes lines without blocking. */
export interface LineWriter {
  /**
   * Returns false if the line was dropped because the buffer is full.
   *
   * @param onError called with the system's error
   */
  write(bytes: Uint8Array, onError?: (error: Error) => void): boolean
}

/** A writer on a Node stream. */
export const lineWriter = (stream: Writable): LineWriter => ({
  write(bytes, failed) {
    if (stream.writableLength >= MAX_BUFFERED) return false
    stream.write(bytes, (error) => {
      if (error) failed?.(error)
    })
    return true
  },
})

/** Lets the process exit once its output is written, or after one second. */
export const exitAfterFlush = (): void => {
  setTimeout(() => process.exit(), LINGER_MS).unref()
}

/** A writer on an inherited file descriptor. */
export class DescriptorWriter implements LineWriter {
  readonly #socket: Socket | undefined
  readonly #writer: LineWriter
  #isPipe = false
  /** a pipe, reopened in non-blocking mode; undefined while it has no reader */
  #pipe: number | undefined

  constructor(readonly fd: number) {
    this.#socket = this.#openSocket()
    this.#writer = this.#socket ? lineWriter(this.#socket) : { write: (bytes, failed) => this.#write(bytes, failed) }
    this.#reopenPipe()
  }

  write(bytes: Uint8Array, failed?: (error: Error) => void): boolean {
    return this.#writer.write(bytes, failed)
  }

  close(): void {
    this.#socket?.destroySoon()
    if (this.#pipe !== undefined) closeSync(this.#pipe)
    this.#pipe = undefined
  }

  /** Finds out the type of the descriptor. Errors are reported with the first line. */
  #openSocket(): Socket | undefined {
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

  #reopenPipe(): void {
    if (!this.#isPipe || this.#pipe !== undefined) return
    try {
      this.#pipe = openSync(`/proc/self/fd/${this.fd}`, constants.O_WRONLY | constants.O_NONBLOCK)
    } catch {
      // no reader: the write fails at once
    }
  }

  #write(bytes: Uint8Array, failed?: (error: Error) => void): boolean {
    this.#reopenPipe()
    try {
      writeSync(this.#pipe ?? this.fd, bytes)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false
      failed?.(error as Error)
    }
    return true
  }
}
