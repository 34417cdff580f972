/**
 * The two output channels of HAProxy: log lines, which go to the targets of `log` lines (`send_log` in src/log.c), and messages to
 * the operator, which go to the terminal (`ha_alert`, `ha_warning` … in src/errors.c). Most reports of servers go to both.
 */
import type { Micros } from '../../engine/clock.js'
import type { Trace } from '../../engine/trace.js'
import type { LogProfileConfig } from '../../config/model/log-profiles.js'
import { LOG_LEVELS, type LogLevel, type LogTarget } from '../../config/model/log.js'
import type { Severity } from '../../config/syntax/diagnostics.js'
import { profiled, type LineDetails } from './profile.js'
import { LogSampling } from './sample.js'

export const LOG_EMERG = 0
export const LOG_ALERT = 1
export const LOG_ERR = 3
export const LOG_WARNING = 4
export const LOG_NOTICE = 5
export const LOG_INFO = 6

/** A log line, as the trace records it. */
export interface LogRecord {
  readonly type: 'log'
  readonly at: Micros
  readonly process: string
  readonly level: LogLevel
  /** the proxy that sent it; empty for the process */
  readonly proxy: string
  /** without the line feed */
  readonly message: string
}

/** A message to the operator. `text` comes without the tag and the line feed. */
export interface MessageRecord {
  readonly type: 'message'
  readonly at: Micros
  readonly process: string
  readonly severity: Severity
  readonly text: string
  /** set for messages that only hapsim emits */
  readonly own?: true
}

/** The log settings of a proxy. */
export interface LogSource {
  readonly name: string
  readonly logs: readonly LogTarget[]
  /** `log-tag`; undefined: that of the process */
  readonly logTag: string | undefined
}

/** A log line for one of its targets. */
export interface OutgoingLine {
  readonly target: LogTarget
  /** 0 … 7, at least the target's minimum level */
  readonly level: number
  readonly message: string
  /** structured data of the format rfc5424; may be empty */
  readonly structuredData: string
  /** the tag of a log profile; undefined: that of the source */
  readonly tag: string | undefined
  /** the number of the logger among those that get the line, from 1 */
  readonly logger: number
  /** the proxy that sends it; undefined: the process */
  readonly source: LogSource | undefined
}

/** The structured data of lines that have none (`default_rfc5424_sd_log_format`). */
const NO_STRUCTURED_DATA = '-'

export class Logger {
  readonly logs: LogRecord[] = []
  readonly messages: MessageRecord[] = []
  /** the number of warnings so far */
  warnings = 0
  /** lines that could not be delivered because a target was full */
  dropped = 0
  readonly #sampling = new LogSampling()
  readonly #profiles: ReadonlyMap<string, LogProfileConfig>
  /** whether log lines are sent: since the init functions of scripts */
  isOpen = false
  /** delivers lines to the targets of `log` lines; undefined in a simulation */
  deliver: ((line: OutgoingLine) => void) | undefined

  /** @param own the log targets of the `global` section */
  constructor(
    readonly trace: Trace,
    readonly process: string,
    readonly own: readonly LogTarget[],
    profiles: readonly LogProfileConfig[] = [],
  ) {
    this.#profiles = new Map(profiles.map((profile) => [profile.name, profile]))
  }

  /** Whether `source` (undefined: the process) has any log targets. */
  hasTargets(source: LogSource | undefined): boolean {
    return (source ? source.logs : this.own).length > 0
  }

  /**
   * Sends a log line to each target of `source` that wants lines of that level; empty ones are not sent.
   * @param level 0 … 7
   * @param details undefined: it is not about traffic
   */
  send(source: LogSource | undefined, level: number, message: string, details?: LineDetails): void {
    if (!this.isOpen) return
    let recorded: string | undefined
    let logger = 0
    for (const target of source ? source.logs : this.own) {
      if (level > target.level || (this.deliver && !this.#sampling.takes(target))) continue
      logger++
      const line = profiled(this.#profiles.get(target.profile ?? ''), message, details)
      if (line === undefined || line.message === '') continue
      if (line.message !== recorded) this.#record(source, level, line.message)
      recorded = line.message
      const { tag, structuredData = NO_STRUCTURED_DATA } = line
      this.deliver?.({
        target,
        level: Math.max(level, target.minLevel),
        message: line.message,
        structuredData: structuredData.replace(/ +$/, ''),
        tag,
        logger,
        source,
      })
    }
  }

  #record(source: LogSource | undefined, level: number, message: string): void {
    const record = {
      type: 'log' as const,
      at: this.trace.clock.now,
      process: this.process,
      level: LOG_LEVELS[level]!,
      proxy: source?.name ?? '',
      message,
    }
    this.logs.push(record)
    this.trace.write('log', { process: record.process, level: record.level, proxy: record.proxy, message })
  }

  /** Writes a message to the operator. */
  message(severity: Severity, text: string): void {
    if (severity === 'warning') this.warnings++
    this.#write(severity, text)
  }

  /** A warning that HAProxy writes to its standard error itself, without counting it. */
  uncountedWarning(text: string): void {
    this.#write('warning', text)
  }

  #write(severity: Severity, text: string): void {
    this.messages.push({ type: 'message', at: this.trace.clock.now, process: this.process, severity, text })
    this.trace.write('message', { process: this.process, severity, text })
  }

  /** Writes a warning of hapsim's, which HAProxy does not have. */
  hapsimWarning(text: string): void {
    const message = { process: this.process, severity: 'warning', text, own: true } as const
    this.messages.push({ type: 'message', at: this.trace.clock.now, ...message })
    this.trace.write('message', message)
  }

  /** Reports something both ways: as a warning to the operator and as a log line. */
  report(source: LogSource, level: number, text: string): void {
    this.message('warning', text)
    this.send(source, level, text)
  }
}
