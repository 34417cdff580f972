/** The statuses of checks and their descriptions (`check_statuses` in src/check.c). */

/** In the order of their numbers (`enum chk_result`). */
export const RESULTS = ['UNKNOWN', 'NEUTRAL', 'FAILED', 'PASSED', 'CONDPASS'] as const
export type CheckResult = (typeof RESULTS)[number]

export interface CheckStatus {
  /** in statistics and events */
  readonly short: string
  /** in logs */
  readonly description: string
  /** the result for the server */
  readonly result: CheckResult
  /** `enum healthcheck_status`: its number, as `show servers state` prints it */
  readonly number: number
  /** whether it has a code: that of the response, as HTTP's 503 */
  readonly hasCode: boolean
}

const status = (
  number: number,
  short: string,
  description: string,
  result: CheckResult,
  hasCode = false,
): CheckStatus => ({ number, short, description, result, hasCode })

export const STATUS = {
  UNKNOWN: status(0, 'UNK', 'Unknown', 'UNKNOWN'),
  INI: status(1, 'INI', 'Initializing', 'UNKNOWN'),
  START: status(2, '', '', 'UNKNOWN'),
  CHECKED: status(3, 'CHECKED', 'No status change', 'NEUTRAL'),
  HANA: status(4, 'HANA', 'Health analyze', 'FAILED'),
  SOCKERR: status(5, 'SOCKERR', 'Socket error', 'FAILED'),
  L4OK: status(6, 'L4OK', 'Layer4 check passed', 'PASSED'),
  L4TOUT: status(7, 'L4TOUT', 'Layer4 timeout', 'FAILED'),
  L4CON: status(8, 'L4CON', 'Layer4 connection problem', 'FAILED'),
  L6OK: status(9, 'L6OK', 'Layer6 check passed', 'PASSED'),
  L6TOUT: status(10, 'L6TOUT', 'Layer6 timeout', 'FAILED'),
  L6RSP: status(11, 'L6RSP', 'Layer6 invalid response', 'FAILED'),
  L7TOUT: status(12, 'L7TOUT', 'Layer7 timeout', 'FAILED'),
  L7RSP: status(13, 'L7RSP', 'Layer7 invalid response', 'FAILED'),
  L57DATA: status(14, '', '', 'UNKNOWN'),
  L7OK: status(15, 'L7OK', 'Layer7 check passed', 'PASSED', true),
  L7OKC: status(16, 'L7OKC', 'Layer7 check conditionally passed', 'CONDPASS', true),
  L7STS: status(17, 'L7STS', 'Layer7 wrong status', 'FAILED', true),
  PROCERR: status(18, 'PROCERR', 'External check error', 'FAILED', true),
  PROCTOUT: status(19, 'PROCTOUT', 'External check timeout', 'FAILED', true),
  PROCOK: status(20, 'PROCOK', 'External check passed', 'PASSED', true),
} as const satisfies Record<string, CheckStatus>

const BY_NUMBER: ReadonlyMap<number, CheckStatus> = new Map(Object.values(STATUS).map((each) => [each.number, each]))

/** The status with that number, if there is one. */
export const statusNumbered = (number: number): CheckStatus | undefined => BY_NUMBER.get(number)
