/** The real HAProxy, run in the foreground in a folder of its own, with what it says and logs kept line by line. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { upstream } from './upstream.js'

/** A message to the operator, less the process number: `[WARNING] text`. */
const MESSAGE = /^\[([A-Z]+)\] +\(\d+\) : (.*)$/

export class RealHaproxy {
  readonly folder = mkdtempSync(join(tmpdir(), 'hapsim-real-'))
  /** what it wrote to its standard output: log lines (`log stdout format raw`) and what scripts print */
  readonly output: string[] = []
  /** messages to the operator and whatever else came on the standard error */
  readonly messages: string[] = []
  readonly #child: ChildProcess
  readonly #ended: Promise<number | null>

  /** @param config `@DIR@` in it stands for the folder, in which `files` lie */
  constructor(config: string, files: Readonly<Record<string, string>> = {}) {
    const write = (name: string, content: string) => writeFileSync(join(this.folder, name), content)
    for (const [name, content] of Object.entries(files)) write(name, content)
    write('haproxy.cfg', config.replaceAll('@DIR@', this.folder))
    this.#child = spawn(upstream('haproxy'), ['-db', '-f', 'haproxy.cfg'], {
      cwd: this.folder,
      env: { ...process.env, TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    collect(this.#child.stdout!, (line) => this.output.push(line))
    collect(this.#child.stderr!, (line) => this.messages.push(MESSAGE.exec(line)?.slice(1).join(' ') ?? line))
    this.#ended = new Promise((resolve) => this.#child.once('close', (code) => resolve(code)))
  }

  /** Waits until it ends by itself. */
  ended(): Promise<number | null> {
    return this.#ended
  }

  /** Waits until `condition` holds. Throws, with what was said so far, when that takes longer than `limit` ms. */
  async until(condition: () => boolean, limit = 20_000): Promise<void> {
    const end = Date.now() + limit
    while (!condition()) {
      if (Date.now() > end || this.#child.exitCode !== null)
        throw new Error(`it did not happen:\n${[...this.messages, ...this.output].join('\n')}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  /** Whether there is a socket at `path` in the folder: it has started then. */
  listensAt(path: string): boolean {
    return existsSync(join(this.folder, path))
  }

  /** The answer of the runtime API at `socket`, a path in the folder. */
  cli(command: string, socket = 'sock'): Promise<string> {
    return new Promise((resolve, reject) => {
      const connection = connect(join(this.folder, socket), () => connection.end(`${command}\n`))
      let answer = ''
      connection.setEncoding('utf8')
      connection.on('data', (data: string) => (answer += data))
      connection.on('end', () => resolve(answer))
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

const collect = (stream: NodeJS.ReadableStream, take: (line: string) => void): void => {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (data: string) => {
    const lines = (rest + data).split('\n')
    rest = lines.pop()!
    lines.forEach(take)
  })
  stream.on('end', () => rest !== '' && take(rest))
}
