/**
 * What TypeScript has as byte strings, with a character for each byte, on its way to the Lua of tests and back: there all strings are
 * bytes.
 */
import { encodeText } from '../bytes/text.js'
import type { HttpRequest, HttpResponder, HttpServer, Mail, TcpConnection, TcpServer } from '../sim/index.js'

export const toLua = (bytes: string): Uint8Array => Buffer.from(bytes, 'latin1')

/** What Lua gave, as bytes where it is a string. */
export const fromLua = <T>(value: T): T | Uint8Array => (typeof value === 'string' ? encodeText(value) : value)

export const mailToLua = (mail: Mail) => ({ ...mail, raw: toLua(mail.raw) })

export const requestToLua = (request: HttpRequest) => ({
  ...request,
  path: toLua(request.path),
  headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, toLua(value)])),
  body: toLua(request.body),
})

/** `respond` of an HTTP server, whose function gets the request. */
export const respondHttp = (server: HttpServer, responder: HttpResponder): HttpServer =>
  server.respond(
    typeof responder === 'function'
      ? (request) => responder(requestToLua(request) as unknown as HttpRequest)
      : responder,
  )

type TcpAnswer = string | Uint8Array | undefined

/** `respond` of a TCP server, whose function gets what has come. */
export const respondTcp = (
  server: TcpServer,
  responder: string | ((received: Uint8Array, connection: TcpConnection) => TcpAnswer),
): TcpServer =>
  server.respond(
    typeof responder === 'function'
      ? (received, connection) => fromLua(responder(toLua(received), connection))
      : encodeText(responder),
  )
