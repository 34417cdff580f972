/** Sections `userlist` in the model of a configuration. */
import type { Place } from '../syntax/place.js'

/** A user of a list. */
export interface UserConfig {
  readonly name: string
  /** undefined: no password is accepted */
  readonly password: string | undefined
  /** the password is plain text (`insecure-password`), otherwise it is a hash for crypt(3) */
  readonly insecure: boolean
  /** names of the groups that the user is in */
  readonly groups: readonly string[]
}

/** A section `userlist`. */
export interface UserlistConfig {
  readonly name: string
  readonly place: Place
  readonly users: readonly UserConfig[]
  readonly groups: readonly string[]
}
