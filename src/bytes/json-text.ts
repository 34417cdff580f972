/** JSON for programs that a person may look at on a terminal. */
import { printable, showBytes } from './printable.js'

/** Characters that JSON allows as they are and a terminal acts on, or shows in another order. */
const ACTIVE = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/**
 * A value as JSON in a line. Bytes that are not UTF-8, which JSON cannot hold, are the text `\xff`; everything else is what it was for
 * whoever reads it.
 */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? showBytes(each) : each)).replace(
    ACTIVE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** The same for a page, which people read. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? printable(each) : each))
