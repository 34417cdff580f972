/** Cookies of `Cookie` and `Set-Cookie` fields, parsed like `http_extract_cookie_value` (HAProxy's src/http.c). */
import { isBlank } from './characters.js'
import { findCookieValueEnd } from './values.js'

/** A cookie, and its position in the field. */
export interface Cookie {
  readonly name: string
  readonly value: string
  readonly valueAt: number
  /** where the search for the next one starts */
  readonly next: number
}

/**
 * The cookies of a field, except those without `=` and those whose name begins with `$`.
 * @param kind a `Cookie` field is a list of cookies; a `Set-Cookie` field has one cookie, followed by its attributes
 * @param name yields only cookies with that name; the search ends once the rest of the field is shorter than the name and `=` and a byte
 */
export function* cookiesOf(field: string, kind: 'Cookie' | 'Set-Cookie', name = ''): Generator<Cookie> {
  let cookie = nextCookie(field, 0, kind, name)
  for (; cookie; cookie = kind === 'Cookie' ? nextCookie(field, cookie.next, kind, name) : undefined) yield cookie
}

/** The first cookie from a position on. In a `Set-Cookie` field, attributes that follow a cookie count as cookies, too. */
export const nextCookie = (
  field: string,
  from: number,
  kind: 'Cookie' | 'Set-Cookie',
  name = '',
): Cookie | undefined => {
  const isList = kind === 'Cookie'
  for (let at = from; at + name.length + 1 < field.length;) {
    at = skipBlanks(field, at)
    const { nameEnd, equals } = findEquals(field, at, isList)
    const hasValue = field[equals] === '='
    const end = hasValue ? findCookieValueEnd(field, skipBlanks(field, equals + 1)) : equals
    if (field[at] !== '$' && hasValue) {
      const valueAt = Math.min(skipBlanks(field, equals + 1), end)
      const found = field.slice(at, nameEnd)
      const value = withoutTrailingBlanks(field.slice(valueAt, end))
      if (name === '' || found === name) return { name: found, value, valueAt, next: end + 1 }
      if (!isList) return undefined
    }
    at = end + 1
  }
  return undefined
}

/**
 * The names of the cookies of a field (`http_extract_next_cookie_name`): all of a `Cookie` field, whose names may contain commas here; the first
 * one of a `Set-Cookie` field.
 */
export function* cookieNamesOf(field: string, kind: 'Cookie' | 'Set-Cookie'): Generator<string> {
  let cookie = nextCookie(field, 0, 'Set-Cookie')
  for (; cookie; cookie = kind === 'Cookie' ? nextCookie(field, cookie.next, 'Set-Cookie') : undefined)
    yield cookie.name
}

/** The end of a name, and the `=` or delimiter that follows. */
const findEquals = (field: string, from: number, isList: boolean): { nameEnd: number; equals: number } => {
  let nameEnd = from
  let at = from
  for (; at < field.length; at++) {
    const char = field[at]
    if (char === '=' || char === ';' || (isList && char === ',')) break
    if (!isBlank(field.charCodeAt(at))) nameEnd = at + 1
  }
  return { nameEnd, equals: at }
}

const skipBlanks = (field: string, from: number): number => {
  let at = from
  while (at < field.length && isBlank(field.charCodeAt(at))) at++
  return at
}

const withoutTrailingBlanks = (text: string): string => text.replace(/[ \t]+$/, '')
