/**
 * The real HAProxy, run in the foreground in a temporary folder, with its output and its log kept line by line. Or the
 * `hapsim-haproxy` that is shipped, in its place: what is compared with the real one is compared with that then.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { encodeText, fromByteString } from '../../../src/bytes/text.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { OURS, REAL } from './programs.js'

/** A message to the operator, less the process number: `[WARNING] text`. */
const MESSAGE = /^\[([A-Z]+)\] +\(\d+\) : (.*)$/

export const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

/** `hapsim-haproxy` plays the real one's part where a test does not say who does (the project `executable` of vitest.config.ts). */
export const isExecutable = process.env.HAPSIM_PLAYER === 'hapsim-haproxy'

/** The program that plays the real one. */
export const PLAYER = isExecutable ? OURS : REAL

/** A pipe that is read here, or a descriptor of another owner. */
export type Output = 'pipe' | number

export class RealHaproxy {
  readonly folder = temporaryFolder('real')
  /** what it wrote to its standard output: log lines (`log stdout format raw`) and what scripts print */
  readonly output: string[] = []
  /** messages to the operator and everything else on the standard error output */
  readonly messages: string[] = []
  readonly #child: ChildProcess
  readonly #ended: Promise<number | null>

  /**
   * @param config `@DIR@` in it stands for the folder, in which `files` lie
   * @param outputs what it gets as descriptors 1, 2 and so on
   * @param environment variables beside those of the tests; the time zone is UTC without it
   */
  constructor(
    config: string,
    files: Readonly<Record<string, string>> = {},
    program = PLAYER,
    outputs: readonly Output[] = ['pipe', 'pipe'],
    environment: Readonly<Record<string, string>> = {},
  ) {
    const write = (name: string, content: string) => writeFileSync(join(this.folder, name), encodeText(content))
    for (const [name, content] of Object.entries(files)) write(name, content)
    write('haproxy.cfg', config.replaceAll('@DIR@', this.folder))
    this.#child = spawn(program, ['-db', '-f', 'haproxy.cfg'], {
      cwd: this.folder,
      env: { ...process.env, TZ: 'UTC', ...environment },
      stdio: ['ignore', ...outputs],
    })
    collect(this.#child.stdout, (line) => this.output.push(line))
    collect(this.#child.stderr, (line) => {
      if (!OWN.test(line)) this.messages.push(MESSAGE.exec(line)?.slice(1).join(' ') ?? line)
    })
    this.#ended = new Promise((resolve) => this.#child.once('close', (code) => resolve(code)))
  }

  /** Starts it and waits until it answers at `sock`, a socket in its folder, or has ended. */
  static async start(
    config: string,
    files: Readonly<Record<string, string>> = {},
    program = PLAYER,
    outputs?: readonly Output[],
  ): Promise<RealHaproxy> {
    const real = new RealHaproxy(config, files, program, outputs)
    let hasEnded = false
    void real.ended().then(() => (hasEnded = true))
    while (!hasEnded && !real.listensAt('sock')) await sleep(20)
    return real
  }

  /** Whether a line with `text` in it was printed, logged or said. */
  hasReported(text: string): boolean {
    return [this.output, this.messages].some((lines) => lines.some((line) => line.includes(text)))
  }

  /** What it said to the operator, as `[warning] text`, notices left out. */
  get warnings(): string[] {
    return this.messages
      .map((line) => line.replace(/^(ALERT|WARNING|NOTICE|DIAG) /, (_, tag: string) => `[${tag.toLowerCase()}] `))
      .filter((line) => !line.startsWith('[notice]'))
  }

  get pid(): number {
    return this.#child.pid!
  }

  send(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Waits until it ends by itself. */
  ended(): Promise<number | null> {
    return this.#ended
  }

  /** Waits until `condition` holds. Throws, with what was said so far, when that takes longer than `limit` ms. */
  async until(condition: () => boolean, limit = 45_000): Promise<void> {
    const end = Date.now() + limit
    while (!condition()) {
      if (Date.now() > end || this.#child.exitCode !== null)
        throw new Error(`it did not happen:\n${[...this.messages, ...this.output].join('\n')}`)
      await sleep(5)
    }
  }

  /** Whether there is a socket at `path` in the folder: it has started then. */
  listensAt(path: string): boolean {
    return existsSync(join(this.folder, path))
  }

  /** The answer of the runtime API at `socket`, a path in the folder. */
  cli(command: string, socket = 'sock'): Promise<string> {
    return new Promise((resolve, reject) => {
      const connection = connect(join(this.folder, socket), () => connection.end(encodeText(`${command}\n`)))
      let answer = ''
      connection.setEncoding('latin1')
      connection.on('data', (data: string) => (answer += data))
      connection.on('end', () => resolve(fromByteString(answer)))
      connection.on('error', reject)
    })
  }

  /** Ends it and takes its folder away. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill('SIGKILL')
    await this.#ended
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** What `hapsim-haproxy` has to say of itself. */
const OWN = /^hapsim: /

const collect = (stream: NodeJS.ReadableStream | null, take: (line: string) => void): void => {
  if (stream === null) return
  let rest = ''
  stream.setEncoding('latin1')
  stream.on('data', (data: string) => {
    const lines = (rest + data).split('\n')
    rest = lines.pop()!
    for (const line of lines) take(fromByteString(line))
  })
  stream.on('end', () => rest !== '' && take(fromByteString(rest)))
}
