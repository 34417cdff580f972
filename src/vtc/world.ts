/** What a test uses of the world it runs in: a simulation, or real sockets and processes. Texts are byte strings. */
import type { FiberHost } from './fiber.js'
import type { Script, Signal } from './script.js'

/** Something that could not be done. */
export interface Problem {
  /** as the C library describes it: `Connection refused` */
  readonly error: string
}

export const isProblem = (value: object): value is Problem => 'error' in value && typeof value.error === 'string'

/** The address of a socket; `path` in place of both for UNIX sockets. */
export interface SocketName {
  readonly ip: string
  readonly port: number
  readonly path?: string | undefined
}

/** A stream connection. */
export interface Pipe {
  /** notified when there is something to read, room to write, or it has ended */
  readonly changed: Signal
  readonly local: SocketName
  readonly remote: SocketName
  /** what was received and not yet taken */
  readonly received: Received
  /** the peer has finished sending, or the connection has failed, and everything is taken */
  readonly ended: boolean
  /** why it has failed: `Connection reset by peer` */
  readonly failure: string | undefined
  /** Sends as much as there is room for; returns the number of bytes, or why nothing can be sent any more. */
  send(bytes: string): number | Problem
  /** Shuts down sending. */
  finish(): void
  /** Closes it; with bytes that were not taken, it is reset. */
  close(): void
}

/** The bytes that were received. */
export interface Received {
  readonly length: number
  /** Returns up to `limit` bytes without taking them. */
  peek(limit: number): string
  take(limit: number): string
}

/** A listening socket. */
export interface Listener {
  readonly name: SocketName
  /** notified when there is a connection to accept */
  readonly changed: Signal
  readonly waiting: number
  accept(): Pipe | undefined
  close(): void
}

/** A UDP socket that receives. */
export interface Datagrams {
  readonly name: SocketName
  readonly changed: Signal
  /** received and not yet taken, oldest first */
  readonly queue: string[]
  close(): void
}

/** How a program is started. */
export interface HaproxyStart {
  readonly config: string
  /** `-arg` */
  readonly args: string
  /** `-c`: only check the configuration */
  readonly checks: boolean
  readonly daemon: boolean
  /** `-W` or `-Ws` */
  readonly worker: 'none' | 'worker' | 'notify'
  readonly environment: Readonly<Record<string, string>>
}

/** How a process has ended. */
export interface ProcessEnd {
  /** its exit code; undefined: it was ended by a signal */
  readonly code: number | undefined
  readonly signal: string | undefined
  /** what it wrote to standard output and error */
  readonly output: string
}

/** A HAProxy process of a test. */
export interface HaproxyInstance {
  readonly pid: number
  /** set once it has ended */
  readonly end: ProcessEnd | undefined
  /** notified when it writes output or ends */
  readonly changed: Signal
  /** what it has written so far */
  readonly output: string
  /** Interrupts it (SIGINT) and waits until it has ended. */
  stop(): Script<ProcessEnd>
}

/** What becomes a HAProxy process: its listening sockets are open before it starts. */
export interface HaproxySlot {
  /** its directory */
  readonly directory: string
  /** Opens a listening socket that it inherits; returns its address and its descriptor in the process. */
  inherit(): Script<(SocketName & { readonly fd: number }) | Problem>
  /** Starts it; waits until it is known whether that succeeds, where it is known. */
  start(options: HaproxyStart): Script<HaproxyInstance>
  /** Closes the listening sockets and removes the directory. */
  release(): void
}

/** The result of a command of the shell. */
export interface CommandResult {
  readonly code: number
  /** of both standard output and error */
  readonly output: string
}

/** A program of `process`. */
export interface Program {
  readonly changed: Signal
  readonly pid: number
  readonly end: ProcessEnd | undefined
  readonly output: string
  write(bytes: string): void
  closeInput(): void
  kill(signal: string): void
}

export interface World extends FiberHost {
  /** `simulated`: programs cannot be run, and files are written in memory only */
  readonly kind: 'simulated' | 'live'
  /** milliseconds since 1970 */
  readonly date: number
  /** the folder of files that the test makes */
  readonly folder: string
  /** Listens on `IP:PORT`, `IP PORT` or a path; port 0 chooses one. */
  listen(address: string): Script<Listener | Problem>
  /** Connects, within ten seconds. */
  connect(address: string): Script<Pipe | Problem>
  /** Receives datagrams on `IP:PORT`. */
  datagrams(address: string): Script<Datagrams | Problem>
  /** Prepares a HAProxy process. @param name of the command: `h1` */
  haproxy(name: string): HaproxySlot
  /** The content of a file. */
  readFile(path: string): string | Problem
  /** Writes a file, or appends to it. */
  writeFile(path: string, content: string, append: boolean): Problem | undefined
  /** Runs a command with `/bin/sh`; undefined: this world runs no programs. */
  readonly shell:
    ((command: string, environment: Readonly<Record<string, string>>) => Script<CommandResult>) | undefined
  /** Starts a program with `/bin/sh`; undefined: this world runs no programs. */
  readonly spawn: ((command: string, environment: Readonly<Record<string, string>>) => Program) | undefined
  /** Evaluates a condition as `haproxy -cc` does; undefined: the program must be run. */
  readonly condition: ((text: string, environment: Readonly<Record<string, string>>) => boolean) | undefined
  /** whether the system has what `feature NAME` asks for; undefined: the name is unknown */
  feature(name: string): boolean | undefined
  /** Closes everything. */
  close(): void
}
