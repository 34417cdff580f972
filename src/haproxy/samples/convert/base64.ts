/** Converters from and to base64. */
import { fromBase64, fromBase64url, toBase64, toBase64url } from '../../../bytes/base64.js'
import { bytesOf, bin, str } from '../sample.js'
import type { Conversion, Converter } from '../keyword.js'

/** A result that does not fit into the buffer is an error. */
const encoding =
  (toText: (bytes: string) => string): Conversion =>
  (sample, { bufsize }) => {
    const bytes = bytesOf(sample)
    return Math.ceil(bytes.length / 3) * 4 >= bufsize ? undefined : str(toText(bytes))
  }

const decoding =
  (fromText: (text: string) => string | undefined): Conversion =>
  (sample) => {
    const bytes = fromText(bytesOf(sample))
    return bytes === undefined ? undefined : bin(bytes)
  }

export const BASE64_CONVERTERS: readonly Converter[] = [
  { name: 'base64', bind: () => encoding(toBase64) },
  { name: 'ub64enc', bind: () => encoding(toBase64url) },
  { name: 'b64dec', bind: () => decoding(fromBase64) },
  { name: 'ub64dec', bind: () => decoding(fromBase64url) },
]
