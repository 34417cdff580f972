/** JSON for programs that may be printed to a terminal. */
import { printable, showBytes } from './printable.js'

/** Characters that are valid in JSON strings but control a terminal or reorder text. */
const ACTIVE = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/**
 * A value as JSON on one line. Bytes that are not UTF-8, which JSON cannot represent, become the text `\xff`; all else parses to the same
 * value.
 */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? showBytes(each) : each)).replace(
    ACTIVE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** JSON for display on a page. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? printable(each) : each))
