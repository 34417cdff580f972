/** Converts byte strings (one character per byte) between TypeScript and the Lua of tests, whose strings are bytes. */
import { encodeText } from '../bytes/text.js'
import type { HttpRequest, HttpResponder, HttpServer, Mail, TcpConnection, TcpServer } from '../sim/index.js'

/** Converts a byte string to a Lua string. */
export const toLua = (bytes: string): Uint8Array => Buffer.from(bytes, 'latin1')

/** Converts a Lua string to bytes; other values are returned unchanged. */
export const fromLua = <T>(value: T): T | Uint8Array => (typeof value === 'string' ? encodeText(value) : value)

/** Converts the byte strings of a mail. */
export const mailToLua = (mail: Mail) => ({ ...mail, raw: toLua(mail.raw) })

/** Converts the byte strings of an HTTP request. */
export const requestToLua = (request: HttpRequest) => ({
  ...request,
  path: toLua(request.path),
  headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, toLua(value)])),
  body: toLua(request.body),
})

/** `respond` of an HTTP server; a function receives the request. */
export const respondHttp = (server: HttpServer, responder: HttpResponder): HttpServer =>
  server.respond(
    typeof responder === 'function'
      ? (request) => responder(requestToLua(request) as unknown as HttpRequest)
      : responder,
  )

type TcpAnswer = string | Uint8Array | undefined

/** `respond` of a TCP server; a function receives the data and the connection. */
export const respondTcp = (
  server: TcpServer,
  responder: string | ((received: Uint8Array, connection: TcpConnection) => TcpAnswer),
): TcpServer =>
  server.respond(
    typeof responder === 'function'
      ? (received, connection) => fromLua(responder(toLua(received), connection))
      : encodeText(responder),
  )
