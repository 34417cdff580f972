/**
 * The network and the clock of a simulation. Cases wait by promises; virtual time stops whenever one of them is fulfilled, until the
 * code that waits for it has run (`SimulatedWorld.run`).
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fromBytes, toBytes } from '../../../../src/bytes/latin1.js'
import type { Connection, ConnectionEvents } from '../../../../src/net/network.js'
import { parseAddress } from '../../../../src/net/address.js'
import { Simulation } from '../../../../src/sim/index.js'
import type { ListeningServer, PeerEnd, Pipe, PipeEvents, World } from './world.js'

class SimulatedPipe implements Pipe, ConnectionEvents {
  connection!: Connection
  events!: PipeEvents
  #unsent: Uint8Array = new Uint8Array()
  #isPaused = false
  /** what to do once everything is sent */
  #then: 'shut' | 'close' | undefined
  #peerEnded = false
  /** why it has failed while it was paused: the system reports that to those who read or write */
  #failure: PeerEnd | undefined

  constructor(readonly touched: () => void) {}

  get localPort(): number {
    const { local } = this.connection
    return 'port' in local ? local.port : 0
  }

  readonly connected = (): void => {
    this.touched()
    this.events.established()
  }

  readonly readable = (): void => {
    this.touched()
    if (this.#isPaused) return
    const bytes = this.connection.read()
    if (bytes.length > 0) this.events.received(fromBytes(bytes))
    if (!this.connection.ended || this.#peerEnded) return
    this.#peerEnded = true
    this.events.ended('FIN')
  }

  readonly writable = (): void => this.#flush()

  readonly failed = (_: Connection, error: string): void => {
    this.touched()
    const how = error === 'ECONNREFUSED' ? 'refused' : 'RST'
    if (this.#isPaused) this.#failure = how
    else this.events.ended(how)
  }

  send(bytes: string): void {
    if (this.connection.state !== 'open' || this.#then !== undefined) return
    const added = toBytes(bytes)
    const joined = new Uint8Array(this.#unsent.length + added.length)
    joined.set(this.#unsent)
    joined.set(added, this.#unsent.length)
    this.#unsent = joined
    this.#flush()
  }

  shut(): void {
    this.#then ??= 'shut'
    this.#flush()
  }

  close(): void {
    this.#then = 'close'
    this.#flush()
  }

  reset(): void {
    this.connection.reset()
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    this.readable()
    if (this.#failure) this.events.ended(this.#failure)
  }

  destroy(): void {
    this.connection.close()
  }

  #flush(): void {
    if (this.connection.state === 'closed') return
    if (this.#unsent.length > 0) this.#unsent = this.#unsent.subarray(this.connection.write(this.#unsent))
    if (this.#unsent.length > 0) return
    if (this.#then === 'shut') this.connection.finish()
    else if (this.#then === 'close') this.connection.close()
  }
}

export class SimulatedWorld implements World {
  readonly simulation = new Simulation()
  #isTouched = false
  #nextPort = 40_000

  get now(): number {
    return this.simulation.now
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve))
  }

  after(ms: number, action: () => void): () => void {
    const { scheduler } = this.simulation
    const timer = scheduler.at(scheduler.clock.now + Math.round(ms * 1000), () => {
      this.#touch()
      action()
    })
    return () => scheduler.timers.remove(timer)
  }

  connect(address: string, events: PipeEvents): Pipe {
    const pipe = this.#pipe()
    pipe.events = events
    pipe.connection = this.simulation.home.connect(parse(address), pipe)
    return pipe
  }

  listen(accept: (pipe: Pipe) => PipeEvents): Promise<ListeningServer> {
    const address = `127.0.0.1:${this.#nextPort++}`
    const socket = this.simulation.home.listen(parse(address), (connection) => {
      const pipe = this.#pipe()
      pipe.connection = connection
      pipe.events = accept(pipe)
      return pipe
    })
    return Promise.resolve({ address, close: () => socket.close() })
  }

  /** An address where connections are neither accepted nor refused. */
  full(): string {
    const address = `127.0.0.1:${this.#nextPort++}`
    this.simulation.home.fault(parse(address), 'hang')
    return address
  }

  /** Lets time pass until `promise` is fulfilled. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let isDone = false
    void promise.finally(() => (isDone = true)).catch(() => undefined)
    for (;;) {
      await nextTurn()
      if (isDone) return promise
      this.#isTouched = false
      if (!this.simulation.runUntil(() => this.#isTouched, '1h')) throw new Error('nothing happens any more')
    }
  }

  #pipe(): SimulatedPipe {
    return new SimulatedPipe(() => this.#touch())
  }

  #touch(): void {
    this.#isTouched = true
  }
}

const parse = (text: string) => {
  const parsed = parseAddress(text, { portOk: true })
  if ('error' in parsed) throw new Error(parsed.error)
  return parsed.address
}
