/** Sending messages: `txreq` and `txresp` (`http_tx_parse_args` in VTest's src/vtc_http.c). */
import { decodedGzip, storedGzip } from './gzip.js'
import type { Arguments } from '../arguments.js'
import { Failure } from '../failure.js'
import type { Script } from '../script.js'
import { isProblem } from '../world.js'
import type { HttpSession } from './session.js'
import type { Commands } from '../test.js'

/** A message under construction. */
interface Draft {
  /** the start line and the fields that were given */
  head: string
  body: string | undefined
  readonly leavesOut: Set<'host' | 'date' | 'server' | 'user-agent' | 'content-length'>
}

/** Fields that are not added once they are given. */
const GIVEN = [
  ['content-length:', 'content-length'],
  ['transfer-encoding:', 'content-length'],
  ['host:', 'host'],
  ['date:', 'date'],
  ['server:', 'server'],
  ['user-agent:', 'user-agent'],
] as const

const readFields = (words: Arguments, draft: Draft): void => {
  for (;;) {
    switch (words.peek) {
      case '-nolen':
        draft.leavesOut.add('content-length')
        words.next()
        break
      case '-nohost':
        draft.leavesOut.add('host')
        words.next()
        break
      case '-nodate':
        draft.leavesOut.add('date')
        words.next()
        break
      case '-hdr': {
        words.next()
        const field = words.text('the field after -hdr')
        for (const [prefix, left] of GIVEN) if (field.toLowerCase().startsWith(prefix)) draft.leavesOut.add(left)
        draft.head += `${field}\r\n`
        break
      }
      case '-hdrlen': {
        words.next()
        const name = words.text('the name of the field')
        const length = words.count('the length of the field')
        const digits = Array.from({ length }, (_, at) => (length - 1 - at) % 10).join('')
        draft.head += `${name}: ${digits}\r\n`
        break
      }
      default:
        return
    }
  }
}

const readBody = (words: Arguments, draft: Draft, session: HttpSession): void => {
  for (;;) {
    switch (words.peek) {
      case '-body':
        words.next()
        draft.body = words.text('the body').replaceAll('\\0', '\0')
        break
      case '-bodyfrom': {
        words.next()
        const path = words.text('the file of the body')
        const content = session.actor.test.world.readFile(path)
        if (typeof content !== 'string') throw new Failure(`cannot read ${path}: ${content.error}`)
        draft.body = content
        break
      }
      case '-bodylen':
        words.next()
        draft.body = testBody(words.count('the length of the body'))
        break
      case '-gzipbody':
      case '-gziplen': {
        const isText = words.next() === '-gzipbody'
        const text = isText ? words.text('the body') : testBody(words.count('the length of the body'))
        draft.body = storedGzip(text)
        draft.head += 'Content-Encoding: gzip\r\n'
        break
      }
      case '-gziplevel':
      case '-gzipresidual':
        words.next()
        words.count('a number')
        break
      default:
        return
    }
  }
}

/** A body of lines with 63 printable characters each, every line beginning with the next character (`synth_body`). */
export const testBody = (length: number): string => {
  if (length === 0) throw new Failure('the length of a body must not be 0')
  const FIRST = 0x21
  const LAST = 0x7e
  let text = ''
  let [next, start] = [FIRST, FIRST]
  for (let at = 0; at < length - 1; at++)
    if (at % 64 === 63) {
      text += '\n'
      start = start + 1 === LAST ? FIRST : start + 1
      next = start
    } else {
      text += String.fromCharCode(next)
      next = next + 1 === LAST ? FIRST : next + 1
    }
  return `${text}\n`
}

function* transmit(words: Arguments, draft: Draft, session: HttpSession): Script {
  readFields(words, draft)
  readBody(words, draft, session)
  const left = words.next()
  if (left !== undefined) throw new Failure(`Unknown http ${words.name} spec: ${left}`)
  const { body, leavesOut } = draft
  const { macros } = session.actor.test
  let text = draft.head
  if (!leavesOut.has('host')) text += `Host: ${macros.expand('${localhost}')}\r\n`
  if (!leavesOut.has('date')) text += `Date: ${macros.expand('${date}')}\r\n`
  if (!leavesOut.has('server')) text += `Server: ${session.name}\r\n`
  if (!leavesOut.has('user-agent')) text += `User-Agent: ${session.name}\r\n`
  if (body !== undefined && !leavesOut.has('content-length')) text += `Content-Length: ${body.length}\r\n`
  text += `\r\n${body ?? ''}`
  session.actor.dump(4, words.name, text)
  yield* session.send(text)
}

export const TRANSMIT_COMMANDS: Commands<HttpSession> = {
  *txreq(words, session) {
    if (!session.isClient) throw new Failure('"txreq" only possible in client')
    let [method, url, protocol] = ['GET', '/', 'HTTP/1.1']
    const leavesOut: Draft['leavesOut'] = new Set(['date', 'server'])
    session.isHead = false
    for (let isOption = true; isOption;)
      switch (words.peek) {
        case '-url':
          words.next()
          url = words.text('the URL')
          break
        case '-proto':
          words.next()
          protocol = words.text('the protocol')
          break
        case '-method':
        case '-req':
          words.next()
          method = words.text('the method')
          session.isHead = method === 'HEAD'
          break
        case '-nouseragent':
          words.next()
          leavesOut.add('user-agent')
          break
        default:
          isOption = false
      }
    if (protocol !== 'HTTP/1.1') leavesOut.add('host')
    yield* transmit(words, { head: `${method} ${url} ${protocol}\r\n`, body: undefined, leavesOut }, session)
  },
  *txresp(words, session) {
    if (session.isClient) throw new Failure('"txresp" only possible in server')
    let [protocol, status, reason] = ['HTTP/1.1', '200', 'OK']
    const leavesOut: Draft['leavesOut'] = new Set(['host', 'user-agent'])
    for (let isOption = true; isOption;)
      switch (words.peek) {
        case '-proto':
          words.next()
          protocol = words.text('the protocol')
          break
        case '-status':
          words.next()
          status = words.text('the status')
          break
        case '-reason':
          words.next()
          reason = words.text('the reason')
          break
        case '-noserver':
          words.next()
          leavesOut.add('server')
          break
        default:
          isOption = false
      }
    yield* transmit(words, { head: `${protocol} ${status} ${reason}\r\n`, body: '', leavesOut }, session)
  },
  *chunked(words, session) {
    const text = words.text('the text of the chunk')
    words.end()
    yield* sendChunk(session, text)
  },
  *chunkedlen(words, session) {
    const length = words.count('the length of the chunk')
    words.end()
    yield* sendChunk(session, '01234567'.repeat(Math.ceil(length / 8)).slice(0, length))
  },
  gunzip(_, session) {
    const text = decodedGzip(session.body ?? '')
    if (typeof text !== 'string') {
      session.failed(`Gunzip error: ${text.error}`)
      return
    }
    session.body = text
    session.bodyLength = String(text.length)
    session.actor.log(3, `new bodylen ${text.length}`)
    session.actor.dump(4, 'body', text)
  },
  write_body(words, session) {
    const path = words.text('the path of the file')
    words.end()
    const problem = session.actor.test.world.writeFile(path, session.body ?? '', false)
    if (problem && isProblem(problem)) throw new Failure(`failed to write body: ${problem.error}`)
  },
}

/** The last chunk has no data. */
function* sendChunk(session: HttpSession, text: string): Script {
  const chunk = text === '' ? '0\r\n\r\n' : `${text.length.toString(16)}\r\n${text}\r\n`
  session.actor.dump(4, 'chunked', chunk)
  yield* session.send(chunk)
}
