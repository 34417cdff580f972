/** `barrier bNAME …`: points that several scripts reach together (VTest's src/vtc_barrier.c). */
import { Failure } from '../failure.js'
import { immediately, type Script, Signal } from '../script.js'
import { isProblem, type Listener, type Pipe } from '../world.js'
import { checkName } from './names.js'
import type { Actor, Command, Nested, Resettable, Test } from '../test.js'

class Barrier implements Resettable {
  expected = 0
  isCyclic = false
  waiting = 0
  /** how often it was reached */
  #cycle = 0
  readonly #changed = new Signal()
  #listener: Listener | undefined

  constructor(
    readonly test: Test,
    readonly name: string,
  ) {}

  expect(count: number): void {
    if (this.expected > 0) throw new Failure(`Barrier(${this.name}) use error: already initialized`)
    if (count < 2) throw new Failure(`Barrier(${this.name}) use error: wrong expectation (${count})`)
    this.expected = count
  }

  /** `sock`: others take part by connecting; connections are closed when the barrier is reached. */
  *listen(): Script {
    const listener = yield* this.test.world.listen('127.0.0.1:0')
    if (isProblem(listener)) throw new Failure(`Barrier(${this.name}) cannot listen: ${listener.error}`)
    this.#listener = listener
    this.test.macros.defineAddress(this.name, listener.name.ip, listener.name.port)
    this.test.start(this.name, this.#accept(listener))
  }

  *#accept(listener: Listener): Script {
    const { name, changed } = listener
    const what = `a connection to ${name.ip}:${name.port}`
    let pipes: Pipe[] = []
    for (;;) {
      yield { what, on: changed, ready: () => listener.waiting > 0 }
      const pipe = listener.accept()!
      pipes.push(pipe)
      const isReached = this.#arrive()
      if (!isReached) continue
      for (const each of pipes) each.close()
      pipes = []
    }
  }

  setCyclic(): void {
    if (this.expected === 0) throw new Failure(`Barrier(${this.name}) use error: not initialized`)
    if (this.waiting > 0) throw new Failure(`Barrier(${this.name}) use error: already in use`)
    this.isCyclic = true
  }

  /** Counts one that waits; returns whether it is the last one. */
  #arrive(): boolean {
    if (this.waiting === this.expected)
      throw new Failure(`Barrier(${this.name}) use error: more waiters than the ${this.expected} expected`)
    this.waiting++
    if (this.waiting < this.expected) return false
    this.#cycle++
    if (this.isCyclic) this.waiting = 0
    this.#changed.notify()
    return true
  }

  *sync(actor: Actor): Script {
    if (this.expected === 0) throw new Failure(`Barrier(${this.name}) use error: not initialized`)
    const cycle = this.#cycle
    if (this.#arrive()) {
      actor.log(4, `Barrier(${this.name}) wake ${this.expected}`)
      return
    }
    actor.log(4, `Barrier(${this.name}) wait ${this.waiting} of ${this.expected}`)
    yield {
      what: `the barrier ${this.name}, which ${this.waiting} of ${this.expected} have reached`,
      on: this.#changed,
      ready: () => this.#cycle !== cycle,
    }
  }

  reset(): Script {
    return immediately(() => {
      this.#listener?.close()
    })
  }
}

export const barrier: Command<Nested> = function* (words, _, actor) {
  const { test } = actor
  const name = checkName(words, 'Barrier', 'b')
  const it = test.thing('barrier', name, () => {
    if (actor.name !== 'top') throw new Failure(`Barrier ${name} can only be created on the top thread`)
    return new Barrier(test, name)
  })
  for (let word = words.next(); word !== undefined; word = words.next())
    switch (word) {
      case 'cond':
        it.expect(words.count('the number of sync points'))
        break
      case 'sock':
        it.expect(words.count('the number of sync points'))
        yield* it.listen()
        break
      case 'sync':
        yield* it.sync(actor)
        break
      case '-cyclic':
        it.setCyclic()
        break
      default:
        throw new Failure(`Unknown barrier argument: ${word}`)
    }
}
