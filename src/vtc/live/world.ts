/** The world of a test on real sockets, in real time. */
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemErrorText } from '../../bytes/errno.js'
import { fromByteString, toByteString } from '../../bytes/text.js'
import { Failure } from '../failure.js'
import type { Script } from '../script.js'
import type { CommandResult, Datagrams, HaproxySlot, Listener, Pipe, Problem, Program, World } from '../world.js'
import { LiveSlot } from './haproxy.js'
import { awaited, LiveHost } from './host.js'
import { openDatagrams, openListener, openPipe, type Target } from './pipe.js'
import { LiveProgram } from './program.js'

/** How long connecting may take, in milliseconds. */
const CONNECT_LIMIT_MS = 10_000

export class LiveWorld extends LiveHost implements World {
  readonly kind = 'live'
  readonly folder: string
  readonly condition = undefined
  readonly #programs = new Set<LiveProgram>()
  readonly #closing: { close(): void }[] = []
  readonly #pipes: Pipe[] = []

  /** @param program HAProxy, as text of the shell; @param args for each start of it */
  constructor(
    readonly program: string,
    readonly args: string,
  ) {
    super()
    this.folder = toByteString(mkdtempSync(join(tmpdir(), 'vtc.')))
  }

  get date(): number {
    return Date.now()
  }

  *listen(text: string): Script<Listener | Problem> {
    return this.#kept(yield* awaited(`listening on ${text}`, openListener(targetOf(text))))
  }

  *connect(text: string): Script<Pipe | Problem> {
    const pipe = yield* awaited(`the connection to ${text}`, openPipe(targetOf(text), CONNECT_LIMIT_MS))
    if (!('error' in pipe)) this.#pipes.push(pipe)
    return pipe
  }

  *datagrams(text: string): Script<Datagrams | Problem> {
    const target = targetOf(text)
    if ('path' in target) throw new Failure(`'${text}' is not an address: IP:PORT`)
    return this.#kept(yield* awaited(`listening on ${text}`, openDatagrams(target.host, target.port)))
  }

  #kept<Socket extends { close(): void }>(socket: Socket | Problem): Socket | Problem {
    if ('close' in socket) this.#closing.push(socket)
    return socket
  }

  haproxy(name: string): HaproxySlot {
    const { program, args } = this
    const started = (each: LiveProgram): void => void this.#programs.add(each)
    return new LiveSlot({ host: this, program, args, started }, `${this.folder}/${name}`)
  }

  readFile(path: string): string | Problem {
    try {
      return readFileSync(this.#path(path), 'latin1')
    } catch (error) {
      return { error: systemErrorText(error) }
    }
  }

  writeFile(path: string, content: string, append: boolean): Problem | undefined {
    try {
      ;(append ? appendFileSync : writeFileSync)(this.#path(path), content, 'latin1')
      return undefined
    } catch (error) {
      return { error: systemErrorText(error) }
    }
  }

  /** Relative paths are in the folder of the test. */
  #path(path: string): string {
    return path.startsWith('/') ? fromByteString(path) : join(this.folder, fromByteString(path))
  }

  readonly shell = function* (
    this: LiveWorld,
    command: string,
    environment: Readonly<Record<string, string>>,
  ): Script<CommandResult> {
    const program = this.spawn(command, environment) as LiveProgram
    program.closeInput()
    yield { what: 'the end of a command of the shell', on: program.changed, ready: () => program.end !== undefined }
    const { code, output } = program.end!
    return { code: code ?? 255, output }
  }.bind(this)

  readonly spawn = (command: string, environment: Readonly<Record<string, string>>): Program => {
    const program = new LiveProgram(fromByteString(command), this.folder, environment)
    this.#programs.add(program)
    return program
  }

  feature(name: string): boolean | undefined {
    if (name === 'ipv6')
      return Object.values(networkInterfaces()).some((all) => all?.some(({ family }) => family === 'IPv6'))
    if (name === 'root') return process.geteuid?.() === 0
    if (name === 'user_varnish' || name === 'user_vcache') return isUser(name.slice('user_'.length))
    return FEATURES[name]
  }

  override close(): void {
    super.close()
    for (const program of this.#programs) program.kill('SIGKILL')
    for (const socket of this.#closing) socket.close()
    for (const pipe of this.#pipes) pipe.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

const FEATURES: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['ipv4', '64bit', 'abstract_uds', 'disable_aslr'].map((name) => [name, true])),
  ...Object.fromEntries(
    'dns topbuild group_varnish persistent_storage coverage asan msan tsan ubsan sanitizer workspace_emulator'
      .split(' ')
      .map((name) => [name, false]),
  ),
}

const isUser = (name: string): boolean => {
  try {
    execFileSync('id', [name], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** `IP:PORT`, `IP PORT`, `[IP]:PORT`, a name in place of the IP, or a path. Throws a {@link Failure}. */
const targetOf = (text: string): Target => {
  if (text.startsWith('/')) return { path: fromByteString(text) }
  const [, bracketed, plain, port] = /^\s*(?:\[([^\]]+)\]|([^\s:[\]]+))[\s:]+(\d{1,5})\s*$/.exec(text) ?? []
  const host = bracketed ?? plain
  if (host === undefined || Number(port) > 65_535) throw new Failure(`'${text}' is not an address: IP:PORT or a path`)
  return { host, port: Number(port) }
}
