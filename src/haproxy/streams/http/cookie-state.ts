/** What has become of the cookies of a transaction (`TX_CK_*` and `TX_SCK_*`, include/haproxy/http_ana-t.h), and dates in cookies. */

/**
 * The cookie of persistence in the request, as logs show it: none, one that names no server, of a server that is down, valid, expired by
 * `maxidle`, too old by `maxlife`, not used.
 */
export type RequestCookie = 'N' | 'I' | 'D' | 'V' | 'E' | 'O' | 'U'

/** The one in the response: none, left as it was, deleted, inserted, rewritten, updated. */
export type ResponseCookie = 'N' | 'P' | 'D' | 'I' | 'R' | 'U'

export class CookieState {
  request: RequestCookie = 'N'
  response: ResponseCookie = 'N'
  /** dates in the cookie of the client, in seconds since 1970: when it was seen last and first; 0: none */
  lastDate = 0
  firstDate = 0
  /** the server has set the cookie of persistence itself */
  isFound = false
  /** the response sets a cookie */
  isPresent = false
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const LENGTH = 5

/** A number of 30 bits as five digits to the base 64 (`s30tob64`). */
export const formatDate30 = (value: number): string =>
  Array.from({ length: LENGTH }, (_, at) => DIGITS[Math.floor(value / 64 ** (LENGTH - 1 - at)) % 64]).join('')

/** The number of five such digits; undefined if there are others (`b64tos30`). */
export const parseDate30 = (text: string): number | undefined => {
  if (text.length < LENGTH) return undefined
  let value = 0
  for (const digit of text.slice(0, LENGTH)) {
    const number = DIGITS.indexOf(digit)
    if (number < 0) return undefined
    value = value * 64 + number
  }
  return value
}
