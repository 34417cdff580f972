/** The users and groups of the machine that a configuration names. */

export interface Accounts {
  /** The number of a user; undefined when there is no such user. */
  user(name: string): number | undefined
  /** The number of a group; undefined when there is no such group. */
  group(name: string): number | undefined
}

/** Every name exists: where a configuration is not read for the machine it will run on. */
export const ANY_ACCOUNTS: Accounts = { user: () => NOBODY, group: () => NOBODY }

const NOBODY = 65534
