/** `client cNAME …` (VTest's src/vtc_client.c). */
import type { Arguments } from '../arguments.js'
import { Failure } from '../failure.js'
import type { Fiber } from '../fiber.js'
import { peerOf } from '../http/index.js'
import type { Source } from '../reader/words.js'
import type { Script } from '../script.js'
import { isProblem, type Pipe } from '../world.js'
import { checkName } from './names.js'
import { proxyHeader } from './proxy-header.js'
import { readSessionOption, runSessions, type SessionOptions } from './sessions.js'
import { Actor, type Command, type Resettable, type Test } from '../test.js'

class Client implements Resettable {
  readonly actor: Actor
  readonly options: SessionOptions = { repeat: 1, keepsConnection: false }
  connectTo = '${v1_sock}'
  proxy: { readonly version: 1 | 2; readonly text: string } | undefined
  source: Source | undefined
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

  start(): void {
    const { actor, test, source } = this
    if (source === undefined) throw new Failure(`client ${this.name} has no commands`)
    actor.log(2, 'Starting client')
    const address = test.macros.expand(this.connectTo)
    const script = runSessions(
      actor,
      source,
      { ...this.options },
      {
        connect: () => this.#connect(address),
        disconnect: (pipe) => {
          actor.log(3, 'closing')
          pipe.close()
        },
        listener: undefined,
      },
    )
    this.#fiber = test.start(this.name, script)
  }

  *#connect(address: string): Script<Pipe> {
    const { actor, test, proxy } = this
    actor.log(3, `Connect to ${address}`)
    const pipe = yield* test.world.connect(address)
    if (isProblem(pipe)) throw this.#failure(`Failed to open ${address}: ${pipe.error}`)
    actor.log(3, `connected from ${pipe.local.ip} ${pipe.local.port} to ${peerOf(pipe)}`)
    if (proxy) {
      const sent = pipe.send(proxyHeader(proxy.version, proxy.text))
      if (typeof sent !== 'number') throw this.#failure(`Write failed: ${sent.error}`)
    }
    return pipe
  }

  #failure(message: string): Failure {
    const failure = new Failure(message)
    const { source, name } = this
    failure.place = source && { file: source.file, line: source.line }
    failure.actor = name
    return failure
  }

  *wait(): Script {
    if (!this.#fiber) throw new Failure(`client ${this.name} is not started`)
    this.actor.log(2, 'Waiting for client')
    if (!this.#fiber.isEnded) yield this.#fiber.join()
    this.#fiber = undefined
  }

  *reset(): Script {
    if (this.#fiber) yield* this.wait()
  }
}

export const client: Command<Test> = function* (words: Arguments, test) {
  const name = checkName(words, 'Client', 'c')
  const it = test.thing('client', name, () => new Client(test, name))
  for (let word = words.next(); word !== undefined; word = words.next()) {
    if (word === '-wait') {
      yield* it.wait()
      continue
    }
    if (it.isRunning) yield* it.wait()
    if (readSessionOption(word, words, it.options)) continue
    switch (word) {
      case '-connect':
        it.connectTo = words.text('the address')
        break
      case '-proxy1':
      case '-proxy2':
        it.proxy = { version: word === '-proxy1' ? 1 : 2, text: words.text('the addresses') }
        break
      case '-start':
        it.start()
        break
      case '-run':
        it.start()
        yield* it.wait()
        break
      default:
        if (word.startsWith('-')) throw new Failure(`Unknown client argument: ${word}`)
        it.source = words.lastSource
    }
  }
}
