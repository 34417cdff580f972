/** The log of a test, in the format of varnishtest (VTest's src/vtc_log.c). */
import { MILLISECOND, type Micros } from '../engine/clock.js'

/** How important a line is: 0 a failure, 1 and 2 commands, 3 sockets, 4 data. */
export type LogLevel = 0 | 1 | 2 | 3 | 4

export interface LogEntry {
  readonly at: Micros
  readonly level: LogLevel
  /** who writes it: `top`, `c1` */
  readonly name: string
  readonly text: string
}

/** The longest text that is shown of data. */
const MAX_DUMP = 8192

const LEADS = ['----', '*   ', '**  ', '*** ', '****'] as const

export class TestLog {
  readonly entries: LogEntry[] = []

  constructor(readonly now: () => Micros) {}

  write(name: string, level: LogLevel, text: string): void {
    this.entries.push({ at: this.now(), level, name, text })
  }

  /** Writes data, a byte string: a line of the log for each of its lines. */
  dump(name: string, level: LogLevel, title: string, bytes: string): void {
    const shown = bytes.slice(0, MAX_DUMP)
    const lines = shown.split('\n')
    if (lines.at(-1) === '') lines.pop()
    for (const line of lines) this.write(name, level, `${title}|${quote(line)}`)
    if (bytes.length > MAX_DUMP) this.write(name, level, `${title}| [...] (${bytes.length - MAX_DUMP})`)
  }

  /** The lines, each moment with its time. @param from the number of the first entry */
  lines(from = 0): string[] {
    const lines: string[] = []
    let shownAt = -1
    for (const { at, level, name, text } of this.entries.slice(from)) {
      const time = Math.round(at / MILLISECOND)
      if (time !== shownAt) lines.push(`**** dT    ${(time / 1000).toFixed(3)}`)
      shownAt = time
      lines.push(`${LEADS[level]} ${name.padEnd(5)} ${text}`)
    }
    return lines
  }
}

/** Characters that are not printable as escapes. */
const quote = (bytes: string): string =>
  bytes.replace(/[^ -~\t]/g, (character) =>
    character === '\r' ? '\\r' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
