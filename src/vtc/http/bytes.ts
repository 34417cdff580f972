/** Bytes and the connection itself: `send`, `recv`, `close`, `accept`, `timeout` … */
import { SECOND } from '../../engine/clock.js'
import { decimal } from '../arguments.js'
import { Failure, Skip } from '../failure.js'
import type { Script } from '../script.js'
import { acceptFrom, peerOf, type HttpSession } from './session.js'
import type { Command, Commands } from '../test.js'

/** The most bytes that one `recv` reads at a time. */
const RECEIVE_SIZE = 32

/** Reads hexadecimal digits, between which there may be blanks; of an odd number, the last one is the upper half of a byte. */
export const hexBytes = (text: string): string => {
  const digits = text.replace(/[ \t\n]+/g, '')
  if (!/^[0-9a-f]*$/i.test(digits)) throw new Failure(`Illegal hex string '${text}'`)
  return digits.replace(/..?/g, (pair) => String.fromCharCode(parseInt(pair.padEnd(2, '0'), 16)))
}

const needsHttp2: Command<HttpSession> = (words) => {
  throw new Skip(`${words.name} needs HTTP/2, which is not emulated`, 'HTTP/2')
}

function* send(session: HttpSession, title: string, bytes: string, times = 1): Script {
  session.actor.dump(4, title, bytes)
  for (let turn = 0; turn < times; turn++) yield* session.send(bytes)
}

function* receive(session: HttpSession, count: number): Script {
  const { open } = session
  for (let left = count; left > 0;) {
    yield {
      what: `${left} bytes from ${peerOf(open)}`,
      on: open.changed,
      ready: () => open.received.length > 0 || open.ended,
    }
    const bytes = open.received.take(Math.min(left, RECEIVE_SIZE))
    if (bytes === '') return session.failed(`recv() got 0 (${open.failure ?? 'end of the connection'})`)
    session.actor.dump(4, 'recv', bytes)
    left -= bytes.length
  }
}

/** Reads blanks until the connection ends. */
function* expectClose(session: HttpSession): Script {
  const { actor, open } = session
  actor.log(4, 'Expecting close')
  const ready = (): boolean => open.received.length > 0 || open.ended
  for (;;) {
    const until = actor.test.world.now + session.timeout
    const isReady =
      ready() || (yield { what: `the end of the connection to ${peerOf(open)}`, on: open.changed, ready, until })
    if (!isReady) session.failed('Expected close: timeout')
    else if (open.received.length === 0) break
    else {
      const byte = open.received.take(1)
      if (!/\s/.test(byte)) session.failed(`Expecting close: received '${byte}'`)
    }
  }
  actor.log(4, 'EOF, as expected')
}

export const BYTE_COMMANDS: Commands<HttpSession> = {
  *send(words, session) {
    const text = words.text('the text')
    words.end()
    yield* send(session, 'send', text)
  },
  *send_n(words, session) {
    const times = words.count('the number of times')
    const text = words.text('the text')
    words.end()
    yield* send(session, 'send_n', text, times)
  },
  *send_urgent(words, session) {
    const text = words.text('the text')
    words.end()
    yield* send(session, 'send_urgent', text)
  },
  *sendhex(words, session) {
    const bytes = hexBytes(words.text('the bytes'))
    words.end()
    yield* send(session, 'sendhex', bytes)
  },
  *recv(words, session) {
    const count = words.count('the number of bytes')
    words.end()
    yield* receive(session, count)
  },
  *expect_close(words, session) {
    words.end()
    yield* expectClose(session)
  },
  timeout(words, session) {
    const word = words.text('the number of seconds')
    words.end()
    const seconds = decimal(word)
    if (Number.isNaN(seconds)) throw new Failure(`timeout is not a number (${word})`)
    session.timeout = Math.round(seconds * SECOND)
  },
  fatal(words, session) {
    words.end()
    session.isFatal = true
  },
  non_fatal(words, session) {
    words.end()
    session.isFatal = false
  },
  close(words, session, actor) {
    if (session.isClient) throw new Failure('"close" only possible in server')
    words.end()
    session.open.close()
    session.pipe = undefined
    actor.log(4, 'Closed')
  },
  *accept(words, session, actor) {
    if (!session.listener) throw new Failure('"accept" only possible in server')
    words.end()
    session.pipe?.close()
    session.pipe = undefined
    actor.log(4, 'Accepting')
    session.pipe = yield* acceptFrom(session.listener)
    actor.log(3, `Accepted ${peerOf(session.pipe)}`)
  },
  shutdown(words, session, actor) {
    let sends = true
    for (let word = words.next(); word !== undefined; word = words.next())
      if (word === '-read') sends = false
      else if (word === '-write') sends = true
      else if (word !== '-notconn') throw new Failure(`Unknown http shutdown spec: ${word}`)
    if (sends) session.open.finish()
    actor.log(3, `Shutdown(${sends ? 'WR' : 'RD'})`)
  },
  stream: needsHttp2,
  settings: needsHttp2,
  txpri: needsHttp2,
  rxpri: needsHttp2,
  upgrade: needsHttp2,
}
