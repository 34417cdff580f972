/**
 * The running hash of a trace: two 32-bit lanes, each mixed with its own odd constants (the finalizer is MurmurHash3's).
 * Not cryptographic: it detects differences between runs, not deliberate collisions.
 */
const scratch = new DataView(new ArrayBuffer(8))

const finish = (lane: number, other: number): number => {
  let h = lane ^ other
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** An incremental 64-bit hash of a sequence of typed values. */
export class RunningHash {
  #a = 0x2c1b3c6d
  #b = 0x297a2d39

  /** Adds 32 bits. */
  int32(value: number): this {
    this.#a = Math.imul(this.#a ^ value, 0x9e3779b1)
    this.#a = (this.#a << 13) | (this.#a >>> 19)
    this.#b = Math.imul(this.#b ^ value, 0x85ebca77)
    this.#b = (this.#b << 17) | (this.#b >>> 15)
    return this
  }

  number(value: number): this {
    if ((value | 0) === value) return this.int32(1).int32(value)
    scratch.setFloat64(0, value)
    return this.int32(2).int32(scratch.getInt32(0)).int32(scratch.getInt32(4))
  }

  string(value: string): this {
    this.int32(3).int32(value.length)
    // as int32 does, with the lanes in local variables: most of what is hashed is strings
    let a = this.#a
    let b = this.#b
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i)
      a = Math.imul(a ^ code, 0x9e3779b1)
      a = (a << 13) | (a >>> 19)
      b = Math.imul(b ^ code, 0x85ebca77)
      b = (b << 17) | (b >>> 15)
    }
    this.#a = a
    this.#b = b
    return this
  }

  bytes(value: Uint8Array): this {
    this.int32(4).int32(value.length)
    for (let i = 0; i < value.length; i++) this.int32(value[i]!)
    return this
  }

  /** The first 32 bits of the current digest. */
  get low(): number {
    return finish(this.#a, this.#b << 1)
  }

  /** The current digest as 16 hexadecimal digits. */
  get hex(): string {
    const digits = (n: number) => n.toString(16).padStart(8, '0')
    return digits(finish(this.#a, this.#b << 1)) + digits(finish(this.#b, this.#a << 1))
  }
}
