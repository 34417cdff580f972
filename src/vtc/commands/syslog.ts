/** `syslog SNAME …`: a server that receives log lines (VTest's src/vtc_syslog.c). */
import { Failure } from '../failure.js'
import type { Fiber } from '../fiber.js'
import { matches } from '../http/index.js'
import { execute } from '../interpreter.js'
import type { Source } from '../reader/words.js'
import { immediately, type Script } from '../script.js'
import { isProblem, type Datagrams } from '../world.js'
import { checkName } from './names.js'
import { Actor, type Command, type Commands, type Resettable, type Test } from '../test.js'

const LEVELS = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug']

const levelOf = (word: string): number => {
  const level = LEVELS.indexOf(word)
  if (level < 0) throw new Failure(`wrong syslog level '${word}'`)
  return level
}

class Syslog implements Resettable {
  readonly actor: Actor
  repeat = 1
  address = '127.0.0.1:0'
  /** lines of other levels are skipped; undefined: all are */
  level: number | undefined
  source: Source | undefined
  /** the line that was received last */
  received = ''
  #socket: Datagrams | undefined
  #fiber: Fiber | undefined

  constructor(
    readonly test: Test,
    readonly name: string,
  ) {
    this.actor = new Actor(test, name)
  }

  get isRunning(): boolean {
    return this.#fiber !== undefined
  }

  *bind(): Script<Datagrams> {
    this.#socket?.close()
    const socket = yield* this.test.world.datagrams(this.address)
    if (isProblem(socket))
      throw new Failure(`Syslog server bind address (${this.address}) cannot be used: ${socket.error}`)
    this.#socket = socket
    const { ip, port } = socket.name
    this.test.macros.defineAddress(this.name, ip, port)
    this.address = ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
    return socket
  }

  *start(): Script {
    const { source } = this
    if (source === undefined) throw new Failure(`syslog ${this.name} has no commands`)
    this.actor.log(2, 'Starting syslog server')
    const socket = this.#socket ?? (yield* this.bind())
    this.actor.log(1, `Bound on ${this.address}`)
    this.#fiber = this.test.start(this.name, this.#run(source, socket))
  }

  *#run(source: Source, socket: Datagrams): Script {
    try {
      for (let turn = 0; turn < this.repeat; turn++) {
        if (this.repeat > 1) this.actor.log(3, `Iteration ${turn}`)
        yield* execute(source, SYSLOG_COMMANDS, this as Syslog, this.actor)
      }
    } finally {
      socket.close()
      if (this.#socket === socket) this.#socket = undefined
    }
    this.actor.log(2, 'Ending')
  }

  /** Receives the next line of a level. */
  *receive(level: number | undefined): Script {
    const socket = this.#socket
    if (!socket) throw new Failure('the socket is closed')
    for (;;) {
      yield {
        what: `a log line${level === undefined ? '' : ` of level ${LEVELS[level]}`} at ${this.address}`,
        on: socket.changed,
        ready: () => socket.queue.length > 0,
      }
      this.received = socket.queue.shift()!
      this.actor.dump(4, 'syslog', this.received)
      const [, priority] = /^<(\d+)>/.exec(this.received) ?? []
      if (priority === undefined) throw new Failure("syslog PRI: the line does not begin with '<NUMBER>'")
      if (level !== undefined && (Number(priority) & 7) === level) return
    }
  }

  *wait(): Script {
    if (!this.#fiber) throw new Failure('Syslog server not -started')
    this.actor.log(2, 'Waiting for syslog server')
    if (!this.#fiber.isEnded) yield this.#fiber.join()
    this.#fiber = undefined
  }

  stop(): void {
    this.actor.log(2, 'Stopping for syslog server')
    this.#fiber?.cancel()
    this.#fiber = undefined
  }

  reset(): Script {
    return immediately(() => {
      this.stop()
      this.#socket?.close()
      this.test.macros.undefineAddress(this.name)
    })
  }
}

const SYSLOG_COMMANDS: Commands<Syslog> = {
  *recv(words, syslog) {
    const word = words.next()
    words.end()
    yield* syslog.receive(word === undefined ? syslog.level : levelOf(word))
  },
  expect(words, syslog, actor) {
    const operator = words.text('the operator')
    const pattern = words.text('the regular expression')
    words.end()
    expectMatch(actor, operator, pattern, syslog.received)
  },
}

/** Fails unless a text matches (`~`), or does not match (`!~`). @param title begins messages */
export const expectMatch = (actor: Actor, operator: string, pattern: string, text: string, title = 'EXPECT'): void => {
  if (operator !== '~' && operator !== '!~') throw new Failure(`${title}: unknown operator '${operator}': ~ or !~`)
  if (matches(actor, pattern, text.split('\0', 1)[0]!) !== (operator === '~'))
    throw new Failure(`${title} FAILED ${operator} "${pattern}"`)
  actor.log(4, `${title} MATCH ${operator} "${pattern}"`)
}

export const syslog: Command<Test> = function* (words, test) {
  const name = checkName(words, 'Syslog', 'S')
  const it = test.thing('syslog', name, () => new Syslog(test, name))
  for (let word = words.next(); word !== undefined; word = words.next()) {
    if (word === '-wait') {
      yield* it.wait()
      continue
    }
    if (word === '-stop') {
      it.stop()
      continue
    }
    if (it.isRunning) yield* it.wait()
    switch (word) {
      case '-repeat':
        it.repeat = words.count('the number of repetitions')
        break
      case '-bind':
        it.address = words.text('the address')
        yield* it.bind()
        break
      case '-level':
        it.level = levelOf(words.text('the level'))
        break
      case '-start':
        yield* it.start()
        break
      default:
        if (word.startsWith('-')) throw new Failure(`Unknown syslog argument: ${word}`)
        it.source = words.lastSource
    }
  }
}
