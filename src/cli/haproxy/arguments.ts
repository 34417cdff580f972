/**
 * HAProxy's command line (section 3 of the management guide; `init_args` in src/haproxy.c). Flags are recognised by their first letters, as
 * in HAProxy: `-cfoo` is `-c`.
 */
import { atol } from '../../bytes/integers.js'
import { poolDebugProblem, traceProblem } from './debug-flags.js'

/** Accepted flags without effect: pollers, memory, forwarding, resource limits. */
const IGNORED_FLAGS = ['de', 'dp', 'dS', 'dG', 'dR', 'dF', 'dZ', 'dM', 'dc']

/** Accepted flags that are not supported, and the consequence. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  W: 'there is no master process: this process is the worker',
  Ws: 'there is no master process, and systemd is not notified',
  dt: 'traces are not supported',
  dL: 'there are no object files to list',
  dC: 'dumping the configuration is not supported',
  dV: 'server certificates are still verified as configured',
  m: 'memory is not limited',
}

export interface Arguments {
  readonly files: readonly string[]
  /** `-c` */
  readonly check: boolean
  /** `-cc` */
  readonly condition: string | undefined
  readonly verbose: boolean
  readonly quiet: boolean
  readonly diagnose: boolean
  /** `-D` without `-db` or `-d` */
  readonly background: boolean
  readonly zeroWarning: boolean
  readonly insecureFork: boolean
  /** `-dr` */
  readonly keepUnresolved: boolean
  /** `-dK`: the keyword classes to list */
  readonly keywords: string | undefined
  readonly directory: string | undefined
  readonly localPeer: string | undefined
  /** `-W` */
  readonly masterWorker: boolean
  readonly maxconn: number | undefined
  /** `-x`: the stats socket of a process to take listening sockets from */
  readonly oldSocket: string | undefined
  /** `-S` was given without `-W` */
  readonly lacksMaster: boolean
  /** only written with `-W` */
  readonly pidFile: string | undefined
  readonly oldProcesses: readonly number[]
  readonly oldSignal: 'SIGUSR1' | 'SIGTERM'
  /** warnings about unsupported flags */
  readonly unsupported: readonly string[]
}

/** Exit immediately: `alert` is printed first, then the output named by `show`. */
export interface EarlyExit {
  readonly alert?: string
  readonly show?: 'usage' | 'version' | 'build options' | 'memory help'
  readonly code: 0 | 1
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * Parses the command line.
 *
 * @param args without the interpreter and the program
 */
export const parseCommandLine = (args: readonly string[]): Arguments | EarlyExit => new ArgumentParser(args).read()

const USAGE: EarlyExit = { show: 'usage', code: 1 }

/** Single-letter flags with an argument. */
const FLAGS_WITH_ARGUMENT = 'CnmNLfpS'

class ArgumentParser {
  readonly #files: string[] = []
  readonly #unsupported = new Set<string>()
  readonly #oldProcesses: number[] = []
  readonly #result: Mutable<Arguments>
  #foreground = false
  #daemon = false
  #master = false
  #masterSocket = false
  #at = 0

  constructor(readonly args: readonly string[]) {
    this.#result = {
      files: this.#files,
      check: false,
      condition: undefined,
      verbose: false,
      quiet: false,
      diagnose: false,
      background: false,
      zeroWarning: false,
      insecureFork: false,
      keepUnresolved: false,
      keywords: undefined,
      directory: undefined,
      localPeer: undefined,
      masterWorker: false,
      maxconn: undefined,
      oldSocket: undefined,
      lacksMaster: false,
      pidFile: undefined,
      oldProcesses: this.#oldProcesses,
      oldSignal: 'SIGTERM',
      unsupported: [],
    }
  }

