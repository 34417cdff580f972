/**
 * Replacements such as `/new\1`, for `regsub`, `http-request replace-header` and similar (`exp_replace` and `check_replace_string` in
 * regex.c): `\0` to `\9` are the captures of the match and its groups, `\x41` is a byte, and a backslash before any other character is
 * removed.
 */

/** The number of captures that HAProxy uses: the whole match and nine groups (MAX_MATCH). */
export const MAX_MATCH = 10

export interface ReplacementCheck {
  /** the replacement from the first error on; undefined if there is none */
  readonly fault: string | undefined
  /** HAProxy's warnings */
  readonly warnings: readonly string[]
}

const isDigit = (char: string): boolean => char >= '0' && char <= '9'

/** Validates a replacement when the configuration is parsed. */
export const checkReplacement = (replacement: string): ReplacementCheck => {
  const warnings: string[] = []
  for (let at = 0; at < replacement.length; at++) {
    if (replacement[at] !== '\\') continue
    const start = at
    const char = replacement[++at]
    if (char === undefined) return { fault: replacement.slice(start), warnings }
    if (char === 'x') {
      for (let digits = 0; digits < 2; digits++)
        if (!/[0-9A-Fa-f]/.test(replacement[++at] ?? '')) return { fault: replacement.slice(start), warnings }
    } else if (!isDigit(char))
      warnings.push(`'\\${char}' : deprecated use of a backslash before something not '\\','x' or a digit.`)
  }
  return { fault: undefined, warnings }
}

/**
 * Inserts captures into a replacement.
 *
 * @param captures offsets in `text`, as returned by {@link Regex.exec}
 * @param size size of the buffer in bytes, including a terminating NUL
 * @returns undefined if the buffer is too small, or the replacement ends within a sequence
 */
export const expandReplacement = (
  replacement: string,
  text: string,
  captures: readonly number[],
  size = Infinity,
): string | undefined => {
  let result = ''
  for (let at = 0; at < replacement.length; at++) {
    let char = replacement[at]!
    if (char === '\\') {
      char = replacement[++at] ?? ''
      if (char === '') return undefined
      if (isDigit(char)) {
        const group = Number(char)
        const [from, to] = [captures[2 * group] ?? -1, captures[2 * group + 1] ?? -1]
        if (from >= 0 && to >= 0) {
          if (result.length + to - from >= size) return undefined
          result += text.slice(from, to)
        }
        continue
      }
      if (char === 'x') {
        if (at + 2 >= replacement.length) return undefined
        char = byteOf(replacement[++at]!, replacement[++at]!)
      }
    }
    if (result.length >= size) return undefined
    result += char
  }
  return result.length >= size ? undefined : result
}

/** The byte of two hexadecimal digits; as in HAProxy, the characters are not validated. */
const byteOf = (first: string, second: string): string => {
  const digit = (char: string): number => {
    const value = (char.replace(/[a-z]/, (letter) => letter.toUpperCase()).charCodeAt(0) - 0x30) & 0xff
    return value > 9 ? (value - 7) & 0xff : value
  }
  return String.fromCharCode(((digit(first) << 4) + digit(second)) & 0xff)
}
