/**
 * HAProxy's own command line (section 3 of the management guide; `init_args` in src/haproxy.c): what it asks for, or why
 * nothing more is to be done. A flag is known by its first letters, as in HAProxy: `-cfoo` is `-c`.
 */
import { atol } from '../../bytes/integers.js'
import { memoryProblem, traceProblem } from './debug-words.js'

/** Flags that have no meaning here and change nothing: pollers, memory, forwarding, resource limits. */
const WITHOUT_MEANING = ['de', 'dp', 'dS', 'dG', 'dR', 'dF', 'dZ', 'dM', 'dc']

/** What is not there, and what becomes of it. */
const MISSING: Readonly<Record<string, string>> = {
  W: 'there is no master process: this one process does the work itself',
  Ws: 'there is no master process, and systemd is not told that this one is ready',
  dt: 'there are no traces',
  dL: 'there are no object files to list',
  dC: 'the configuration is not shown',
  dV: 'certificates of servers are verified as the configuration says',
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
  /** `-dK`: the classes of keywords to list */
  readonly keywords: string | undefined
  readonly directory: string | undefined
  readonly localPeer: string | undefined
  /** `-W` */
  readonly masterWorker: boolean
  readonly maxconn: number | undefined
  /** `-x`: the runtime API of a process whose sockets are asked for */
  readonly oldSocket: string | undefined
  /** `-S` was given, without `-W` */
  readonly lacksMaster: boolean
  /** written with `-W` only */
  readonly pidFile: string | undefined
  readonly oldProcesses: readonly number[]
  readonly oldSignal: 'SIGUSR1' | 'SIGTERM'
  /** sentences about flags that do not do here what they do in HAProxy */
  readonly missing: readonly string[]
}

/** The call ends here. `alert` is said first, then what `show` names is shown. */
export interface Ending {
  readonly alert?: string
  readonly show?: 'usage' | 'version' | 'build options' | 'memory help'
  readonly code: 0 | 1
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** @param args without the names of the interpreter and the program */
export const readArguments = (args: readonly string[]): Arguments | Ending => new Reader(args).read()

const USAGE: Ending = { show: 'usage', code: 1 }

/** These are followed by a word, whatever it is. */
const WITH_WORD = 'CnmNLfpS'

class Reader {
  readonly #files: string[] = []
  readonly #missing = new Set<string>()
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
      missing: [],
    }
  }

  read(): Arguments | Ending {
    if (lacksWord(this.args)) return { alert: 'failed to copy argv.', code: 1 }
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
    result.missing = [...this.#missing]
    return result
  }

  #flag(flag: string): Ending | undefined {
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
    return this.#simpleFlag(flag) ? undefined : this.#flagWithWord(flag)
  }

  /** Whether it was one without a word after it. */
  #simpleFlag(flag: string): boolean {
    const result = this.#result
    if (flag.startsWith('c')) result.check = true
    else if (flag.startsWith('V')) result.verbose = true
    else if (flag.startsWith('q')) result.quiet = true
    else if (flag.startsWith('D')) this.#daemon = true
    else if (flag.startsWith('4')) return true
    else if (flag.startsWith('W')) {
      this.#master = true
      this.#missing.add(`-${flag.slice(0, 2)}: ${MISSING[flag[1] === 's' ? 'Ws' : 'W']}`)
    } else return false
    return true
  }

  #debugFlag(flag: string): Ending | undefined {
    const result = this.#result
    const kind = flag.slice(0, 2)
    if (kind === 'dK') result.keywords = flag.slice(2)
    else if (kind === 'dD') result.diagnose = true
    else if (kind === 'dW') result.zeroWarning = true
    else if (kind === 'dr') result.keepUnresolved = true
    else if (kind === 'dI') result.insecureFork = true
    else if (kind === 'dM' || kind === 'dt') {
      const ending = kind === 'dM' ? memoryEnding(flag.slice(2)) : this.#traces()
      if (ending) return ending
    } else if (!WITHOUT_MEANING.includes(kind) && !(kind in MISSING)) this.#foreground = true
    if (kind in MISSING) this.#missing.add(`-${kind}: ${MISSING[kind]}`)
    return undefined
  }

  /** `-dt`, with a word or without one. */
  #traces(): Ending | undefined {
    if (this.args[this.#at + 1]?.startsWith('-') !== false) return undefined
    const problem = traceProblem(this.#next()!)
    return problem === undefined ? undefined : { alert: problem, code: 1 }
  }

  #flagWithWord(flag: string): Ending | undefined {
    if (flag.startsWith('sf') || flag.startsWith('st')) return this.#oldProcessesAfter(flag.slice(0, 2))
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
        this.#missing.add(`-m: ${MISSING.m}`)
        return undefined
      case 'N':
        return undefined
      case 'p':
        result.pidFile = word
        return undefined
      case 'S':
        this.#masterSocket = true
        this.#missing.add(`-S ${word}: there is no master process, and no runtime API of one`)
        return undefined
      default:
        return USAGE
    }
  }

  #oldSocket(): Ending | undefined {
    const path = this.#next()
    if (path === undefined) return { alert: 'Unix socket path expected with the -x flag\n', ...USAGE }
    if (path === '/dev/null') return undefined
    this.#result.oldSocket = path
    this.#missing.add(`-x ${path}: sockets of another process cannot be taken over, they are opened anew`)
    return undefined
  }

  #oldProcessesAfter(flag: string): Ending | undefined {
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

const memoryEnding = (words: string): Ending | undefined => {
  const problem = memoryProblem(words)
  if (problem === 'help') return { show: 'memory help', code: 0 }
  return problem === undefined ? undefined : { alert: problem, code: 1 }
}

/** HAProxy copies the words for its master process first, which fails where the last one lacks (`copy_argv`). */
const lacksWord = (args: readonly string[]): boolean => {
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!
    if (word === '--') return false
    if (word.startsWith('-x')) at++
    else if (word.startsWith('-') && word !== '-' && WITH_WORD.includes(word[1]!) && ++at >= args.length) return true
  }
  return false
}
