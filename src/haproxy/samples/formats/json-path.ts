/**
 * Values of JSON texts by a path such as `$.a[1].b` (`mjson_find`, src/mjson.c, and `sample_conv_json_query`, src/sample.c). The text is read only as far
 * as the value and need not be well-formed after it.
 */

/** A match: its kind and position. */
export interface JsonToken {
  readonly kind: 'string' | 'number' | 'true' | 'false' | 'null' | 'array' | 'object'
  readonly begin: number
  readonly end: number
}

type Event = JsonToken['kind'] | 'key' | '{' | '[' | '}' | ']' | ',' | ':'

/** Maximum nesting of arrays and objects. */
const MAX_DEPTH = 20

const LITERALS = ['true', 'null', 'false'] as const

const isDigit = (char: string | undefined): boolean => char !== undefined && char >= '0' && char <= '9'

/**
 * `mystrtod`: a number at an offset, by repeated multiplication, which rounds repeatedly.
 * @returns its value and where it ends; that is the offset if the value is missing
 */
export const readNumber = (text: string, from: number): { readonly value: number; readonly end: number } => {
  let at = from
  const sign = text[at] === '-' ? -1 : 1
  if (text[at] === '-' || text[at] === '+') at++
  let value = 0
  let end = from
  if (isDigit(text[at])) {
    for (; isDigit(text[at]); at++) value = value * 10 + Number(text[at])
    end = at
  } else if (text[at] !== '.') return { value: 0, end: from }
  value *= sign
  if (text[at] === '.') {
    let fraction = 0
    let base = 0.1
    for (at++; isDigit(text[at]); at++) {
      fraction += base * Number(text[at])
      base /= 10
    }
    value += fraction * sign
    end = at
  }
  if (text[at] === 'e' || text[at] === 'E') {
    at++
    const isNegative = text[at] === '-'
    if (isNegative) at++
    if (text[at] === '+') at++
    let exponent = 0
    for (; isDigit(text[at]); at++) exponent = (Math.imul(exponent, 10) + Number(text[at])) | 0
    if (isNegative) exponent = -exponent | 0
    // further steps change neither 0 nor infinity
    for (let i = 0; i < exponent && value !== 0 && Number.isFinite(value); i++) value *= 10
    for (let i = 0; i < -exponent && value !== 0 && Number.isFinite(value); i++) value /= 10
    return { value, end: at }
  }
  return at > from && !isDigit(text[at - 1]) ? { value, end: from } : { value, end }
}

/** Characters that a backslash may precede in a string: in mjson, the raw control characters, not their letters. */
const ESCAPABLE = '\b\f\n\r\t\\"'

/** The offset of the quote that ends a string; undefined if missing. */
const endOfString = (text: string, from: number): number | undefined => {
  for (let at = from; at < text.length; at++) {
    const char = text[at]!
    if (char === '\\' && at + 1 < text.length && ESCAPABLE.includes(text[at + 1]!)) at++
    else if (char === '\0') return undefined
    else if (char === '"') return at
  }
  return undefined
}

/**
 * Reads a JSON text up to the end of its value.
 * @param visit gets each token; reading ends when it returns true
 * @returns false if the text is malformed before that
 */
const scan = (text: string, visit: (event: Event, begin: number, end: number) => boolean): boolean => {
  let expected: 'value' | 'key' | 'colon' | 'comma' = 'value'
  const nesting: ('{' | '[')[] = []
  const closes = (char: string): boolean => (nesting.at(-1) === '{' ? char === '}' : char === ']')
  for (let at = 0; at < text.length; at++) {
    const begin = at
    const char = text[at]!
    if (char === ' ' || char === '\t' || char === '\n' || char === '\r') continue
    let event: Event
    if (expected === 'value') {
      if (char === '{' || char === '[') {
        if (nesting.length >= MAX_DEPTH) return false
        nesting.push(char)
        if (char === '{') expected = 'key'
        if (visit(char, begin, at + 1)) return true
        continue
      }
      if (char === ']' && nesting.length > 0) {
        if (!closes(char)) return false
        nesting.pop()
        event = char
      } else {
        const literal = LITERALS.find((each) => text.startsWith(each, at))
        if (literal !== undefined) {
          at += literal.length - 1
          event = literal
        } else if (char === '-' || isDigit(char)) {
          at = readNumber(text, at).end - 1
          event = 'number'
        } else if (char === '"') {
          const end = endOfString(text, at + 1)
          if (end === undefined) return false
          at = end
          event = 'string'
        } else return false
      }
      if (nesting.length === 0) {
        visit(event, begin, at + 1)
        return true
      }
      expected = 'comma'
    } else if (expected === 'key') {
      if (char === '"') {
        const end = endOfString(text, at + 1)
        if (end === undefined) return false
        at = end
        event = 'key'
        expected = 'colon'
      } else if (char === '}') {
        nesting.pop()
        event = char
        if (nesting.length === 0) {
          visit(event, begin, at + 1)
          return true
        }
        expected = 'comma'
      } else return false
    } else if (expected === 'colon') {
      if (char !== ':') return false
      event = char
      expected = 'value'
    } else if (char === ',') {
      event = char
      expected = nesting.at(-1) === '{' ? 'key' : 'value'
    } else if (char === '}' || char === ']') {
      if (!closes(char)) return false
      nesting.pop()
      event = char
      if (nesting.length === 0) {
        visit(event, begin, at + 1)
        return true
      }
    } else return false
    if (visit(event, begin, at + 1)) return true
  }
  return false
}

