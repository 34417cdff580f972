/**
 * Writes the line of a log-format, with the options of each item, and stops when the line is full (`lf_text`, `lf_int`, `lf_encode_chunk`
 * and others in src/log.c). Text is byte strings.
 */
import { NO_OPTIONS, type FormatOptions } from '../../config/samples/format-options.js'
import type { FormatType } from '../../config/samples/log-format.js'
import { isIp, type Address } from '../../net/address.js'
import { ipBytes } from '../../net/ip.js'
import {
  CBOR_ARRAY,
  CBOR_BREAK,
  CBOR_BYTES,
  CBOR_FALSE,
  CBOR_MAP,
  CBOR_NULL,
  CBOR_TEXT,
  CBOR_TRUE,
  cborBytes,
  cborInteger,
  cborText,
} from './cbor.js'
import { hexDigits as hex, jsonEscape, structuredDataEscape, type Escape, type EscapeSet } from './escape-sets.js'

/** Thrown when an item does not fit; the line ends before it. */
export class LineFull extends Error {}

const untilNul = (text: string): string => {
  const nul = text.indexOf('\0')
  return nul < 0 ? text : text.slice(0, nul)
}

/** As much of a text as fits, with its escapes. An escape is only written if one more byte fits. @param most maximum in bytes */
const escapedUpTo = (text: string, escape: Escape, most: number): string => {
  let result = ''
  for (const char of text) {
    const left = most - result.length
    const written = escape(char)
    if (left < written.length || (written.length > 1 && left === written.length)) break
    result += written
  }
  return result
}

export class LineWriter {
  /** the line so far */
  text = ''
  /** options of the current item */
  options: FormatOptions = NO_OPTIONS
  /** type of the current item */
  type: FormatType = 'same'
  /** within a text of several parts */
  #inText = false

  /** @param size of the buffer: the line is shorter by at least one byte */
  constructor(readonly size: number) {}

