/** Parameters of query strings and form bodies, searched like `http_find_next_url_param` (HAProxy's src/http.c). */
import { equalsIgnoringCase } from './characters.js'

export interface ParameterOptions {
  /** ends a parameter, in addition to `&` and `;`; default `?` */
  readonly delimiter?: string
  readonly ignoresCase?: boolean
}

/**
 * The raw value of the first parameter with a name; undefined if not found.
 * @param text a query without its leading `?`
 * @param name an empty name matches the first parameter that has a value
 */
export const findParameter = (text: string, name: string, options: ParameterOptions = {}): string | undefined => {
  const { delimiter = '?', ignoresCase = false } = options
  const isDelimiter = (char: string | undefined) => char === '&' || char === ';' || char === delimiter
  const from = name === '' ? text.indexOf('=') : findName(text, name, isDelimiter, ignoresCase)
  if (from < 0) return undefined
  let end = from + 1
  while (end < text.length && !isDelimiter(text[end])) end++
  return text.slice(from + 1, end)
}

/** Position of the `=` after a name; -1 if not found. */
const findName = (
  text: string,
  name: string,
  isDelimiter: (char: string | undefined) => boolean,
  ignoresCase: boolean,
): number => {
  for (let at = 0; at < text.length; at++) {
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
