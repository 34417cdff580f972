/** Receiving messages: `rxreq`, `rxresp` and their parts (`http_rxhdr`, `http_splitheader` and `http_swallow_body` in VTest's src/vtc_http.c). */
import { Failure } from '../failure.js'
import type { Arguments } from '../arguments.js'
import type { Script } from '../script.js'
import { fieldOf, NO_HEAD, UNDEFINED, type Head, type HttpSession } from './session.js'
import type { Commands } from '../test.js'

/** Finds the end of a head: an empty line, of which the CR may be missing. */
class HeadEnd {
  #state = 0

  /** Reads a byte; returns whether the head ends with it. */
  feed(character: string): boolean {
    const state = this.#state
    if (character === '\n' && state >= 2) return true
    if (state === 0 && character === '\r') this.#state = 1
    else if (state <= 1 && character === '\n') this.#state = 2
    else if (state === 2 && character === '\r') this.#state = 3
    else this.#state = 0
    return false
  }
}

/** Receives a head. */
function* receiveHead(session: HttpSession, title: 'request' | 'response'): Script {
  const end = new HeadEnd()
  let text = ''
  let isWhole = false
  session.body = undefined
  session.bodyLength = UNDEFINED
  while (!isWhole && (yield* session.readable())) {
    const { received } = session.open
    const available = received.peek(received.length)
    let count = 0
    while (count < available.length && !isWhole) isWhole = end.feed(available[count++]!)
    text += received.take(count)
  }
  session.actor.dump(4, 'rxhdr', text)
  session.actor.log(4, `rxhdrlen = ${text.length}`)
  if (!isWhole) {
    const { failure } = session.open
    session.failed(`HTTP header is incomplete${failure === undefined ? '' : ` (${failure})`}`)
  }
  session.body = ''
  const head = splitHead(session, text)
  session[title] = head
  if (head.fields.filter((field) => /^content-length:/i.test(field)).length > 1)
    throw new Failure('Multiple Content-Length headers.')
}

const splitHead = ({ actor }: HttpSession, text: string): Head => {
  if (text === '') {
    actor.log(4, 'No headers')
    return NO_HEAD
  }
  const [first = '', ...lines] = text.replace(/^\s+/, '').split(/\r?\n/)
  const [, method, target, rest] = /^(\S+)(?:[ \t]+(\S*)(?:[ \t]+(.*))?)?$/.exec(first) ?? [undefined, first]
  const end = lines.indexOf('')
  const fields = end < 0 ? lines : lines.slice(0, end)
  const shown = [method, target, rest, ...fields]
  shown.forEach((each, at) => actor.dump(4, `http[${String(at).padStart(2)}] `, each ?? '(null)'))
  return { start: [method, target, rest], fields }
}

/** Receives a chunk; returns its length, -1 if that has failed. */
function* receiveChunk(session: HttpSession): Script<number> {
  let line = ''
  while (!line.endsWith('\n')) {
    const character = yield* session.receive(1)
    if (character === undefined) return -1
    line += character
  }
  session.actor.dump(4, 'len', line)
  const [, digits] = /^\s*([0-9a-f]+)(?=\s)/i.exec(line) ?? []
  if (digits === undefined) {
    session.failed(`Chunklen fail: '${line.trim()}' does not begin with a length`)
    return -1
  }
  const length = parseInt(digits, 16)
  session.chunkLength = String(length)
  if (length > 0) {
    const data = yield* session.receive(length)
    if (data === undefined) return -1
    session.actor.dump(4, 'chunk', data)
    session.body = (session.body ?? '') + data
  }
  const end = yield* session.receive(2)
  if (end === undefined) return -1
  if (end !== '\r\n') {
    session.failed('Chunklen without CRLF')
    return -1
  }
  return length
}

/**
 * Receives the body of a message.
 * @param untilEnd without a length, it lasts until the connection ends
 * @param max how many bytes to receive at most; 0: all
 */
