/** A section `userlist` while it is parsed. */
import type { UserConfig, UserlistConfig } from '../model/userlists.js'
import { SectionKey } from '../section-drafts.js'

/** A user, with the groups as they are written until the lists are complete. */
export interface UserDraft extends Omit<UserConfig, 'password' | 'insecure' | 'groups'> {
  password: string | undefined
  insecure: boolean
  groupNames: string
  groups: string[]
}

/** A group, with the users as they are written. */
export interface GroupDraft {
  readonly name: string
  userNames: string | undefined
}

/** A section `userlist` while it is parsed. */
export class UserlistDraft implements UserlistConfig {
  readonly users: UserDraft[] = []
  readonly declaredGroups: GroupDraft[] = []

  constructor(
    readonly name: string,
    readonly place: UserlistConfig['place'],
  ) {}

  get groups(): readonly string[] {
    return this.declaredGroups.map(({ name }) => name)
  }
}

/** The sections `userlist` of a configuration. */
export const USERLISTS = new SectionKey<UserlistDraft>('userlist')
