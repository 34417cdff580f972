/** What log profiles make of lines: another format, structured data or tag, or no line (`_process_send_log_override`, src/log.c). */
import type { LogProfileConfig, LogProfileStep } from '../../config/model/log-profiles.js'
import type { LogFormat } from '../../config/samples/log-format.js'

/** What lines of traffic have besides their message. */
export interface LineDetails {
  /** what it is written for, as `%OG` shows it */
  readonly origin: string
  /** structured data of the format rfc5424; undefined: none */
  readonly structuredData: string | undefined
  /** Evaluates a format of a log profile. */
  readonly evaluate: (format: LogFormat) => string
}

/** A line as one target gets it. */
interface ProfiledLine {
  readonly message: string
  readonly structuredData: string | undefined
  /** undefined: that of the source */
  readonly tag: string | undefined
}

/** Sessions without a stream. */
const ERRORS: ReadonlySet<string> = new Set(['sess_error', 'sess_killed'])

/** What a profile sets for lines with this origin. The steps of transactions are called `txn_…` there. */
const stepOf = ({ steps }: LogProfileConfig, origin: string): LogProfileStep | undefined =>
  (ERRORS.has(origin) ? steps.get('error') : steps.get(origin.replace(/^txn_/, ''))) ?? steps.get('any')

/**
 * The line for a target.
 * @param details undefined: the line is not about traffic, only the tag can differ
 * @returns undefined if it is dropped
 */
export const profiled = (
  profile: LogProfileConfig | undefined,
  message: string,
  details: LineDetails | undefined,
): ProfiledLine | undefined => {
  const structuredData = details?.structuredData
  const step = profile && details && stepOf(profile, details.origin)
  if (!step) return { message, structuredData, tag: profile?.logTag }
  if (step.drop) return undefined
  return {
    message: step.format ? details.evaluate(step.format) : message,
    structuredData: step.sd ? details.evaluate(step.sd) : structuredData,
    tag: profile.logTag,
  }
}
