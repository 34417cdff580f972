/** A host with actors on it and a plain client, for the tests of the actors. */
import type { Connection, NetworkErrorCode } from '../../../src/net/network.js'
import { address, world } from '../../net/sim/world.js'
import { toBytes, fromBytes } from '../../../src/bytes/latin1.js'

export { address }

export const place = (seed = 1) => {
  const w = world(seed)
  return { ...w, here: { scheduler: w.scheduler, host: w.near } }
}

/** Sends text, keeps all that it gets. */
export class Dialogue {
  heard = ''
  error: NetworkErrorCode | undefined
  ended = false
  readonly connection: Connection
  #early = ''

  constructor(
    readonly w: ReturnType<typeof place>,
    to: string,
  ) {
    this.connection = w.near.connect(address(to), {
      connected: (c) => void (this.#early && c.write(toBytes(this.#early))),
      readable: (c) => {
        this.heard += fromBytes(c.read())
        this.ended = c.ended
      },
      failed: (_, error) => (this.error = error),
    })
  }

  /** Sends text and lets a second pass; what came back meanwhile. */
  say(text: string, wait = 1_000_000): string {
    const before = this.heard.length
    if (this.connection.state === 'connecting') this.#early += text
    else if (this.connection.state === 'open' && !this.ended) this.connection.write(toBytes(text))
    this.w.run(wait)
    return this.heard.slice(before)
  }
}
