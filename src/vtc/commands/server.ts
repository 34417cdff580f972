/** `server sNAME …` (VTest's src/vtc_server.c). */
import { Failure } from '../failure.js'
import type { Fiber } from '../fiber.js'
import { acceptFrom, peerOf } from '../http/index.js'
import type { Source } from '../reader/words.js'
import { immediately, type Script } from '../script.js'
import { isProblem, type Listener, type Pipe } from '../world.js'
import { checkName } from './names.js'
import { readSessionOption, runSession, runSessions, type SessionEnds, type SessionOptions } from './sessions.js'
import { Actor, type Command, type Resettable, type Test } from '../test.js'

/** A process that may be running. */
interface Running extends Resettable {
  readonly isRunning: boolean
}

export class Server implements Resettable {
  readonly actor: Actor
  readonly options: SessionOptions = { repeat: 1, keepsConnection: false }
  address: string
  source: Source | undefined
  #listener: Listener | undefined
  #fiber: Fiber | undefined
  readonly #dispatched: Fiber[] = []
  /** sockets that processes have inherited: connections to them wait */
  readonly #inherited: Listener[] = []

  constructor(
    readonly test: Test,
    readonly name: string,
  ) {
    this.actor = new Actor(test, name)
    this.address = '127.0.0.1:0'
  }

  get isRunning(): boolean {
    return this.#fiber !== undefined
  }

  /** Where it listens; undefined before it has started. */
  get listening(): Listener['name'] | undefined {
    return this.#listener?.name
  }

  *listen(): Script<Listener> {
    for (const inherited of this.#inherited.splice(0)) inherited.close()
    this.#listener?.close()
    const { test, name } = this
    const listener = yield* test.world.listen(this.address)
    if (isProblem(listener))
      throw new Failure(`Server listen address (${this.address}) cannot be used: ${listener.error}`)
    this.#listener = listener
    const { ip, port, path } = listener.name
    if (path === undefined) {
      // the same port for further starts
      this.address = ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
      test.macros.defineAddress(name, ip, port)
    } else {
      test.macros.defineAddress(name, '0.0.0.0', 0)
      test.macros.define(`${name}_sock`, path)
    }
    return listener
  }

  #commands(): Source {
    if (this.source === undefined) throw new Failure(`server ${this.name} has no commands`)
    return this.source
  }

  *start(): Script {
    const { actor, test } = this
    const source = this.#commands()
    actor.log(2, 'Starting server')
    const listener = yield* this.listen()
    actor.log(1, `Listen on ${this.address}`)
    this.#fiber = test.start(this.name, runSessions(actor, source, { ...this.options }, this.#ends(listener)))
  }

  #ends(listener: Listener): SessionEnds {
    const { actor } = this
    return {
      *connect(): Script<Pipe> {
        const pipe = yield* acceptFrom(listener)
        actor.log(3, `accepted ${peerOf(pipe)}`)
        return pipe
      },
      disconnect(pipe: Pipe): void {
        actor.log(3, 'shutting (server run)')
        pipe.finish()
        pipe.close()
      },
      listener,
    }
  }

  /** `-dispatch`: accepts any number of connections, each with its own run of the commands. */
  *dispatch(): Script {
    if (this.name !== 's0') throw new Failure('server -dispatch only works on s0')
    const source = this.#commands()
    const listener = yield* this.listen()
    this.actor.log(2, 'Starting dispatch server')
    this.#fiber = this.test.start(this.name, this.#dispatch(listener, source))
  }

  *#dispatch(listener: Listener, source: Source): Script {
    const ends = this.#ends(listener)
    for (let number = 1; ; number++) {
      const pipe = yield* ends.connect()
      const actor = new Actor(this.test, `s${number}`)
      const script = function* (): Script {
        const last = yield* runSession(actor, source, pipe, ends)
        if (last) ends.disconnect(last)
      }
      this.#dispatched.push(this.test.start(actor.name, script()))
    }
  }

  *wait(): Script {
    if (!this.#fiber) throw new Failure('Server not -started')
    this.actor.log(2, 'Waiting for server')
    if (!this.#fiber.isEnded) yield this.#fiber.join()
    this.#fiber = undefined
  }

  /** Ends it. A HAProxy process that was started meanwhile has inherited the socket, which so remains open in the system. */
  stop(): void {
    this.actor.log(2, 'Breaking for server')
    this.#fiber?.cancel()
    this.#fiber = undefined
    if (this.#listener && this.test.things<Running>('haproxy').some(({ isRunning }) => isRunning))
      this.#inherited.push(this.#listener)
    else this.#listener?.close()
    this.#listener = undefined
  }

  reset(): Script {
    return immediately(() => {
      this.stop()
      for (const inherited of this.#inherited.splice(0)) inherited.close()
      for (const fiber of this.#dispatched) fiber.cancel()
      this.test.macros.undefineAddress(this.name)
    })
  }
}

export const server: Command<Test> = function* (words, test) {
  const name = checkName(words, 'Server', 's')
  const it = test.thing('server', name, () => new Server(test, name))
  for (let word = words.next(); word !== undefined; word = words.next()) {
    if (word === '-wait') {
      yield* it.wait()
      continue
    }
    if (word === '-break') {
      it.stop()
      continue
    }
    if (it.isRunning) yield* it.wait()
    if (readSessionOption(word, words, it.options)) continue
    switch (word) {
      case '-listen':
        it.address = words.text('the address')
        break
      case '-start':
        yield* it.start()
        break
      case '-dispatch':
        yield* it.dispatch()
        break
      default:
        if (word.startsWith('-')) throw new Failure(`Unknown server argument: ${word}`)
        it.source = words.lastSource
    }
  }
}
