/** gzip (RFC 1952): unpacking of byte strings (RFC 1951), and packing without compression. */
import { crc32 } from '../../hash/checksums.js'

const SIGNATURE = '\x1f\x8b'

/** Unpacks data; the checksum at its end is not verified. */
export const decodedGzip = (data: string): string | { readonly error: string } => {
  if (!data.startsWith(SIGNATURE)) return { error: 'body lacks gzip magic' }
  try {
    return inflate(data, endOfHeader(data))
  } catch (error) {
    if (error instanceof RangeError) return { error: error.message }
    throw error
  }
}

const LARGEST_STORED = 0xffff

/** Packs data into blocks that are not compressed. */
export const storedGzip = (data: string): string => {
  let packed = `${SIGNATURE}\x08\0\0\0\0\0\0\x03`
  for (let at = 0; ; at += LARGEST_STORED) {
    const block = data.slice(at, at + LARGEST_STORED)
    const isLast = at + LARGEST_STORED >= data.length
    packed += (isLast ? '\x01' : '\0') + littleEndian(block.length, 2) + littleEndian(~block.length & 0xffff, 2) + block
    if (isLast) break
  }
  return packed + littleEndian(crc32(data), 4) + littleEndian(data.length, 4)
}

const littleEndian = (value: number, count: number): string =>
  Array.from({ length: count }, (_, at) => String.fromCharCode((value >>> (8 * at)) & 0xff)).join('')

const [HAS_CRC, HAS_EXTRA, HAS_NAME, HAS_COMMENT] = [2, 4, 8, 16] as const
const FIXED_HEADER = 10

const endOfHeader = (data: string): number => {
  const flags = data.charCodeAt(3)
  let at = FIXED_HEADER
  if (flags & HAS_EXTRA) at += 2 + data.charCodeAt(at) + 256 * data.charCodeAt(at + 1)
  for (const flag of [HAS_NAME, HAS_COMMENT]) if (flags & flag) at = data.indexOf('\0', at) + 1
  return flags & HAS_CRC ? at + 2 : at
}

/** A prefix code: symbols in the order of their codes, and how many codes there are of each length. */
interface Code {
  readonly counts: readonly number[]
  readonly symbols: readonly number[]
}

const MAX_BITS = 15

const makeCode = (lengths: readonly number[]): Code => {
  const counts = new Array<number>(MAX_BITS + 1).fill(0)
  for (const length of lengths) counts[length]!++
  const symbols = lengths
    .map((length, symbol) => ({ length, symbol }))
    .filter(({ length }) => length > 0)
    .sort((a, b) => a.length - b.length || a.symbol - b.symbol)
    .map(({ symbol }) => symbol)
  counts[0] = 0
  return { counts, symbols }
}

class Bits {
  #bit = 0

  constructor(
    readonly data: string,
    public at: number,
  ) {}

  read(count: number): number {
    let value = 0
    for (let bit = 0; bit < count; bit++) value |= this.#next() << bit
    return value
  }

  symbol({ counts, symbols }: Code): number {
    let [code, first, index] = [0, 0, 0]
    for (let length = 1; length <= MAX_BITS; length++) {
      code |= this.#next()
      const count = counts[length]!
      if (code - count < first) return symbols[index + code - first]!
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    throw new RangeError('invalid code')
  }

  /** Skips to the next byte, and returns the following ones. */
  bytes(count: number): string {
    if (this.#bit > 0) this.at++
    this.#bit = 0
    const bytes = this.data.slice(this.at, this.at + count)
    if (bytes.length < count) throw new RangeError('unexpected end of data')
    this.at += count
    return bytes
  }

  #next(): number {
    if (this.at >= this.data.length) throw new RangeError('unexpected end of data')
    const value = (this.data.charCodeAt(this.at) >> this.#bit) & 1
    if (++this.#bit === 8) {
      this.#bit = 0
      this.at++
    }
    return value
  }
}

const LENGTHS = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
const DISTANCES = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
]
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
const END_OF_BLOCK = 256

const FIXED_LENGTHS = makeCode(Array.from({ length: 288 }, (_, at) => (at < 144 ? 8 : at < 256 ? 9 : at < 280 ? 7 : 8)))
const FIXED_DISTANCES = makeCode(new Array<number>(30).fill(5))

const inflate = (data: string, start: number): string => {
  const bits = new Bits(data, start)
  const output: number[] = []
  for (let isLast = false; !isLast;) {
    isLast = bits.read(1) === 1
    const kind = bits.read(2)
    if (kind === 0) {
      const sizes = bits.bytes(4)
      const length = sizes.charCodeAt(0) + 256 * sizes.charCodeAt(1)
      for (const character of bits.bytes(length)) output.push(character.charCodeAt(0))
    } else if (kind === 1) inflateBlock(bits, output, FIXED_LENGTHS, FIXED_DISTANCES)
    else if (kind === 2) inflateBlock(bits, output, ...readCodes(bits))
    else throw new RangeError('invalid block type')
  }
  return output.map((byte) => String.fromCharCode(byte)).join('')
}

const readCodes = (bits: Bits): [Code, Code] => {
  const [literals, distances, count] = [bits.read(5) + 257, bits.read(5) + 1, bits.read(4) + 4]
  const orders = new Array<number>(ORDER.length).fill(0)
  for (let at = 0; at < count; at++) orders[ORDER[at]!] = bits.read(3)
  const code = makeCode(orders)
  const lengths: number[] = []
  while (lengths.length < literals + distances) {
    const symbol = bits.symbol(code)
    if (symbol < 16) lengths.push(symbol)
    else {
      const value = symbol === 16 ? (lengths.at(-1) ?? 0) : 0
      const times = symbol === 16 ? 3 + bits.read(2) : symbol === 17 ? 3 + bits.read(3) : 11 + bits.read(7)
      for (let turn = 0; turn < times; turn++) lengths.push(value)
    }
  }
  return [makeCode(lengths.slice(0, literals)), makeCode(lengths.slice(literals, literals + distances))]
}

const inflateBlock = (bits: Bits, output: number[], lengths: Code, distances: Code): void => {
  for (;;) {
    const symbol = bits.symbol(lengths)
    if (symbol === END_OF_BLOCK) return
    if (symbol < END_OF_BLOCK) {
      output.push(symbol)
      continue
    }
    const kind = symbol - END_OF_BLOCK - 1
    if (kind >= LENGTHS.length) throw new RangeError('invalid length')
    const length = LENGTHS[kind]! + bits.read(LENGTH_BITS[kind]!)
    const far = bits.symbol(distances)
    if (far >= DISTANCES.length) throw new RangeError('invalid distance')
    const distance = DISTANCES[far]! + bits.read(Math.max(0, (far >> 1) - 1))
    if (distance > output.length) throw new RangeError('invalid distance')
    for (let turn = 0; turn < length; turn++) output.push(output[output.length - distance]!)
  }
}
