/** The result of a check. */
import type { CheckStatus } from './status.js'

export interface Finding {
  readonly status: CheckStatus
  /** the code of the response, where the status has one */
  readonly code?: number
  /** details, shown after `info:` */
  readonly info?: string
  /** reported right after it: HAProxy reports the success of some kinds of checks twice, and counts it twice */
  readonly again?: Finding
}
