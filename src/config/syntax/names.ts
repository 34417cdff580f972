/** Which characters names may have (invalid_char and invalid_prefix_char in src/tools.c). */
import { firstByte } from '../../bytes/text.js'

const BAD = /[^a-zA-Z0-9.:_-]/
const BAD_IN_PREFIX = /[^a-zA-Z0-9._-]/

/** The first character that a name must not have; undefined when it is good. An empty name ends too early: NUL. */
export const badCharacter = (name: string): string | undefined => badBy(BAD, name)

export const badPrefixCharacter = (name: string): string | undefined => badBy(BAD_IN_PREFIX, name)

const badBy = (bad: RegExp, name: string): string | undefined => {
  const at = name.search(bad)
  return name === '' ? '\0' : at < 0 ? undefined : firstByte(name.slice(at))
}
