/** The standard output and error of a process, which scripts write to. Output is recorded in the trace, line by line. */
import { joinBytes } from '../../bytes/join.js'
import type { Micros } from '../../engine/clock.js'
import type { Trace } from '../../engine/trace.js'
import { jsString, luaString } from '../fengari.js'

/** The record of a line in the trace. */
export interface PrintRecord {
  readonly type: 'print'
  readonly at: Micros
  readonly process: string
  readonly stream: 'stdout' | 'stderr'
  /** without the final line feed */
  readonly text: string
}

const LINE_FEED = 10

/** An incomplete line is recorded once it has this many bytes. */
const MAX_LINE = 1_048_576

/** The output of a process. */
export class Output {
  readonly #unfinished: { stdout: Uint8Array[]; stderr: Uint8Array[] } = { stdout: [], stderr: [] }
  readonly #length = { stdout: 0, stderr: 0 }

  constructor(
    readonly trace: Trace,
    readonly process: string,
  ) {}

  /** Writes a line. */
  writeLine(stream: 'stdout' | 'stderr', text: string): void {
    this.writeBytes(stream, luaString(`${text}\n`))
  }

  /** Writes bytes. An incomplete line is kept until its line feed is written. */
  writeBytes(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    const unfinished = this.#unfinished[stream]
    let from = 0
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
      this.#record(stream, [...unfinished.splice(0), bytes.subarray(from, end)])
      from = end + 1
    }
    if (from === bytes.length) return
    unfinished.push(bytes.slice(from))
    this.#length[stream] += bytes.length - from
    if (this.#length[stream] > MAX_LINE) this.#record(stream, unfinished.splice(0))
  }

  /** Records incomplete lines, as at the end of the process. */
  flush(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const rest = this.#unfinished[stream].splice(0)
      if (rest.length > 0) this.#record(stream, rest)
    }
  }

  #record(stream: 'stdout' | 'stderr', parts: readonly Uint8Array[]): void {
    const bytes = parts.length === 1 ? parts[0]! : joinBytes(parts)
    this.#length[stream] = 0
    const { process, trace } = this
    trace.write('print', { process, stream, text: jsString(bytes) })
  }
}
