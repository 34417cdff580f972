/** A configuration file of SPOE while it is parsed. */
import type { Condition } from '../../model/acl.js'
import type { LogTarget } from '../../model/log.js'
import type { SpoeAgentConfig, SpoeEvent, SpoeMessageConfig } from '../../model/spoe.js'
import { AclList } from '../../rules/acl-list.js'
import type { Place } from '../../syntax/place.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Settings of `spoe-agent`; the rest is added when the file is complete. */
export type SpoeAgentDraft = Mutable<
  Omit<SpoeAgentConfig, 'backend' | 'variablePrefix' | 'events' | 'groups' | 'logs' | 'logsErrorsOnly'>
> & {
  backend: string | undefined
  variablePrefix: string | undefined
}

/** `spoe-message`. */
export class SpoeMessageDraft implements SpoeMessageConfig {
  readonly args: SpoeMessageConfig['args'][number][] = []
  readonly acls = new AclList()
  event: SpoeEvent | undefined
  condition: Condition | undefined
  /** a message is in one group at most */
  group: SpoeGroupDraft | undefined

  constructor(
    readonly name: string,
    readonly place: Place,
  ) {}
}

/** `spoe-group`. */
export class SpoeGroupDraft {
  /** names of `messages` */
  readonly used: string[] = []
  readonly messages: SpoeMessageDraft[] = []

  constructor(
    readonly name: string,
    readonly place: Place,
  ) {}
}

/** What the sections of one engine consist of. */
export class SpoeFileDraft {
  agent: SpoeAgentDraft | undefined
  readonly messages: SpoeMessageDraft[] = []
  readonly groups: SpoeGroupDraft[] = []
  /** names in `messages` and `groups` of the agent */
  readonly usedMessages: string[] = []
  readonly usedGroups: string[] = []
  /** `register-var-names` */
  readonly variables: string[] = []
  logs: readonly LogTarget[] = []
  logsErrorsOnly = false
}
