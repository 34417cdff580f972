/**
 * How HAProxy speaks to the operator: messages on the standard error, each with its level and the process number, and
 * before the first warning or alert of a start who speaks (`print_message` and `warn_exec_path` in src/errors.c).
 */
import { encodeText } from '../bytes/text.js'
import type { Severity } from '../config/index.js'
import { HAPROXY_VERSION } from '../haproxy/index.js'
import type { LineWriter } from './output.js'

export interface OperatorOptions {
  readonly stderr: LineWriter
  readonly pid: number
  /** `-q` without `-V`: nothing is said */
  readonly quiet?: boolean
  /** the path of the program, which is said before the first message of the start; left out: nobody asks who speaks */
  readonly program?: string
}

/** Who speaks to the operator. */
export interface Spokesman {
  say(severity: Severity, text: string): void
  /** The start is over: who speaks is known from now on. */
  started(): void
}

export class Operator implements Spokesman {
  /** while it is being started */
  #starting: boolean

  constructor(readonly options: OperatorOptions) {
    this.#starting = options.program !== undefined
  }

  say(severity: Severity, text: string): void {
    if (this.#starting && (severity === 'alert' || severity === 'warning')) {
      this.#starting = false
      this.#print('notice', `haproxy version is ${HAPROXY_VERSION}`)
      this.#print('notice', `path to executable is ${this.options.program}`)
    }
    this.#print(severity, text)
  }

  started(): void {
    this.#starting = false
  }

  #print(severity: Severity, text: string): void {
    const { stderr, pid, quiet } = this.options
    if (!quiet) stderr.write(encodeText(`${`[${severity.toUpperCase()}]`.padEnd(10)} (${pid}) : ${text}\n`))
  }
}