  /** Remaining bytes, including one for the NUL at the end. */
  get #room(): number {
    return this.size - this.text.length
  }

  #put(bytes: string | undefined): void {
    if (bytes === undefined || bytes.length >= this.#room) throw new LineFull()
    this.text += bytes
  }

  /** CBOR is written in hexadecimal digits without `+bin`. */
  #cbor(bytes: string): string {
    return this.options.binary ? bytes : Array.from(bytes, (char) => hex(char.charCodeAt(0), 2)).join('')
  }

  /** Text of the format, truncated to the room. */
  literal(text: string): void {
    const written = text.slice(0, Math.max(this.#room - 1, 0))
    if (written === '') throw new LineFull()
    this.text += written
  }

  /** A character that belongs to the value. */
  char(char: string): void {
    if (this.options.encoding === 'cbor' && this.#inText) this.#put(this.#cbor(cborText(char)))
    else this.#put(char)
  }

  /** A character around a value, omitted with an encoding. */
  mark(char: string): void {
    if (this.options.encoding === 'none') this.char(char)
  }

  /** A value that may be empty (`lf_text`). @param text undefined if absent */
  value(text: string | undefined): void {
    const { quote, mandatory, encoding } = this.options
    if (quote || encoding === 'json') {
      this.#quoted(text)
      return
    }
    const plain = this.#plain(text, this.#room)
    this.#put(plain === '' && mandatory && encoding !== 'cbor' ? '-' : plain)
  }

  /** A value that is never quoted, except as the encoding requires (`lf_rawtext`). */
  rawValue(text: string): void {
    if (!this.#inText && this.options.encoding === 'json') this.#quoted(text)
    else this.#put(this.#plain(text, this.#room))
  }

  #quoted(text: string | undefined): void {
    const plain = this.#plain(text, this.#room - 1)
    this.#put(plain === undefined ? undefined : `"${plain}"`)
  }

  /** The text with its escapes, cut to the room; undefined if it cannot be cut. */
  #plain(text: string | undefined, room: number): string | undefined {
    if (room < 1) return undefined
    if (text === undefined) return ''
    const { escape, encoding } = this.options
    const whole = untilNul(text)
    if (encoding === 'cbor') {
      const bytes = this.#cbor(cborText(whole))
      return bytes.length < room ? bytes : undefined
    }
    if (encoding === 'json') return escapedUpTo(whole, jsonEscape, room - 1)
    return escape ? escapedUpTo(whole, structuredDataEscape, room - 1) : whole.slice(0, room - 1)
  }

  /** An integer (`lf_int`). @param digits minimum number of digits without an encoding */
  integer(value: bigint | number, digits = 0): void {
    const number = BigInt(value)
    if (this.options.encoding === 'none') {
      this.#put(String(number).padStart(digits, '0'))
      return
    }
    this.encodedInteger(number)
  }

  /** An integer in the encoding of the item (`lf_int_encode`). */
  encodedInteger(value: bigint): void {
    if (this.type === 'bool') this.encodedBoolean(value !== 0n)
    else if (this.options.encoding === 'cbor') this.#put(this.#cbor(cborInteger(value)))
    else if (this.options.encoding === 'json') this.#put(this.type === 'str' ? `"${value}"` : String(value))
    else throw new LineFull()
  }

  /** `true` or `false` in the encoding of the item. */
  encodedBoolean(value: boolean): void {
    if (this.options.encoding === 'cbor') this.#put(this.#cbor(value ? CBOR_TRUE : CBOR_FALSE))
    else if (this.options.encoding === 'json') this.#put(String(value))
    else throw new LineFull()
  }

  /** A raw value that is not cut. */
  #wholeValue(text: string): void {
    if (text.length >= this.#room) throw new LineFull()
    this.rawValue(text)
  }

  /** An integer, in hexadecimal with `+X`. @param digits the minimum number of digits */
  hexInteger(value: number, digits: number, decimals = 0): void {
    if (this.options.hexadecimal) this.#wholeValue(hex(value >>> 0, digits))
    else this.integer(value, decimals)
  }

  /** An address, without its port. */
  ip(address: Address | undefined): void {
    if (address === undefined) this.value(undefined)
    else if (!this.options.hexadecimal) this.value(isIp(address) ? address.ip : 'unix')
    else if (isIp(address))
      this.#wholeValue(
        ipBytes(address.ip)
          .map((byte) => hex(byte, 2))
          .join(''),
      )
    else throw new LineFull()
  }

  /** A port. @param otherwise the text for a UNIX socket */
  port(address: Address | undefined, otherwise = 0): void {
    if (address === undefined) this.value(undefined)
    else if (isIp(address)) this.hexInteger(address.port, 4)
    else this.integer(otherwise)
  }

  /** A date, which is quoted only as the encoding requires. */
  date(text: string): void {
    if (this.options.encoding === 'none') this.#put(text)
    else this.rawValue(text)
  }

  /**
   * Bytes of which those of a set are escaped by a character and two hexadecimal digits (`_lf_encode_bytes`).
   * @param isText in CBOR, text rather than a byte string
   */
  bytes(bytes: string, escape: string, set: EscapeSet, isText: boolean): void {
    if (this.#room < 1) throw new LineFull()
    if (this.options.encoding === 'cbor') this.#put(this.#cborChunks(bytes, escape, set, isText))
    else {
      const { encoding, escape: structured } = this.options
      const otherwise = encoding === 'json' ? jsonEscape : structured ? structuredDataEscape : (char: string) => char
      const escaped: Escape = (char) => (set.has(char) ? escape + hex(char.charCodeAt(0), 2) : otherwise(char))
      this.text += escapedUpTo(bytes, escaped, this.#room - 1)
    }
  }

  #cborChunks(bytes: string, escape: string, set: EscapeSet, isText: boolean): string {
    const chunk = isText || this.#inText ? cborText : cborBytes
    let chunks = ''
    let pending = ''
    for (const char of bytes)
      if (set.has(char)) {
        chunks += chunk(pending) + chunk(escape + hex(char.charCodeAt(0), 2))
        pending = ''
      } else pending += char
    if (pending !== '') chunks += chunk(pending)
    if (!this.#inText) chunks = (isText ? CBOR_TEXT : CBOR_BYTES) + chunks + CBOR_BREAK
    return this.#cbor(chunks)
  }

  /** Begins a text of several parts. */
  beginText(): void {
    this.#inText = true
    if (this.options.encoding === 'cbor') this.#put(this.#cbor(CBOR_TEXT))
    else if (this.options.quote || this.options.encoding === 'json') this.char('"')
  }

  /** Ends the text that {@link beginText} has begun, if any. */
  endText(): void {
    if (!this.#inText) return
    this.#inText = false
    if (this.options.encoding === 'cbor') this.#put(this.#cbor(CBOR_BREAK))
    else if (this.options.quote || this.options.encoding === 'json') this.char('"')
  }

  /** A list of texts. @param write writes one of them */
  list<T>(elements: readonly T[], write: (element: T) => void): void {
    const { encoding } = this.options
    if (encoding === 'json') this.char('[')
    if (encoding === 'cbor') this.#put(this.#cbor(CBOR_ARRAY))
    elements.forEach((element, index) => {
      if (index > 0 && encoding !== 'cbor') {
        if (encoding === 'json') this.char(',')
        this.char(' ')
      }
      this.beginText()
      write(element)
      this.endText()
    })
    if (encoding === 'json') this.char(']')
    if (encoding === 'cbor') this.#put(this.#cbor(CBOR_BREAK))
  }

  /** Begins the map of a format that is encoded as a whole. */
  beginMap(): void {
    if (this.options.encoding === 'json') this.char('{')
    else if (this.options.encoding === 'cbor') this.#put(this.#cbor(CBOR_MAP))
  }

  endMap(): void {
    if (this.options.encoding === 'json') this.char('}')
    else if (this.options.encoding === 'cbor') this.#put(this.#cbor(CBOR_BREAK))
  }

  /** The key of a value. */
  key(name: string, isFirst: boolean): void {
    if (this.options.encoding === 'cbor') {
      this.#put(this.#cbor(cborText(name)))
      return
    }
    if (!isFirst) for (const char of ', ') this.char(char)
    this.char('"')
    this.literal(name)
    for (const char of '": ') this.char(char)
  }

  /** The encoding of a missing value. */
  nothing(): void {
    if (this.options.encoding === 'json') this.#put('null')
    else if (this.options.encoding === 'cbor') this.#put(this.#cbor(CBOR_NULL))
  }
}
