/**
 * A `Cookie` or `Set-Cookie` field while cookies are taken out of it and changed (`http_manage_client_side_cookies`,
 * `http_manage_server_side_cookies` and `http_del_hdr_value`, src/http_ana.c). Text is a byte string.
 */
import { isBlank } from '../../../http/characters.js'
import { findCookieValueEnd } from '../../../http/values.js'

/** A cookie within the text. Positions are those of its name, of its value and of the delimiter that follows. */
export interface CookiePart {
  /** where the part begins: the delimiter before it, or the beginning of the text */
  readonly from: number
  readonly nameAt: number
  readonly nameEnd: number
  readonly valueAt: number
  readonly valueEnd: number
  readonly next: number
  readonly hasValue: boolean
}

export class CookieLine {
  /** where the next cookie begins */
  #at = 0
  #isFirst = true

  /** @param isList a `Cookie` field has a list, a `Set-Cookie` field one cookie and its attributes */
  constructor(
    public text: string,
    readonly isList: boolean,
  ) {}

  /** The next cookie, without blanks around its `=`; undefined: there are no more. */
  next(): CookiePart | undefined {
    const from = this.#at
    if (from >= this.text.length) return undefined
    let part = this.#scan(from, this.#isFirst ? from : from + 1)
    const equals = this.#equalsAfter(part.nameAt)
    if (part.hasValue && this.text[part.nameAt] !== '$' && (part.nameEnd !== equals || part.valueAt > equals + 1)) {
      this.text = `${this.text.slice(0, part.nameEnd)}=${this.text.slice(part.valueAt)}`
      part = this.#scan(from, this.#isFirst ? from : from + 1)
    }
    this.#isFirst = false
    this.#at = this.isList ? part.next : this.text.length
    return part
  }

  #scan(from: number, begin: number): CookiePart {
    const { text } = this
    const nameAt = this.#skipBlanks(begin)
    const equals = this.#equalsAfter(nameAt)
    let nameEnd = equals
    while (nameEnd > nameAt && isBlank(text.charCodeAt(nameEnd - 1))) nameEnd--
    const hasValue = text[equals] === '='
    const valueAt = hasValue ? this.#skipBlanks(equals + 1) : equals
    const next = hasValue ? findCookieValueEnd(text, valueAt) : equals
    let valueEnd = next
    while (valueEnd > valueAt && isBlank(text.charCodeAt(valueEnd - 1))) valueEnd--
    return { from, nameAt, nameEnd, valueAt, valueEnd, next, hasValue }
  }

  #skipBlanks(from: number): number {
    let at = from
    while (at < this.text.length && isBlank(this.text.charCodeAt(at))) at++
    return at
  }

  /** The `=` or the delimiter after a name. */
  #equalsAfter(from: number): number {
    const end = this.text.slice(from).search(this.isList ? /[=,;]/ : /[=;]/)
    return end < 0 ? this.text.length : from + end
  }

  /** Replaces a piece of the cookie that was returned last. */
  replace(from: number, to: number, by: string): void {
    this.text = this.text.slice(0, from) + by + this.text.slice(to)
    this.#at += by.length - (to - from)
  }

  /** Removes the parts from `from` up to the delimiter at `to`, which the cookies that remain keep one of. */
  remove(from: number, to: number): void {
    const { text } = this
    const after = to < text.length ? this.#skipBlanks(to + 1) : to
    if (from === 0) this.text = text.slice(after)
    else {
      let end = from
      while (isBlank(text.charCodeAt(end - 1))) end--
      const delimiter = to < text.length ? text[to]! + (end + 1 < to + 1 ? ' ' : '') : ''
      this.text = text.slice(0, end) + delimiter + text.slice(after)
    }
    this.#at += this.text.length - text.length
  }
}
