/** Which characters names may have (invalid_char and invalid_prefix_char in src/tools.c). */

const BAD = /[^a-zA-Z0-9.:_-]/
const BAD_IN_PREFIX = /[^a-zA-Z0-9._-]/

/** The first character that a name must not have; undefined when it is good. An empty name ends too early: NUL. */
export const badCharacter = (name: string): string | undefined => (name === '' ? '\0' : BAD.exec(name)?.[0])

export const badPrefixCharacter = (name: string): string | undefined =>
  name === '' ? '\0' : BAD_IN_PREFIX.exec(name)?.[0]