/** Follows a path through the tokens of a text (`mjson_get_cb`). */
class PathSearch {
  found: JsonToken | undefined
  /** the part of the path that was followed */
  #at = 1
  #depth = 0
  /** the depth at which the part of the path that was followed ends */
  #depthOfPath = 0
  #index = 0
  #wantedIndex = 0
  /** the start of the array or object that the whole path names */
  #begin: number | undefined

  constructor(
    readonly text: string,
    readonly path: string,
  ) {}

  get #isFollowed(): boolean {
    return this.#at >= this.path.length && this.#depth === this.#depthOfPath
  }

  /** Handles the next token; returns true when the search has ended. */
  visit(event: Event, begin: number, end: number): boolean {
    switch (event) {
      case '{':
        if (this.#isFollowed) this.#begin = begin
        this.#depth++
        return false
      case '[':
        this.#enterArray()
        if (this.#isFollowed) this.#begin = begin
        this.#depth++
        return false
      case ',':
        this.#nextItem()
        return false
      case 'key':
        return this.#enterMember(begin, end)
      case '}':
      case ']':
        this.#depth--
        if (!this.#isFollowed || this.#begin === undefined) return false
        this.found = { kind: event === ']' ? 'array' : 'object', begin: this.#begin, end }
        return true
      case ':':
        return false
      default:
        if (!this.#isFollowed) return false
        this.found = { kind: event, begin, end }
        return true
    }
  }

  #enterArray(): void {
    if (this.#depth !== this.#depthOfPath || this.path[this.#at] !== '[') return
    this.#index = 0
    const { value } = readNumber(this.path, this.#at + 1)
    this.#wantedIndex = Math.abs(value) < 2 ** 31 ? Math.trunc(value) : -1
    if (this.#wantedIndex !== 0) return
    this.#depthOfPath++
    // `[0]`; any other text that is not a number is taken as 0
    this.#at += 3
  }

  #nextItem(): void {
    if (this.#depth !== this.#depthOfPath + 1 || ++this.#index !== this.#wantedIndex) return
    const bracket = this.path.indexOf(']', this.#at)
    this.#at = bracket < 0 ? this.path.length : bracket + 1
    this.#depthOfPath++
  }

  #enterMember(begin: number, end: number): boolean {
    const { path } = this
    if (this.#depth === this.#depthOfPath + 1 && path[this.#at] === '.') {
      const name = /^(?:\\[^]|[^.[\\])*/.exec(path.slice(this.#at + 1))![0]
      if (name.replace(/\\([^])/g, '$1') === this.text.slice(begin + 1, end - 1)) {
        this.#depthOfPath++
        this.#at += name.length + 1
        return false
      }
    }
    // the next member of an object in which the path ended
    return this.#depth === this.#depthOfPath
  }
}

/** The value that a path names; undefined if it does not exist, or the text is malformed before it. */
export const findJson = (text: string, path: string): JsonToken | undefined => {
  if (!path.startsWith('$')) return undefined
  const search = new PathSearch(text, path)
  return scan(text, (event, begin, end) => search.visit(event, begin, end)) ? search.found : undefined
}

const UNESCAPED: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  '"': '"',
}

/** The value of a hexadecimal digit; other characters are not rejected. */
const nibble = (char: string): number => {
  const code = char.charCodeAt(0)
  if (isDigit(char)) return code - 0x30
  return code - (char >= 'A' && char <= 'F' ? 0x37 : 0x57)
}

/** The text of a string, between its quotes; undefined for an escape sequence that mjson does not know, such as `\/` and those beyond `\u00ff`. */
export const unescapeJson = (text: string): string | undefined => {
  let result = ''
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (char !== '\\' || at + 1 === text.length) {
      result += char
    } else if (at + 5 < text.length && text[at + 1] === 'u') {
      if (text[at + 2] !== '0' || text[at + 3] !== '0') return undefined
      result += String.fromCharCode(((nibble(text[at + 4]!) << 4) | nibble(text[at + 5]!)) & 0xff)
      at += 5
    } else {
      const unescaped = UNESCAPED[text[at + 1]!]
      if (unescaped === undefined) return undefined
      result += unescaped
      at++
    }
  }
  return result
}
