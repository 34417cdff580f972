/** Base64 of byte strings, and its variant for URLs, which has no padding (src/base64.c). */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const URL_ALPHABET = `${ALPHABET.slice(0, 62)}-_`

const encode = (bytes: string, alphabet: string): string => {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes.charCodeAt(i) << 16) | ((bytes.charCodeAt(i + 1) || 0) << 8) | (bytes.charCodeAt(i + 2) || 0)
    const characters = Math.min(3, bytes.length - i) + 1
    for (let j = 0; j < characters; j++) text += alphabet[(group >> (18 - 6 * j)) & 63]!
  }
  return text
}

const valuesOf = (alphabet: string): ReadonlyMap<string, number> => new Map(Array.from(alphabet, (c, i) => [c, i]))
const VALUES = valuesOf(ALPHABET)
/** `base64urldec` takes padding for the last character of the alphabet. */
const URL_VALUES = new Map([...valuesOf(URL_ALPHABET), ['=', 63]])

const decode = (text: string, values: ReadonlyMap<string, number>): string | undefined => {
  let bytes = ''
  let group = 0
  for (let i = 0; i < text.length; i++) {
    const value = values.get(text[i]!)
    if (value === undefined) return undefined
    group = (group << 6) | value
    if (i % 4 === 0) continue
    bytes += String.fromCharCode((group >> (6 - 2 * (i % 4))) & 0xff)
    if (i % 4 === 3) group = 0
  }
  return bytes
}

/** Groups of four, the last of which may have one or two `=`, or, which `base64dec` takes as well, each of them. */
const GROUPS = /^(?:[^=]{4}|[^=]{3}=|[^=]{2}==)*$/

/** `base64dec`: undefined for what is no base64, whose length must be a multiple of four. */
export const fromBase64 = (text: string): string | undefined => {
  if (text.length % 4 !== 0 || !GROUPS.test(text)) return undefined
  let bytes = ''
  for (const group of text.match(/.{4}/gs) ?? []) {
    const decoded = decode(group.replace(/=+$/, ''), VALUES)
    if (decoded === undefined) return undefined
    bytes += decoded
  }
  return bytes
}

/** `base64urldec`: the variant for URLs, without padding. */
export const fromBase64url = (text: string): string | undefined =>
  text.length % 4 === 1 ? undefined : decode(text, URL_VALUES)

/** `a2base64`: with padding. */
export const toBase64 = (bytes: string): string => encode(bytes, ALPHABET).padEnd(Math.ceil(bytes.length / 3) * 4, '=')

/** `a2base64url`. */
export const toBase64url = (bytes: string): string => encode(bytes, URL_ALPHABET)
