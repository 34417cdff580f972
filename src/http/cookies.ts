/** Cookies of `Cookie` and `Set-Cookie` fields, parsed like `http_extract_cookie_value` (HAProxy's src/http.c). */
import { isBlank } from './characters.js'
import { findCookieValueEnd } from './values.js'

/** A cookie, and the position of its value in the field. */
export interface Cookie {
  readonly name: string
  readonly value: string
  readonly valueAt: number
}

/**
 * The cookies of a field, except those without `=` and those whose name begins with `$`.
 * @param kind a `Cookie` field is a list of cookies; a `Set-Cookie` field has one cookie, followed by its attributes
 * @param name yields only cookies with that name; the search ends once the rest of the field is shorter than the name and `=` and a byte
 */
export function* cookiesOf(field: string, kind: 'Cookie' | 'Set-Cookie', name = ''): Generator<Cookie> {
  const isList = kind === 'Cookie'
  for (let at = 0; at + name.length + 1 < field.length;) {
    while (at < field.length && isBlank(field.charCodeAt(at))) at++
    const { nameEnd, equals } = findEquals(field, at, isList)
    const hasValue = field[equals] === '='
    const next = hasValue ? findCookieValueEnd(field, skipBlanks(field, equals + 1)) : equals
    if (field[at] !== '$' && hasValue) {
      const valueAt = Math.min(skipBlanks(field, equals + 1), next)
      const cookie = {
        name: field.slice(at, nameEnd),
        value: withoutTrailingBlanks(field.slice(valueAt, next)),
        valueAt,
      }
      if (name === '' || cookie.name === name) yield cookie
      if (!isList) return
    }
    at = next + 1
  }
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
