/** When requests are sent to a server again, in the model of a configuration. */

/** The status codes that `retry-on` accepts. */
export const RETRY_STATUSES = [
  '401',
  '403',
  '404',
  '408',
  '421',
  '425',
  '429',
  '500',
  '501',
  '502',
  '503',
  '504',
] as const

/** A reason of `retry-on`. */
export type RetryReason =
  | 'conn-failure'
  | 'empty-response'
  | 'response-timeout'
  | '0rtt-rejected'
  | 'junk-response'
  | (typeof RETRY_STATUSES)[number]

/** Which connections to servers requests may share (`http-reuse`). */
export type HttpReuse = 'never' | 'safe' | 'aggressive' | 'always'
