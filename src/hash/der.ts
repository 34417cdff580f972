/** Reading of DER, the encoding of keys (ITU-T X.690). Byte strings. */

export const enum DerTag {
  INTEGER = 0x02,
  BIT_STRING = 0x03,
  OBJECT_IDENTIFIER = 0x06,
  SEQUENCE = 0x30,
}

/** Ends reading: the bytes are not what was expected. */
export class DerError extends Error {}

/** Reads values one after the other. @throws DerError */
export class DerReader {
  #at = 0
  constructor(readonly bytes: string) {}

  get isAtEnd(): boolean {
    return this.#at >= this.bytes.length
  }

  /** The tag of the next value. */
  get next(): number | undefined {
    return this.isAtEnd ? undefined : this.bytes.charCodeAt(this.#at)
  }

  #byte(): number {
    if (this.isAtEnd) throw new DerError()
    return this.bytes.charCodeAt(this.#at++)
  }

  #length(): number {
    const first = this.#byte()
    if (first < 0x80) return first
    let length = 0
    for (let i = 0; i < (first & 0x7f); i++) length = length * 256 + this.#byte()
    return length
  }

  /** The content of the next value, whose tag must be this one. */
  value(tag: DerTag): string {
    if (this.#byte() !== (tag as number)) throw new DerError()
    const length = this.#length()
    if (length > this.bytes.length - this.#at) throw new DerError()
    const content = this.bytes.slice(this.#at, this.#at + length)
    this.#at += length
    return content
  }

  sequence(): DerReader {
    return new DerReader(this.value(DerTag.SEQUENCE))
  }

  /** An integer that is not negative. */
  integer(): bigint {
    const bytes = this.value(DerTag.INTEGER)
    if (bytes === '' || bytes.charCodeAt(0) >= 0x80) throw new DerError()
    return integerOf(bytes)
  }

  /** A string of whole bytes. */
  bitString(): string {
    const bits = this.value(DerTag.BIT_STRING)
    if (bits[0] !== '\0') throw new DerError()
    return bits.slice(1)
  }

  /** An object identifier, as `1.2.840`. */
  objectIdentifier(): string {
    const parts: number[] = []
    let part = 0
    for (const char of this.value(DerTag.OBJECT_IDENTIFIER)) {
      const byte = char.charCodeAt(0)
      part = part * 128 + (byte & 0x7f)
      if (byte >= 0x80) continue
      parts.push(part)
      part = 0
    }
    const [first = 0, ...rest] = parts
    const root = Math.min(Math.floor(first / 40), 2)
    return [root, first - 40 * root, ...rest].join('.')
  }
}

/** The integer of bytes, the high one first; 0 for none. */
export const integerOf = (bytes: string): bigint => {
  let hex = ''
  for (let i = 0; i < bytes.length; i++) hex += bytes.charCodeAt(i).toString(16).padStart(2, '0')
  return hex === '' ? 0n : BigInt(`0x${hex}`)
}

/** The bytes of an integer, the high one first; undefined if it does not fit. */
export const bytesOfInteger = (value: bigint, size: number): string | undefined => {
  const hex = value.toString(16).padStart(2 * size, '0')
  if (hex.length > 2 * size) return undefined
  return hex.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)))
}
