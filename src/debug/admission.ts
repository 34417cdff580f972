/**
 * Decides whether a connection to the debugger is from an editor. Any web page can send HTTP requests to a local port, and a parser of the Debug
 * Adapter Protocol accepts an HTTP request that has a `Content-Length`. Therefore the header of the first message must consist of the fields of
 * that protocol only; a request of a browser starts with a method and has an `Origin`.
 */
import type { Socket } from 'node:net'

const HEADER_END = '\r\n\r\n'
const FIELD = 'content-length:'
const HEADER = /^content-length: *\d{1,9}(?:\r\ncontent-type: *[^\r\n]*)?$/i

/** The maximum length of the header, in bytes. */
const MAX_HEADER = 1024

/** Whether a connection that starts with these characters is from an editor; `more` if they are too few to decide. */
export const isEditor = (start: string): boolean | 'more' => {
  const end = start.indexOf(HEADER_END)
  if (end >= 0) return HEADER.test(start.slice(0, end))
  if (start.slice(0, FIELD.length).toLowerCase() !== FIELD.slice(0, start.length)) return false
  return start.length <= MAX_HEADER ? 'more' : false
}

const ANSWER = 'This is a debugger. It accepts connections of editors that use the Debug Adapter Protocol.\n'

const REFUSAL = `HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${ANSWER.length}\r\n\r\n${ANSWER}`

/** Calls `admitted` if an editor has connected; its first message can still be read from the socket. Refuses other connections. */
export const admitEditor = (socket: Socket, admitted: () => void): void => {
  let start = Buffer.alloc(0)
  const take = (chunk: Buffer): void => {
    start = Buffer.concat([start, chunk])
    const verdict = isEditor(start.toString('latin1', 0, MAX_HEADER + HEADER_END.length))
    if (verdict === 'more') return
    socket.off('data', take)
    socket.pause()
    if (!verdict) return void socket.end(REFUSAL, () => socket.destroy())
    socket.unshift(start)
    admitted()
  }
  socket.on('error', () => undefined)
  socket.on('data', take)
}
