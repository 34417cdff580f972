/**
 * Peers of checks that follow one script, as real servers and as simulated ones: what they say at the begin and after each
 * data that they receive, how fast, and what they do in the end.
 */
import type { Socket } from 'node:net'
import type { Simulation, TcpServer } from '../../src/sim/index.js'

type Act = 'close' | 'reset'

export interface Peer {
  /** byte strings: the first is said at once, each other after something was received; undefined is nothing */
  readonly says: readonly (string | undefined)[]
  /** what it does after the last of them; otherwise it keeps the connection */
  readonly then?: Act
  /** one byte at a time */
  readonly slowly?: boolean
  /** repeats the last text until the client closes */
  readonly forEver?: boolean
}

interface Ends {
  say(data: string): void
  close(): void
  reset(): void
  later(action: () => void): void
}

/** Follows the script on one connection. Returns what to call when something was received. */
const follow = ({ says, then, slowly, forEver }: Peer, ends: Ends): (() => void) => {
  let next = 0
  const step = (): void => {
    const words = says[next++]
    if (words === undefined) return end()
    if (!slowly) {
      ends.say(words)
      return end()
    }
    let at = 0
    const one = (): void => {
      ends.say(words[at++]!)
      if (at < words.length) ends.later(one)
      else end()
    }
    one()
  }
  const end = (): void => {
    if (next !== says.length) return
    if (forEver) ends.say((says.at(-1) ?? '').repeat(1000))
    if (then === 'close') ends.close()
    if (then === 'reset') ends.reset()
  }
  if (says.length === 0) end()
  else if (says[0] !== undefined) step()
  else next = 1
  if (says.length === 1 && says[0] === undefined) end()
  return step
}

export const serveReal =
  (peer: Peer, heard?: (bytes: string) => void) =>
  (socket: Socket): void => {
    socket.setNoDelay(true)
    const step = follow(peer, {
      say: (data) => void (socket.writable && socket.write(Buffer.from(data, 'latin1'))),
      close: () => socket.end(),
      reset: () => socket.resetAndDestroy(),
      later: (action) => setImmediate(action),
    })
    socket.on('data', (data) => {
      heard?.(data.toString('latin1'))
      step()
    })
  }

export const serveSimulated = (simulation: Simulation, server: TcpServer, peer: Peer): void => {
  let step = (): void => {}
  server.greet((connection) => {
    step = follow(peer, {
      say: (data) => connection.send(data),
      close: () => connection.finish(),
      reset: () => connection.reset(),
      later: (action) => simulation.scheduler.at(simulation.scheduler.clock.now + 50, action),
    })
  })
  server.respond(() => void step())
}