function* receiveBody(session: HttpSession, head: Head, untilEnd: boolean, max: number): Script {
  const before = session.body?.length ?? 0
  const coding = fieldOf(head, 'transfer-encoding')
  const length = fieldOf(head, 'content-length')
  let kind = 'none'
  if (coding?.toLowerCase() === 'chunked') {
    if (length !== undefined) return session.failed('Both C-E: Chunked and C-L')
    while ((yield* receiveChunk(session)) > 0) if (max > 0 && session.body!.length - before >= max) break
    kind = 'chunked'
  } else if (length !== undefined) {
    const whole = /^\d+/.exec(length)?.[0] ?? '0'
    const count = max > 0 && Number(whole) > before + max ? max : Number(whole) - before
    const data = yield* session.receive(Math.max(count, 0))
    if (data === undefined) return
    session.body = (session.body ?? '') + data
    kind = 'c-l'
  } else if (untilEnd) {
    while ((max === 0 || session.body!.length - before < max) && (yield* session.readable())) {
      const { received } = session.open
      session.body = (session.body ?? '') + received.take(max === 0 ? received.length : max)
    }
    if (session.open.failure !== undefined) return session.failed(`HTTP rx failed (${session.open.failure})`)
    kind = 'eof'
  }
  const body = kind === 'none' ? '' : (session.body ?? '')
  session.actor.dump(4, kind, body.slice(before))
  session.bodyLength = String(body.length)
}

const noMoreWords = (words: Arguments): void => {
  const word = words.next()
  if (word !== undefined) throw new Failure(`Unknown http ${words.name} spec: ${word}`)
}

const clientOnly = (words: Arguments, session: HttpSession): void => {
  if (!session.isClient) throw new Failure(`"${words.name}" only possible in client`)
}

const serverOnly = (words: Arguments, session: HttpSession): void => {
  if (session.isClient) throw new Failure(`"${words.name}" only possible in server`)
}

const shownLength = ({ actor, bodyLength }: HttpSession): void => actor.log(4, `bodylen = ${bodyLength}`)

export const RECEIVE_COMMANDS: Commands<HttpSession> = {
  *rxreq(words, session) {
    serverOnly(words, session)
    noMoreWords(words)
    yield* receiveHead(session, 'request')
    yield* receiveBody(session, session.request, false, 0)
    shownLength(session)
  },
  *rxreqhdrs(words, session) {
    noMoreWords(words)
    yield* receiveHead(session, 'request')
  },
  *rxreqbody(words, session) {
    serverOnly(words, session)
    noMoreWords(words)
    yield* receiveBody(session, session.request, false, 0)
    shownLength(session)
  },
  *rxresp(words, session) {
    clientOnly(words, session)
    let hasBody = true
    for (let word = words.next(); word !== undefined; word = words.next()) {
      if (word !== '-no_obj') throw new Failure(`Unknown http rxresp spec: ${word}`)
      hasBody = false
    }
    yield* receiveHead(session, 'response')
    const [protocol, status] = session.response.start
    if (!hasBody || protocol === undefined || status === undefined || session.isHead) return
    yield* receiveBody(session, session.response, status === '200', 0)
    shownLength(session)
  },
  *rxresphdrs(words, session) {
    clientOnly(words, session)
    noMoreWords(words)
    yield* receiveHead(session, 'response')
  },
  *rxrespbody(words, session) {
    clientOnly(words, session)
    let max = 0
    for (let word = words.next(); word !== undefined; word = words.next()) {
      if (word !== '-max') throw new Failure(`Unknown http rxrespbody spec: ${word}`)
      max = words.count('the number of bytes')
    }
    yield* receiveBody(session, session.response, true, max)
    shownLength(session)
  },
  *rxchunk(words, session) {
    clientOnly(words, session)
    noMoreWords(words)
    if ((yield* receiveChunk(session)) !== 0) return
    session.bodyLength = String(session.body?.length ?? 0)
    shownLength(session)
  },
}
