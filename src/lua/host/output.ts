/** What scripts print: it goes to the standard output of the process, or its standard error, line by line. */
import { joinBytes } from '../../bytes/join.js'
import type { Micros } from '../../engine/clock.js'
import type { Trace } from '../../engine/trace.js'
import { jsString, luaString } from '../fengari.js'

/** What the trace keeps of a line. */
export interface PrintRecord {
  readonly type: 'print'
  readonly at: Micros
  readonly process: string
  readonly stream: 'stdout' | 'stderr'
  /** without the line feed at its end */
  readonly text: string
}

const LINE_FEED = 10

/** What waits for its line feed is said at the latest when it is this much. */
const LONGEST_LINE = 1_048_576

export class Output {
  readonly #unfinished: { stdout: Uint8Array[]; stderr: Uint8Array[] } = { stdout: [], stderr: [] }
  readonly #length = { stdout: 0, stderr: 0 }

  constructor(
    readonly trace: Trace,
    readonly process: string,
  ) {}

  /** Prints a whole line; line feeds within make it several. */
  line(stream: 'stdout' | 'stderr', text: string): void {
    this.writeBytes(stream, luaString(`${text}\n`))
  }

  /** Writes some bytes; what has no line feed yet waits for it. */
  writeBytes(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    const unfinished = this.#unfinished[stream]
    let from = 0
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
      this.#say(stream, [...unfinished.splice(0), bytes.subarray(from, end)])
      from = end + 1
    }
    if (from === bytes.length) return
    unfinished.push(bytes.slice(from))
    this.#length[stream] += bytes.length - from
    if (this.#length[stream] > LONGEST_LINE) this.#say(stream, unfinished.splice(0))
  }

  /** Says what has no line feed at its end: the process ends. */
  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const rest = this.#unfinished[stream].splice(0)
      if (rest.length > 0) this.#say(stream, rest)
    }
  }

  #say(stream: 'stdout' | 'stderr', parts: readonly Uint8Array[]): void {
    const bytes = parts.length === 1 ? parts[0]! : joinBytes(parts)
    this.#length[stream] = 0
    const { process, trace } = this
    trace.write('print', { process, stream, text: jsString(bytes) })
  }
}
