/** A network of two hosts with a recording owner of connections, for the tests of the simulated network. */
import { Random, Scheduler, Trace, VirtualClock, type Micros } from '../../../src/engine/index.js'
import type { Connection, ConnectionEvents, NetworkErrorCode } from '../../../src/net/network.js'
import { SimNetwork, type SimNetworkOptions } from '../../../src/net/sim/index.js'
import { parseAddress, type Address } from '../../../src/net/address.js'

export const address = (text: string): Address => {
  const result = parseAddress(text, { portOk: true })
  if ('error' in result) throw new Error(result.error)
  return result.address
}

export const world = (seed = 1, options: Partial<SimNetworkOptions> = {}) => {
  const clock = new VirtualClock()
  const trace = new Trace(clock)
  const scheduler = new Scheduler({ clock, trace })
  const network = new SimNetwork({ scheduler, random: new Random(seed).stream('network'), ...options })
  const near = network.host('near', ['10.0.0.1', 'fd00::1'])
  const far = network.host('far', ['10.0.0.2', 'fd00::2'])
  return { clock, trace, scheduler, network, near, far, run: (until: Micros) => scheduler.runUntil(clock.now + until) }
}

/** Records all callbacks; reads everything at once unless configured otherwise. */
export class Owner implements ConnectionEvents {
  readonly heard: string[] = []
  readonly bytes: number[] = []
  connection: Connection | undefined
  error: NetworkErrorCode | undefined
  reading = true
  onReadable: ((connection: Connection) => void) | undefined
  onWritable: ((connection: Connection) => void) | undefined
  onConnected: ((connection: Connection) => void) | undefined

  accept = (connection: Connection): this => {
    this.connection = connection
    this.heard.push('accepted')
    return this
  }

  connected(connection: Connection): void {
    this.connection = connection
    this.heard.push('connected')
    this.onConnected?.(connection)
  }

  readable(connection: Connection): void {
    this.heard.push('readable')
    if (this.reading) this.bytes.push(...connection.read())
    if (connection.ended) this.heard.push('ended')
    this.onReadable?.(connection)
  }

  writable(connection: Connection): void {
    this.heard.push('writable')
    this.onWritable?.(connection)
  }

  failed(_connection: Connection, error: NetworkErrorCode): void {
    this.error = error
    this.heard.push(error)
  }

  get text(): string {
    return String.fromCharCode(...this.bytes)
  }
}

export const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0))
