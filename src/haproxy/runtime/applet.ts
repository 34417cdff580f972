/**
 * The CLI applet: reads lines, executes their commands in order and writes the responses, each followed by an empty line
 * (`cli_io_handler` in src/cli.c). It executes nothing while a response has not been sent or a command is running, so that a slow
 * reader blocks its session instead of filling memory.
 */
import { encodeText, fromByteString, toByteString } from '../../bytes/text.js'
import { SECOND } from '../../engine/clock.js'
import type { RuntimeContext } from './context.js'
import { unknownCommandText } from './help.js'
import type { Answer, Job, JobOutput } from './job.js'
import { PERMISSION_DENIED } from './lookup.js'
import { MAX_ARGUMENTS, splitLine, type ParsedCommand } from './parse.js'
import type { Registry } from './registry.js'
import { hasLevel, newCliSession, type Level, type CliSession } from './session.js'

/** The maximum length of a line with its payload, in bytes (`tune.bufsize`). */
export const LONGEST_LINE = 16_384

const TOO_LONG =
  'The command line is too big for the buffer size. Please change tune.bufsize in the configuration to use a bigger ' +
  'command.\n'

/** Where responses are written. */
export interface AnswerSink {
  write(bytes: Uint8Array): void
  /** whether everything written so far has been sent */
  readonly hasRoom: boolean
}

export class CliApplet implements JobOutput {
  readonly session: CliSession
  inputEnded = false
  /** received and not read yet, byte string */
  #input = ''
  /** the commands of the current line, and the index of the next one */
  #commands: readonly ParsedCommand[] = []
  #next = 0
  /** the payload so far, and the line that ends it; byte strings */
  #payload: { text: string; readonly terminator: string } | undefined
  /** input has been received since the payload's prompt was shown */
  #payloadPromptDue = false
  #job: Job | undefined
  #omitsEmptyLine = false
  #closed = false

  constructor(
    readonly process: RuntimeContext,
    readonly registry: Registry,
    readonly sink: AnswerSink,
    level: Level,
  ) {
    this.session = newCliSession(level, process.variables)
  }

  /** The session is over. */
  get closed(): boolean {
    return this.#closed
  }

  /** Whether a command is running. */
  get busy(): boolean {
    return this.#job !== undefined
  }

  get hasRoom(): boolean {
    return this.sink.hasRoom
  }

  /** The number of bytes received and not read yet. */
  get waiting(): number {
    return this.#input.length
  }

