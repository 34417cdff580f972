/**
 * Who may speak to the debugger. Every page that a browser shows can send requests to a port of this machine, and the header of an HTTP
 * request passes for that of the Debug Adapter Protocol as long as a `Content-Length` is in it. So the header of the first message must be
 * that protocol's, and nothing else: a browser's begins with a method, and has an `Origin`.
 */
import type { Socket } from 'node:net'

const HEADER_END = '\r\n\r\n'
const FIELD = 'content-length:'
const HEADER = /^content-length: *\d{1,9}(?:\r\ncontent-type: *[^\r\n]*)?$/i

/** A header that does not end within so many bytes is none. */
const LONGEST = 1024

/** Whether a connection that begins so is an editor's: it is, it is not, or more is needed to tell. */
export const isEditor = (start: string): boolean | 'more' => {
  const end = start.indexOf(HEADER_END)
  if (end >= 0) return HEADER.test(start.slice(0, end))
  if (start.slice(0, FIELD.length).toLowerCase() !== FIELD.slice(0, start.length)) return false
  return start.length <= LONGEST ? 'more' : false
}

const ANSWER = 'A debugger listens here. It takes connections of editors, which speak the Debug Adapter Protocol.\n'

const REFUSAL = `HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${ANSWER.length}\r\n\r\n${ANSWER}`

/** Calls `admitted` once it is known that an editor has connected, with nothing taken from the socket; refuses everybody else. */
export const admitEditor = (socket: Socket, admitted: () => void): void => {
  let start = Buffer.alloc(0)
  const take = (chunk: Buffer): void => {
    start = Buffer.concat([start, chunk])
    const verdict = isEditor(start.toString('latin1', 0, LONGEST + HEADER_END.length))
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
