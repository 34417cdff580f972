/** Percent-encoding of URLs (src/http_conv.c, `url_decode` in src/tools.c). */
import { integerArgument, textArgument, type Converter } from '../keyword.js'
import { bytesOf, type BytesSample } from '../sample.js'

/** Undefined if `%` is not followed by two hexadecimal digits, or by two zeros. A NUL ends the text. */
const decode = (text: string, isForm: boolean): string | undefined => {
  let decoded = ''
  let inForm = isForm
  for (let i = 0; i < text.length && text[i] !== '\0'; i++) {
    const char = text[i]!
    if (char === '%') {
      const digits = text.slice(i + 1, i + 3)
      if (!/^[0-9A-Fa-f]{2}$/.test(digits) || digits === '00') return undefined
      decoded += String.fromCharCode(Number.parseInt(digits, 16))
      i += 2
    } else if (char === '+' && inForm) decoded += ' '
    else {
      // what follows is a query string
      if (char === '?') inForm = true
      decoded += char
    }
  }
  return decoded
}

/** Unreserved characters of RFC 3986 are not encoded. */
const encode = (text: string): string =>
  text.replace(/[^A-Za-z0-9._~-]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)

export const URL_CONVERTERS: readonly Converter[] = [
  {
    name: 'url_dec',
    bind: (args) => {
      const isForm = integerArgument(args, 0) !== 0n
      return (sample) => {
        const bytes = decode(bytesOf(sample), isForm)
        // text has no NUL
        return bytes === undefined || bytes.includes('\0') ? undefined : { ...(sample as BytesSample), bytes }
      }
    },
  },
  {
    name: 'url_enc',
    check: (args) =>
      ['', 'query'].includes(textArgument(args, 0)) ? undefined : "Unexpected encode type. Allowed value is 'query'",
    bind:
      () =>
      (sample, { bufsize }) => {
        const bytes = encode(bytesOf(sample))
        return { ...(sample as BytesSample), bytes: bytes.slice(0, bufsize - 1) }
      },
  },
]