  /** Receives input. */
  feed(bytes: Uint8Array): void {
    if (this.#closed) return
    this.#input += Buffer.from(bytes).toString('latin1')
    this.#payloadPromptDue = true
    if (this.#job) this.#job.inputCame?.()
    else this.advance()
  }

  /** The client has finished sending. @param complete whether an unfinished payload is complete */
  endInput(complete = false): void {
    this.inputEnded = true
    if (this.#job) return this.#job.inputCame?.()
    if (complete && this.#payload && !this.#closed) {
      this.#payload.text += this.#input
      this.#input = ''
      this.#finishPayload()
    }
    this.advance()
  }

  /** All written data has been sent. */
  roomMade(): void {
    if (this.#job) this.#job.roomMade?.()
    else this.advance()
  }

  /** The client has disconnected. */
  abandon(): void {
    this.#closed = true
    const job = this.#job
    this.#job = undefined
    job?.abandon()
  }

  /** Executes commands as far as possible. */
  advance(): void {
    while (!this.#closed && !this.#job && this.hasRoom) {
      if (this.#next < this.#commands.length) this.#execute(this.#commands[this.#next++]!)
      else if (!this.#takeLine()) return
    }
  }

  write(text: string): void {
    this.writeBytes(encodeText(text))
  }

  writeBytes(bytes: Uint8Array): void {
    if (!this.#closed && bytes.length > 0) this.sink.write(bytes)
  }

  readLine(): Uint8Array {
    const end = this.#input.indexOf('\n') + 1
    return Buffer.from(this.#take(end > 0 || !this.inputEnded ? end : this.#input.length), 'latin1')
  }

  read(limit: number): Uint8Array {
    return Buffer.from(this.#take(limit), 'latin1')
  }

  /** The job is done. */
  end(): void {
    if (!this.#job) return
    this.#job = undefined
    this.#finishCommand()
    this.advance()
  }

  #take(length: number): string {
    const taken = this.#input.slice(0, length)
    this.#input = this.#input.slice(length)
    return taken
  }

  /** Reads the next line if it is complete. Returns whether anything can be executed. */
  #takeLine(): boolean {
    const end = this.#input.indexOf('\n')
    const length = (end < 0 ? this.#input.length : end) + (this.#payload?.text.length ?? 0)
    if (end < 0 && length < LONGEST_LINE) {
      if (this.inputEnded) this.#closed = true
      else if (this.#payload) this.#promptForPayload()
      return false
    }
    if (length >= LONGEST_LINE) {
      this.write(TOO_LONG)
      this.#closed = true
      return false
    }
    const line = this.#take(end + 1).slice(0, -1)
    if (this.#payload) this.#addToPayload(line, this.#payload)
    else this.#beginLine(line)
    return true
  }

  #beginLine(line: string): void {
    const { commands, terminator } = splitLine(fromByteString(line))
    this.#commands = commands
    this.#next = 0
    if (terminator === undefined) return
    this.#payload = { text: '', terminator: toByteString(terminator) }
    this.#next = commands.length
  }

  #addToPayload(line: string, payload: { text: string; readonly terminator: string }): void {
    if (line === payload.terminator) return this.#finishPayload()
    payload.text += `${line}\n`
  }

  /** Shows the prompt of a payload once all input is read. */
  #promptForPayload(): void {
    if (this.session.mode === 'prompt' && this.#payloadPromptDue) this.write('+ ')
    this.#payloadPromptDue = false
  }

  /**
   * The payload belongs to the last command of its line, without the line feed of its last line. HAProxy finds that end by going back
   * over the terminator, so that a payload without lines consists of the terminator.
   */
  #finishPayload(): void {
    const { text, terminator } = this.#payload!
    const payload = fromByteString(text === '' ? `${terminator}\n` : text.replace(/\n$/, ''))
    this.#payload = undefined
    this.#commands = this.#commands.map((command, index) =>
      index === this.#commands.length - 1 ? { ...command, payload } : command,
    )
    this.#next = 0
  }

  #execute(command: ParsedCommand): void {
    const answer = this.#answer(command)
    if (this.session.closed) {
      this.#closed = true
      return
    }
    if (typeof answer === 'string') {
      this.write(answer)
      return this.#finishCommand()
    }
    this.#job = answer
    answer.start(this)
  }

  #answer({ words, payload }: ParsedCommand): Answer {
    if (words.length === 0) return ''
    if (words.length > MAX_ARGUMENTS)
      return `Too many arguments. Commands must have at most ${MAX_ARGUMENTS} arguments.\n`
    const { registry, process, session } = this
    const command = registry.find(words)
    if (command === undefined) return unknownCommandText(registry, session, words)
    const { mode, level, dashAt } = command
    const args = words.slice(command.words.length)
    this.#omitsEmptyLine = dashAt !== undefined && args[dashAt] === '-'
    if (mode !== undefined && !session.restricted[mode]) return `This command is restricted to ${mode} mode only.\n`
    if (mode !== undefined) process.counters.taint(`${mode} mode`)
    if (level !== undefined && !hasLevel(session, level)) return PERMISSION_DENIED
    const answer = command.run({ process, registry, session, words, args, payload })
    return typeof answer === 'string' ? endLine(answer) : answer
  }

  /** Writes the empty line after a response, and the prompt after the last one of a line. */
  #finishCommand(): void {
    if (!this.#omitsEmptyLine || this.session.mode === 'prompt') this.write('\n')
    this.#omitsEmptyLine = false
    if (this.#next < this.#commands.length) return
    if (this.session.mode === 'single') this.#closed = true
    else if (this.session.mode === 'prompt') this.write(this.#prompt())
  }

  #prompt(): string {
    if (!this.session.timed) return '> '
    const up = Math.floor((this.process.clock.now - this.process.startedAt) / SECOND)
    const two = (number: number): string => String(number).padStart(2, '0')
    const [days, hours] = [Math.floor(up / 86_400), Math.floor(up / 3600) % 24]
    return `[${days}:${two(hours)}:${two(Math.floor(up / 60) % 60)}:${two(up % 60)}]> `
  }
}

/** Ends a response that is not empty with a line feed (`cli_output_msg`). */
const endLine = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`)
