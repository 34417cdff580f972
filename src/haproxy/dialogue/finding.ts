/** What a check found out. */
import type { CheckStatus } from './status.js'

export interface Finding {
  readonly status: CheckStatus
  /** of the answer, where the status has one */
  readonly code?: number
  /** more about it, as it stands behind `info:` */
  readonly info?: string
  /** reported right after it: HAProxy reports the success of some kinds of checks twice, and counts it twice */
  readonly again?: Finding
}
