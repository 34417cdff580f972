/** The converter `json`, which escapes text for JSON (`sample_conv_json`, src/sample.c; `utf8_next`, src/tools.c). */
import { textArgument, type Converter } from '../keyword.js'
import { str, type BytesSample } from '../sample.js'

/** How input is decoded, and how invalid input is handled: the converter fails, skips it, or passes it where possible. */
type Mode = 'ascii' | 'utf8' | 'utf8s' | 'utf8p' | 'utf8ps'
const MODES: readonly string[] = ['', 'ascii', 'utf8', 'utf8s', 'utf8p', 'utf8ps'] satisfies (Mode | '')[]

interface Character {
  readonly code: number
  /** its length in bytes */
  readonly length: number
  readonly isBadSequence: boolean
  readonly isOverlong: boolean
  readonly isInvalid: boolean
}

const plain = (code: number, isBadSequence = false, length = 1): Character => ({
  code,
  length,
  isBadSequence,
  isOverlong: false,
  isInvalid: false,
})

/** The largest first byte of sequences of one byte, of a stray continuation, and of two to six bytes. */
const FIRST_BYTES = [0x7f, 0xbf, 0xdf, 0xef, 0xf7, 0xfb, 0xfd]
/** The least code for which a sequence of two to four bytes is needed. */
const LEAST = [0, 0, 0x80, 0x800, 0x10000]

/** The character at an offset; sequences of up to six bytes are accepted, as in early versions of UTF-8. */
const characterAt = (bytes: string, at: number): Character => {
  const first = bytes.charCodeAt(at)
  const kind = FIRST_BYTES.findIndex((last) => first <= last)
  if (kind === 0) return plain(first)
  if (kind < 2 || at + kind > bytes.length) return plain(first, true)
  let code = first & (0x7f >> kind)
  for (let i = 1; i < kind; i++) {
    const next = bytes.charCodeAt(at + i)
    if ((next & 0xc0) !== 0x80) return plain(code, true, i)
    code = ((code << 6) | (next & 0x3f)) >>> 0
  }
  const isShorter = LEAST.findIndex((least, length) => length > 1 && code < least)
  return {
    code,
    length: kind,
    isBadSequence: false,
    isOverlong: code <= 0x1fffff && isShorter > 0 && isShorter <= kind,
    isInvalid: (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff,
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
  '\b': '\\b',
  '\f': '\\f',
  '\r': '\\r',
  '\n': '\\n',
  '\t': '\\t',
}

const escape = (code: number): string => {
  const char = String.fromCharCode(code)
  return ESCAPES[char] ?? (code >= 0x20 && code < 0x7f ? char : `\\u${code.toString(16).padStart(4, '0')}`)
}

const toJson = (bytes: string, mode: Mode): string | undefined => {
  const skips = mode === 'utf8s' || mode === 'utf8ps'
  const permissive = mode === 'utf8p' || mode === 'utf8ps'
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const character = mode === 'ascii' ? plain(bytes.charCodeAt(at)) : characterAt(bytes, at)
    at += character.length
    const isBad =
      character.isBadSequence || character.isInvalid || (!permissive && character.isOverlong) || character.code > 0xffff
    if (!isBad || mode === 'ascii') text += escape(character.code)
    else if (!skips) return undefined
  }
  return text
}

export const JSON_CONVERTERS: readonly Converter[] = [
  {
    name: 'json',
    check: (args) =>
      MODES.includes(textArgument(args, 0))
        ? undefined
        : "Unexpected input code type. Allowed value are 'ascii', 'utf8', 'utf8s', 'utf8p' and 'utf8ps'",
    bind: (args) => {
      const mode = (textArgument(args, 0) || 'ascii') as Mode
      return (sample, { bufsize }) => {
        const text = toJson((sample as BytesSample).bytes, mode)
        return text === undefined || text.length > bufsize ? undefined : str(text)
      }
    },
  },
]
