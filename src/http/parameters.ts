/** Parameters of query strings and form bodies, searched like `http_find_next_url_param` (HAProxy's src/http.c). */
import { equalsIgnoringCase } from './characters.js'

export interface ParameterOptions {
  /** ends a parameter, in addition to `&` and `;`; default `?` */
  readonly delimiter?: string
  readonly ignoresCase?: boolean
}

/** Where a value is in the text; the next search can start at its end. */
export interface ParameterPlace {
  readonly start: number
  readonly end: number
}

/**
 * The raw value of the first parameter with a name; undefined if not found.
 * @param text a query without its leading `?`
 * @param name an empty name matches the first parameter that has a value
 */
export const findParameter = (text: string, name: string, options: ParameterOptions = {}): string | undefined => {
  const place = locateParameter(text, name, options)
  return place && text.slice(place.start, place.end)
}

/** The same as a place. @param from where the search starts */
export const locateParameter = (
  text: string,
  name: string,
  options: ParameterOptions = {},
  from = 0,
): ParameterPlace | undefined => {
  const { delimiter = '?', ignoresCase = false } = options
  const isDelimiter = (char: string | undefined) => char === '&' || char === ';' || char === delimiter
  const equals = name === '' ? text.indexOf('=', from) : findName(text, name, isDelimiter, ignoresCase, from)
  if (equals < 0) return undefined
  let end = equals + 1
  while (end < text.length && !isDelimiter(text[end])) end++
  return { start: equals + 1, end }
}

/** Position of the `=` after a name; -1 if not found. */
const findName = (
  text: string,
  name: string,
  isDelimiter: (char: string | undefined) => boolean,
  ignoresCase: boolean,
  from: number,
): number => {
  for (let at = from; at < text.length; at++) {
    const equals = at + name.length
    if (equals >= text.length) return -1
    if (text[equals] === '=') {
      const found = text.slice(at, equals)
      if (ignoresCase ? equalsIgnoringCase(found, name) : found === name) return equals
      at = equals + 1
    }
    while (at < text.length && !isDelimiter(text[at])) at++
  }
  return -1
}
