/** UTF-8 of code points up to 2^31, as in Lua (`luaO_utf8esc`). */

/** Returns the bytes of a code point as a byte string. @param value 0 … 0x7fffffff */
export const encodeUtf8 = (value: number): string => {
  if (value < 0x80) return String.fromCharCode(value)
  let [rest, most, text] = [value, 0x3f, '']
  do {
    text = String.fromCharCode(0x80 | (rest % 64)) + text
    rest = Math.floor(rest / 64)
    most >>= 1
  } while (rest > most)
  return String.fromCharCode(((~most << 1) & 0xff) | rest) + text
}
