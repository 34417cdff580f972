/** The interface for user and group lookups. */

/** Looks up ids of users and groups. */
export interface Accounts {
  /** The id of a user; undefined if it does not exist. */
  user(name: string): number | undefined
  /** The id of a group; undefined if it does not exist. */
  group(name: string): number | undefined
}

/** Accepts every name, for configurations of other machines. */
export const ANY_ACCOUNTS: Accounts = { user: () => NOBODY, group: () => NOBODY }

const NOBODY = 65534
