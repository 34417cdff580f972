/**
 * HAProxy's messages on stderr, with severity and process id. The first warning or alert while starting is preceded by the version and the
 * path of the program (`print_message` and `warn_exec_path` in src/errors.c).
 */
import { encodeText } from '../bytes/text.js'
import type { Severity } from '../config/index.js'
import { HAPROXY_VERSION } from '../haproxy/index.js'
import type { LineWriter } from './output.js'

export interface StderrConsoleOptions {
  readonly stderr: LineWriter
  readonly pid: number
  /** `-q` without `-V`: nothing is printed */
  readonly quiet?: boolean
  /** the path of the program, printed before the first message while starting; undefined: not printed */
  readonly program?: string
}

/** Where messages for the operator go. */
export interface OperatorConsole {
  /** Prints a message. */
  write(severity: Severity, text: string): void
  /** The process has started: the version is no longer printed. */
  started(): void
}

export class StderrConsole implements OperatorConsole {
  /** whether the process is still starting */
  #starting: boolean

  constructor(readonly options: StderrConsoleOptions) {
    this.#starting = options.program !== undefined
  }

  write(severity: Severity, text: string): void {
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
