/** The log-formats of a proxy in the model of a configuration. */
import type { LogFormat } from '../samples/log-format.js'

export interface LogFormats {
  /** log lines; `log-format`, or the format of `option httplog` and its like */
  readonly line: LogFormat | undefined
  /** `log-format-sd`: the structured data of lines of the format rfc5424, with the space after it */
  readonly structuredData: LogFormat | undefined
  /** `error-log-format`: lines about connections that fail before a stream exists */
  readonly error: LogFormat | undefined
  /** `unique-id-format` */
  readonly uniqueId: LogFormat | undefined
}
