/** Words as bytes: HAProxy works on bytes, hapsim on text that was decoded from UTF-8. */

/** Text in which `\xHH` left single bytes: everything else is encoded, the bytes are taken as they are, and all is decoded. */
export const fromBytes = (text: string): string => {
  const bytes: number[] = []
  for (const char of text) {
    const code = char.codePointAt(0)!
    if (code < 0x100) bytes.push(code)
    else bytes.push(...new TextEncoder().encode(char))
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes))
  } catch {
    return text
  }
}

/** A string of C ends at its first NUL. */
export const cutAtNul = (text: string): string => {
  const nul = text.indexOf('\0')
  return nul < 0 ? text : text.slice(0, nul)
}

/** The bytes of a word, one character each: what goes over a connection. */
export const toByteString = (text: string): string =>
  /[^\x00-\x7f]/.test(text) ? Array.from(new TextEncoder().encode(text), (b) => String.fromCharCode(b)).join('') : text

/** The bytes that `hex` spells, or what is wrong with it in HAProxy's words (`parse_binary` in src/standard.c). */
export const parseHex = (hex: string): string | { readonly error: string } => {
  if (hex.length % 2 === 1) return { error: 'an even number of hex digit is expected' }
  const bad = /[^0-9a-fA-F]/.exec(hex)
  if (bad) return { error: `an hex digit is expected (found '${bad[0]}')` }
  return hex.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)))
}
