/** Header fields of a message as they were sent: in order, names in their original case, repeated names kept. */
import { lowerCase } from '../../http/characters.js'
import { toByteString } from '../../bytes/text.js'

/** A method or a field name (RFC 9110, section 5.6.2). */
export const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Names and values are byte strings (one character per byte). */
export class HttpHeaders implements Iterable<readonly [name: string, value: string]> {
  /** @param list names and values in turn */
  constructor(private readonly list: readonly string[]) {}

  /** The number of fields. */
  get length(): number {
    return this.list.length / 2
  }

  /** The value of the first field with that name, in any case. */
  get(name: string): string | undefined {
    const wanted = lowerCase(name)
    for (let i = 0; i < this.list.length; i += 2) if (lowerCase(this.list[i]!) === wanted) return this.list[i + 1]
    return undefined
  }

  /** The values of all fields with that name, in any case, in order. */
  all(name: string): string[] {
    const wanted = lowerCase(name)
    return this.list.filter((_, i) => i % 2 === 1 && lowerCase(this.list[i - 1]!) === wanted)
  }

  /** Whether there is a field with that name, in any case. */
  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  /** All fields in order. */
  entries(): [name: string, value: string][] {
    return Array.from({ length: this.length }, (_, i) => [this.list[2 * i]!, this.list[2 * i + 1]!])
  }

  [Symbol.iterator](): Iterator<readonly [name: string, value: string]> {
    return this.entries().values()
  }
}

/** The value of a header field: text, a number, or a list of values for repeated fields. */
export type HeaderValue = string | number | readonly (string | number)[]

/** Header fields to send: by name, or as a list of names and values. `false` omits a field that is added by default. */
export type HeadersToSend =
  Readonly<Record<string, HeaderValue | false>> | readonly (readonly [name: string, value: HeaderValue | false])[]

/** Characters that would end or break a field line. */
const BREAKS_LINE = /[\r\n\0]/

/** Header fields that are being composed. */
export class HeaderLines {
  /** the lines written so far, each with CR LF */
  text = ''
  readonly #names = new Set<string>()

  /**
   * Adds fields. Throws a RangeError for names and values that cannot be sent on one line.
   *
   * @param headers strings are sent as UTF-8
   */
  addAll(headers: HeadersToSend): void {
    if (typeof headers !== 'object') throw new RangeError(`headers are a table, not ${typeof headers}`)
    const entries = Array.isArray(headers)
      ? (headers as readonly (readonly [string, HeaderValue])[])
      : Object.entries(headers)
    for (const entry of entries) {
      if (!Array.isArray(entry) || entry.length !== 2) throw new RangeError('a list of headers has names and values')
      const [name, value] = entry as [string, HeaderValue | false]
      this.#names.add(lowerCase(String(name)))
      if (value === false) continue
      for (const each of Array.isArray(value) ? value : [value]) this.#add(name, each as string | number)
    }
  }

  /** Whether a field with that name (in lower case) was added, or omitted with `false`. */
  has(name: string): boolean {
    return this.#names.has(name)
  }

  #add(name: string, value: string | number): void {
    if (typeof value !== 'string' && typeof value !== 'number')
      throw new RangeError(`the value of header '${name}' is text or a number, not ${typeof value}`)
    const line = `${name}: ${value}`
    if (name === '' || BREAKS_LINE.test(line)) throw new RangeError(`invalid header ${JSON.stringify(line)}`)
    this.text += `${toByteString(line)}\r\n`
  }
}
