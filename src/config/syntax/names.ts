/** Characters allowed in names (invalid_char and invalid_prefix_char in src/tools.c). */
import { firstByte } from '../../bytes/text.js'

const INVALID = /[^a-zA-Z0-9.:_-]/
const INVALID_IN_PREFIX = /[^a-zA-Z0-9._-]/

/** The first invalid character of a name; undefined if it is valid. NUL for an empty name. */
export const invalidCharacter = (name: string): string | undefined => firstMatch(INVALID, name)

/** The same for prefixes of `server-template`. */
export const invalidPrefixCharacter = (name: string): string | undefined => firstMatch(INVALID_IN_PREFIX, name)

const firstMatch = (pattern: RegExp, name: string): string | undefined => {
  const at = name.search(pattern)
  return name === '' ? '\0' : at < 0 ? undefined : firstByte(name.slice(at))
}
