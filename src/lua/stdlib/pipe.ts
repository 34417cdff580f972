/** One end of a pipe: bytes that were written to it are read in the same order. */
import type { FileErrorCode } from '../../haproxy/file-errors.js'
import type { Descriptor } from '../../haproxy/files.js'

export class Pipe implements Descriptor {
  readonly kind = 'pipe'
  readonly #written: Uint8Array[] = []
  #position = 0

  /** @param unread bytes to be read */
  constructor(readonly unread: Uint8Array = new Uint8Array(0)) {}

  /** All bytes that were written. */
  get content(): Uint8Array {
    return Buffer.concat(this.#written)
  }

  read(length: number): Uint8Array {
    const bytes = this.unread.subarray(this.#position, this.#position + length)
    this.#position += bytes.length
    return bytes
  }

  write(bytes: Uint8Array): number {
    this.#written.push(bytes.slice())
    return bytes.length
  }

  seek(): FileErrorCode {
    return 'ESPIPE'
  }

  close(): undefined {
    return undefined
  }
}
