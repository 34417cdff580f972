/** What scripts print: it goes to the standard output of the process, or its standard error, line by line. */
import type { Micros } from '../engine/clock.js'
import type { Trace } from '../engine/trace.js'

/** What the trace keeps of a line. */
export interface PrintRecord {
  readonly type: 'print'
  readonly at: Micros
  readonly process: string
  readonly stream: 'stdout' | 'stderr'
  /** without the line feed at its end */
  readonly text: string
}

export class Output {
  readonly printed: PrintRecord[] = []
  readonly #unfinished = { stdout: '', stderr: '' }

  constructor(
    readonly trace: Trace,
    readonly process: string,
  ) {}

  /** Prints a whole line; line feeds within make it several. */
  line(stream: 'stdout' | 'stderr', text: string): void {
    this.write(stream, `${text}\n`)
  }

  /** Writes some text; what has no line feed yet waits for it. */
  write(stream: 'stdout' | 'stderr', text: string): void {
    const lines = (this.#unfinished[stream] + text).split('\n')
    this.#unfinished[stream] = lines.pop()!
    for (const line of lines) {
      this.printed.push({ type: 'print', at: this.trace.clock.now, process: this.process, stream, text: line })
      this.trace.write('print', { process: this.process, stream, text: line })
    }
  }
}