  read(): Arguments | EarlyExit {
    if (lacksLastArgument(this.args)) return { alert: 'failed to copy argv.', code: 1 }
    for (; this.#at < this.args.length; this.#at++) {
      const word = this.args[this.#at]!
      const ending = word.startsWith('-') ? this.#flag(word.slice(1)) : USAGE
      if (ending) return ending
    }
    const result = this.#result
    result.background = this.#daemon && !this.#foreground
    if (!this.#master) result.pidFile = undefined
    result.masterWorker = this.#master
    result.lacksMaster = this.#masterSocket && !this.#master
    result.unsupported = [...this.#unsupported]
    return result
  }

  #flag(flag: string): EarlyExit | undefined {
    if (flag.startsWith('v')) return { show: flag[1] === 'v' ? 'build options' : 'version', code: 0 }
    if (flag === '-') {
      this.#files.push(...this.args.slice(this.#at + 1))
      this.#at = this.args.length
      return undefined
    }
    if (flag.startsWith('d')) return this.#debugFlag(flag)
    if (flag.startsWith('cc')) {
      this.#result.condition = this.#next()
      return this.#result.condition === undefined ? USAGE : undefined
    }
    return this.#simpleFlag(flag) ? undefined : this.#flagWithArgument(flag)
  }

  /** Handles a flag without an argument; returns whether it was one. */
  #simpleFlag(flag: string): boolean {
    const result = this.#result
    if (flag.startsWith('c')) result.check = true
    else if (flag.startsWith('V')) result.verbose = true
    else if (flag.startsWith('q')) result.quiet = true
    else if (flag.startsWith('D')) this.#daemon = true
    else if (flag.startsWith('4')) return true
    else if (flag.startsWith('W')) {
      this.#master = true
      this.#unsupported.add(`-${flag.slice(0, 2)}: ${UNSUPPORTED[flag[1] === 's' ? 'Ws' : 'W']}`)
    } else return false
    return true
  }

  #debugFlag(flag: string): EarlyExit | undefined {
    const result = this.#result
    const kind = flag.slice(0, 2)
    if (kind === 'dK') result.keywords = flag.slice(2)
    else if (kind === 'dD') result.diagnose = true
    else if (kind === 'dW') result.zeroWarning = true
    else if (kind === 'dr') result.keepUnresolved = true
    else if (kind === 'dI') result.insecureFork = true
    else if (kind === 'dM' || kind === 'dt') {
      const ending = kind === 'dM' ? checkMemoryFlag(flag.slice(2)) : this.#traces()
      if (ending) return ending
    } else if (!IGNORED_FLAGS.includes(kind) && !(kind in UNSUPPORTED)) this.#foreground = true
    if (kind in UNSUPPORTED) this.#unsupported.add(`-${kind}: ${UNSUPPORTED[kind]}`)
    return undefined
  }

  /** `-dt`, with an optional argument. */
  #traces(): EarlyExit | undefined {
    if (this.args[this.#at + 1]?.startsWith('-') !== false) return undefined
    const problem = traceProblem(this.#next()!)
    return problem === undefined ? undefined : { alert: problem, code: 1 }
  }

  #flagWithArgument(flag: string): EarlyExit | undefined {
    if (flag.startsWith('sf') || flag.startsWith('st')) return this.#readOldProcesses(flag.slice(0, 2))
    if (flag.startsWith('x')) return this.#oldSocket()
    const word = this.#next()
    if (word === undefined) return USAGE
    const result = this.#result
    switch (flag[0]) {
      case 'f':
        this.#files.push(word)
        return undefined
      case 'C':
        result.directory = word
        return undefined
      case 'L':
        result.localPeer = word
        return undefined
      case 'n':
        result.maxconn = atol(word) || undefined
        return undefined
      case 'm':
        this.#unsupported.add(`-m: ${UNSUPPORTED.m}`)
        return undefined
      case 'N':
        return undefined
      case 'p':
        result.pidFile = word
        return undefined
      case 'S':
        this.#masterSocket = true
        this.#unsupported.add(`-S ${word}: there is no master process, so there is no master CLI`)
        return undefined
      default:
        return USAGE
    }
  }

  #oldSocket(): EarlyExit | undefined {
    const path = this.#next()
    if (path === undefined) return { alert: 'Unix socket path expected with the -x flag\n', ...USAGE }
    if (path === '/dev/null') return undefined
    this.#result.oldSocket = path
    this.#unsupported.add(`-x ${path}: sockets cannot be inherited from another process and are opened again`)
    return undefined
  }

  #readOldProcesses(flag: string): EarlyExit | undefined {
    this.#result.oldSignal = flag === 'sf' ? 'SIGUSR1' : 'SIGTERM'
    while (this.args[this.#at + 1]?.startsWith('-') === false) {
      const word = this.#next()!
      const rest = word.replace(/^\s*[+-]?\d+\s*/, '')
      if (rest !== '') return { alert: `-${flag} option: some bytes unconsumed in PID list {${rest}}`, code: 1 }
      const pid = atol(word)
      if (pid <= 0) return USAGE
      this.#oldProcesses.push(pid)
    }
    return undefined
  }

  #next(): string | undefined {
    return this.args[++this.#at]
  }
}

const checkMemoryFlag = (words: string): EarlyExit | undefined => {
  const problem = poolDebugProblem(words)
  if (problem === 'help') return { show: 'memory help', code: 0 }
  return problem === undefined ? undefined : { alert: problem, code: 1 }
}

/** HAProxy first copies the arguments for its master process, which fails if the last argument is missing (`copy_argv`). */
const lacksLastArgument = (args: readonly string[]): boolean => {
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!
    if (word === '--') return false
    if (word.startsWith('-x')) at++
    else if (word.startsWith('-') && word !== '-' && FLAGS_WITH_ARGUMENT.includes(word[1]!) && ++at >= args.length)
      return true
  }
  return false
}
