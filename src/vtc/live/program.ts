/** Programs of the system that a test runs. */
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { Signal } from '../script.js'
import type { ProcessEnd, Program } from '../world.js'

export class LiveProgram implements Program {
  readonly changed = new Signal()
  readonly pid: number
  readonly child: ChildProcess
  output = ''
  end: ProcessEnd | undefined
  #lastOutput: NodeJS.Timeout | undefined

  /** @param inherited descriptors of the child beginning with 3 */
  constructor(
    command: string,
    directory: string,
    environment: Readonly<Record<string, string>>,
    inherited: readonly number[] = [],
  ) {
    const stdio: StdioOptions = ['pipe', 'pipe', 'pipe', ...inherited]
    this.child = spawn('/bin/sh', ['-c', command], { cwd: directory, env: environment, stdio })
    this.pid = this.child.pid ?? 0
    const { stdin, stdout, stderr } = this.child
    for (const stream of [stdout, stderr])
      stream?.on('data', (bytes: Buffer) => {
        this.output += bytes.toString('latin1')
        this.changed.notify()
      })
    stdin?.on('error', () => undefined)
    this.child.on('error', (error) => this.#ended(127, undefined, `${error.message}\n`))
    let status: readonly [number | null, NodeJS.Signals | null] | undefined
    this.child.on('exit', (code, signal) => {
      status = [code, signal]
      // what it has left behind may keep its output open
      this.#lastOutput = setTimeout(() => this.#ended(code ?? undefined, signal ?? undefined), LAST_OUTPUT_MS)
    })
    this.child.on('close', () => status && this.#ended(status[0] ?? undefined, status[1] ?? undefined))
  }

  #ended(code: number | undefined, signal: string | undefined, more = ''): void {
    if (this.end) return
    clearTimeout(this.#lastOutput)
    for (const stream of this.child.stdio) stream?.destroy()
    this.output += more
    this.end = { code, signal, output: this.output }
    this.changed.notify()
  }

  write(bytes: string): void {
    this.child.stdin?.write(bytes, 'latin1')
  }

  closeInput(): void {
    this.child.stdin?.end()
  }

  kill(signal: string): void {
    if (!this.end) this.child.kill(signal as NodeJS.Signals)
  }
}

/** How long output is waited for once a program has ended. */
const LAST_OUTPUT_MS = 500
