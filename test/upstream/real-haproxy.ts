/** The real HAProxy, run in a directory of its own, asked over its runtime API. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

const binary = join(process.env['HAPSIM_UPSTREAM'] ?? join(homedir(), '.cache', 'hapsim-upstream'), 'haproxy')

/** Whether it is there. @param what is not compared when it is not; said loudly */
export const realHaproxyPresent = (what: string): boolean => {
  const present = existsSync(binary)
  if (!present) console.warn(`SKIPPED: ${what} is not compared with the real HAProxy, as ${binary} is not there`)
  return present
}

export const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

export class RealHaproxy {
  readonly directory = mkdtempSync(join(tmpdir(), 'hapsim-real-'))
  /** what it printed, and its messages */
  stdout = ''
  stderr = ''
  #child: ChildProcess | undefined

  /** @param files by name; `haproxy.cfg` is the configuration, SOCKET and DIR in it become a stats socket and the directory */
  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files))
      writeFileSync(
        join(this.directory, name),
        text.replaceAll('SOCKET', join(this.directory, 'cli')).replaceAll('DIR', this.directory),
      )
  }

  /** Starts it and waits until it answers, or has ended. */
  async start(): Promise<this> {
    const child = spawn(binary, ['-db', '-f', 'haproxy.cfg'], { cwd: this.directory })
    this.#child = child
    child.stdout.on('data', (data: Buffer) => (this.stdout += data.toString('utf8')))
    child.stderr.on('data', (data: Buffer) => (this.stderr += data.toString('utf8')))
    for (let i = 0; i < 100 && child.exitCode === null; i++) {
      await sleep(50)
      if (existsSync(join(this.directory, 'cli'))) return this
    }
    return this
  }

  /** Sends one line and returns all that comes back. */
  ask(line: string): Promise<string> {
    return new Promise((done, fail) => {
      let answer = ''
      const socket = connect(join(this.directory, 'cli'), () => socket.write(`${line}\n`))
      socket.on('data', (data) => (answer += data.toString('utf8')))
      socket.on('end', () => done(answer))
      socket.on('error', fail)
    })
  }

  /** Waits until it has said `text`, for five seconds at most. */
  async waitFor(text: string): Promise<void> {
    const said = () => this.stdout.includes(text) || this.stderr.includes(text)
    for (let i = 0; i < 100 && !said() && this.#child?.exitCode === null; i++) await sleep(50)
  }

  async stop(): Promise<void> {
    const child = this.#child
    if (child && child.exitCode === null) {
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGKILL')
      await ended
    }
    rmSync(this.directory, { recursive: true, force: true })
  }
}
