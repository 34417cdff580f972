/** Comma-separated field values (RFC 9110, section 5.6.1), split as `http_find_hdr_value_end` does in HAProxy's src/http.c. */
import { isWhiteSpace, trimWhiteSpace } from './characters.js'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const SEMICOLON = 0x3b

/** The end of the element starting at `from`: the next comma outside a quoted string, or the end of the text. */
export const findValueEnd = (text: string, from = 0): number => findDelimiter(text, from, false)

/** The same for cookies, whose values also end at a semicolon (`http_find_cookie_value_end`). */
export const findCookieValueEnd = (text: string, from = 0, end = text.length): number =>
  findDelimiter(text, from, true, end)

const findDelimiter = (text: string, from: number, semicolons: boolean, end = text.length): number => {
  let quoted = false
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at)
    if (quoted) {
      if (code === BACKSLASH) at++
      else if (code === QUOTE) quoted = false
    } else if (code === QUOTE) quoted = true
    else if (code === COMMA || (semicolons && code === SEMICOLON)) return at
  }
  return end
}

/** An element of a list, trimmed, and its position in the text. */
export interface ListElement {
  readonly text: string
  readonly start: number
  /** position of the comma that follows, or the end of the text */
  readonly end: number
}

/**
 * The elements as HAProxy's parsers of `Connection`, `Upgrade` and `Transfer-Encoding` iterate over them: a trailing comma does not start
 * another element, while two adjacent commas enclose an empty one.
 */
export function* listElements(value: string): Generator<ListElement> {
  for (let at = 0; at < value.length; at++) {
    if (isWhiteSpace(value.charCodeAt(at))) continue
    const end = findValueEnd(value, at)
    yield { text: trimWhiteSpace(value.slice(at, end)), start: at, end }
    at = end
  }
}

/** The values of a list as header fetches and `http-check expect hdr` iterate over them (`__http_find_header`): trimmed, empty ones included. */
export function* listValues(value: string): Generator<string> {
  for (let at = 0; ;) {
    const end = findValueEnd(value, at)
    yield trimWhiteSpace(value.slice(at, end))
    if (end >= value.length) return
    at = end + 1
  }
}
