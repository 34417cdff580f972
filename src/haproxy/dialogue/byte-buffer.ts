/** Byte strings on their way over a connection. */
import type { Connection } from '../../net/network.js'

const decoder = new TextDecoder('latin1')

/** Bytes as a byte string. The decoder's `latin1` is Windows-1252, which differs from 0x80 to 0x9f. */
export const fromBytes = (bytes: Uint8Array): string => {
  const text = decoder.decode(bytes)
  return /[^\x00-\x7f\xa0-\xff]/.test(text) ? String.fromCharCode(...bytes) : text
}

export const toBytes = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}

/** What is to be sent and was not taken yet. */
export class Buffer {
  #bytes: Uint8Array | undefined

  get isEmpty(): boolean {
    return this.#bytes === undefined
  }

  put(data: string): void {
    if (data === '') return
    const bytes = toBytes(data)
    const before = this.#bytes
    if (before === undefined) this.#bytes = bytes
    else {
      this.#bytes = new Uint8Array(before.length + bytes.length)
      this.#bytes.set(before)
      this.#bytes.set(bytes, before.length)
    }
  }

  /** Sends what there is room for; returns how many bytes that was. */
  writeTo(connection: Connection): number {
    const bytes = this.#bytes!
    const count = connection.write(bytes)
    this.#bytes = count < bytes.length ? bytes.subarray(count) : undefined
    return count
  }
}
