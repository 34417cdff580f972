/** A receive buffer as a list of chunks; only reads that span several chunks copy. */
const EMPTY = new Uint8Array(0)

/** A queue of bytes. */
export class Chunks {
  #chunks: Uint8Array[] = []
  #head = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
  }

  /** Removes and returns up to `limit` bytes (default: all). */
  take(limit = this.#size): Uint8Array {
    const wanted = Math.min(limit, this.#size)
    if (!(wanted > 0)) return EMPTY
    this.#size -= wanted
    const first = this.#chunks[this.#head]!
    if (first.length >= wanted) return this.#takeFromHead(wanted)
    const bytes = new Uint8Array(wanted)
    for (let filled = 0; filled < wanted;) {
      const part = this.#takeFromHead(Math.min(wanted - filled, this.#chunks[this.#head]!.length))
      bytes.set(part, filled)
      filled += part.length
    }
    return bytes
  }

  /** Returns up to `limit` bytes, which stay in the queue. */
  peek(limit: number): Uint8Array {
    const first = this.#chunks[this.#head]
    const wanted = Math.min(limit, this.#size)
    if (!first || first.length >= wanted) return first?.subarray(0, wanted) ?? EMPTY
    return Buffer.concat(this.#chunks.slice(this.#head), wanted)
  }

  clear(): void {
    this.#chunks = []
    this.#head = 0
    this.#size = 0
  }

  #takeFromHead(count: number): Uint8Array {
    const chunk = this.#chunks[this.#head]!
    if (chunk.length > count) {
      this.#chunks[this.#head] = chunk.subarray(count)
      return chunk.subarray(0, count)
    }
    this.#chunks[this.#head] = EMPTY
    if (++this.#head === this.#chunks.length) {
      this.#chunks = []
      this.#head = 0
    }
    return chunk
  }
}
