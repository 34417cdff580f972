/** Applies the readers and writers of src/http to raw bytes, to predict what HAProxy forwards and answers. */
import { clientMode, modeOfRequest, serverMode } from '../../../../src/http/h1/connection-mode.js'
import type { MessageEvent, MessageReader } from '../../../../src/http/h1/message-reader.js'
import { MessageMismatch, MessageWriter } from '../../../../src/http/h1/message-writer.js'
import { RequestReader } from '../../../../src/http/h1/request-reader.js'
import { ResponseReader } from '../../../../src/http/h1/response-reader.js'
import { State } from '../../../../src/http/h1/states.js'
import type { RequestHead } from '../../../../src/http/message.js'

/** A forwarded message: its head as written, its body and trailers without chunk framing. */
export interface Message {
  readonly head: string
  readonly body: string
  readonly trailers: readonly string[]
}

/** What follows the complete messages: nothing, part of a message, or an error with its status. */
export type Rest = 'nothing' | 'part of a head' | 'part of a body' | number

export interface Prediction {
  readonly messages: readonly Message[]
  /** an incomplete message that was forwarded */
  readonly part?: Message
  readonly rest: Rest
}

/** Pushes a text into a reader, in pieces of at most `size` bytes, and yields the events. */
export function* eventsOf<Head>(
  reader: MessageReader<Head>,
  text: string,
  size: number | (() => number) = Infinity,
): Generator<MessageEvent<Head>> {
  for (let at = 0; ;) {
    const event = reader.next()
    if (event !== undefined) {
      yield event
      continue
    }
    const count = Math.min(reader.room, typeof size === 'number' ? size : size(), text.length - at)
    if (count === 0) return
    reader.push(text.slice(at, at + count))
    at += count
  }
}

/** Parses the head of a request. */
export const requestHead = (text: string): RequestHead => {
  for (const event of eventsOf(new RequestReader({ relaxed: true }), text)) if (event.type === 'head') return event.head
  throw new Error(`no request: ${text}`)
}

const ADJUSTED = { names: new Map([['x-adjusted', 'X-ADJUSTED']]) }

/** What the server receives if a client sends a text. */
export const predictRequests = (text: string, relaxed: boolean): Prediction => {
  const reader = new RequestReader({ relaxed })
  const writer = new MessageWriter({ ...(relaxed ? ADJUSTED : {}), websocketKey: () => '?' })
  const messages: Message[] = []
  let current = { head: '', body: '', trailers: [] as string[] }
  let last: RequestHead | undefined
  for (const event of eventsOf(reader, text)) {
    switch (event.type) {
      case 'head':
        last = event.head
        // rejected by HAProxy's analysers, not by the parser
        if (last.method === 'PRI') return { messages, rest: 400 }
        writer.mode = 'keep-alive'
        try {
          current = { head: writer.request(event.head, serverMode(false)), body: '', trailers: [] }
        } catch (error) {
          if (!(error instanceof MessageMismatch)) throw error
          return { messages, rest: 502 }
        }
        break
      case 'data':
        current.body += event.data
        break
      case 'trailers':
        current.trailers = linesOf(writer.end(event.fields))
        break
      case 'error':
        return { messages, rest: event.error.status }
      case 'end':
        messages.push(current)
        if (modeOfRequest(last!) === 'close' || last!.method === 'CONNECT') return { messages, rest: 'nothing' }
        reader.startNext()
    }
  }
  if (reader.state > State.LAST_LF) return { messages, part: current, rest: 'part of a body' }
  return { messages, rest: reader.pending === 0 ? 'nothing' : 'part of a head' }
}

/** What the client receives if the server sends a text and closes. */
export const predictResponses = (text: string, request: RequestHead, relaxed: boolean): Prediction => {
  const reader = new ResponseReader({ relaxed })
  reader.expect(request.method)
  const writer = new MessageWriter({ ...(relaxed ? ADJUSTED : {}), websocketAccept: '?' })
  writer.mode = modeOfRequest(request)
  const messages: Message[] = []
  let current: { head: string; body: string; trailers: string[] } | undefined
  const error = (status: number, isTruncated: boolean): Prediction => {
    if (!isTruncated) return { messages: [], rest: status }
    if (current !== undefined) return { messages, part: current, rest: 'part of a body' }
    // an incomplete head is an error as the end arrives with it, and invalidates what is in the same buffer
    return { messages: reader.pending > 0 ? [] : messages, rest: status }
  }
  for (const event of untilEnd(reader, text)) {
    switch (event.type) {
      case 'head': {
        const { head } = event
        // checked by HAProxy's analysers: client and server must both want the upgrade
        if (head.status === 101 && !(head.connection.upgrade && request.connection.upgrade))
          return { messages, rest: 502 }
        const message = { head: writer.response(head, request, clientMode(false)), body: '', trailers: [] }
        if (head.isInterim) messages.push(message)
        else current = message
        if (head.body === 'tunnel') reader.tunnel()
        break
      }
      case 'data':
        current!.body += event.data
        break
      case 'trailers':
        current!.trailers = linesOf(writer.end(event.fields))
        break
      case 'error':
        return error(event.error.status, event.error.reason === 'truncated')
      case 'end':
        return { messages: [...messages, current!], rest: 'nothing' }
    }
  }
  throw new Error('no end and no error, although the connection is closed')
}

function* untilEnd<Head>(reader: MessageReader<Head>, text: string): Generator<MessageEvent<Head>> {
  yield* eventsOf(reader, text)
  reader.end()
  yield* eventsOf(reader, '')
}

/** Splits what was received into messages: interim responses and a last message, which may have a body. */
export const seen = (text: string, count: number, isBodiless = false): Message[] => {
  const end = text.indexOf('\r\n\r\n') + 4
  // generated keys are random
  const head = text.slice(0, end).replace(/(Sec-Websocket-(?:Key|Accept)): .*/, '$1: ?')
  const rest = text.slice(end)
  if (count > 1) return [{ head, body: '', trailers: [] }, ...seen(rest, count - 1, isBodiless)]
  if (isBodiless || !/^transfer-encoding: chunked\r$/im.test(head)) return [{ head, body: rest, trailers: [] }]
  return [{ head, ...readChunks(rest) }]
}

const readChunks = (text: string): Omit<Message, 'head'> => {
  let body = ''
  for (let at = 0; ;) {
    const line = /^([0-9A-F]+)\r\n/.exec(text.slice(at, at + 20))
    if (line === null) return { body, trailers: [] }
    const size = Number.parseInt(line[1]!, 16)
    at += line[0].length
    if (size === 0) return { body, trailers: linesOf(text.slice(at)) }
    body += text.slice(at, at + size)
    at += size + 2
  }
}

/** The lines of trailers, without the last chunk. */
const linesOf = (text: string): string[] =>
  text
    .replace(/^0\r\n/, '')
    .split('\r\n')
    .filter((each) => each !== '')
