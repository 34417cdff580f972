/** What clients and servers have in common: options, and repeated sessions (VTest's src/vtc_sess.c). */
import type { Arguments } from '../arguments.js'
import { HTTP_COMMANDS, HttpSession } from '../http/index.js'
import { execute } from '../interpreter.js'
import type { Source } from '../reader/words.js'
import type { Script } from '../script.js'
import type { Listener, Pipe } from '../world.js'
import type { Actor } from '../test.js'

export interface SessionOptions {
  repeat: number
  /** all repetitions use one connection */
  keepsConnection: boolean
}

/** Reads an option of sessions; returns whether `word` is one. */
export const readSessionOption = (word: string, words: Arguments, options: SessionOptions): boolean => {
  if (word === '-repeat') options.repeat = words.count('the number of repetitions')
  else if (word === '-keepalive') options.keepsConnection = true
  else if (word === '-rcvbuf') words.count('the size of the receive buffer')
  else return false
  return true
}

/** How the connections of a client or a server are opened and closed. */
export interface SessionEnds {
  connect(): Script<Pipe>
  disconnect(pipe: Pipe): void
  /** where a server accepts further connections */
  readonly listener: Listener | undefined
}

/** Executes the commands of a client or a server, for each connection. */
export function* runSessions(actor: Actor, source: Source, options: SessionOptions, ends: SessionEnds): Script {
  const keepalive = options.keepsConnection ? ' using keepalive' : ''
  actor.log(2, `Started (${options.repeat} iterations${keepalive})`)
  let pipe: Pipe | undefined
  try {
    for (let turn = 0; turn < options.repeat; turn++) {
      pipe ??= yield* ends.connect()
      pipe = yield* runSession(actor, source, pipe, ends)
      if (options.keepsConnection) continue
      if (pipe) ends.disconnect(pipe)
      pipe = undefined
    }
  } finally {
    if (pipe) ends.disconnect(pipe)
  }
  actor.log(2, 'Ending')
}

/** Executes the commands on one connection; returns the one that is open at the end. */
export function* runSession(
  actor: Actor,
  source: Source,
  pipe: Pipe,
  { listener }: SessionEnds,
): Script<Pipe | undefined> {
  const session = new HttpSession(actor, actor.name, pipe, listener)
  let isWhole = false
  try {
    yield* execute(source, HTTP_COMMANDS, session, actor)
    isWhole = true
    return session.pipe
  } finally {
    // an accepted connection replaces the one that the caller knows
    if (!isWhole && session.pipe !== pipe) session.pipe?.close()
  }
}
