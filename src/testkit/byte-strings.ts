/** Converts byte strings (one character per byte) between TypeScript and the Lua of tests, whose strings are bytes. */
import { encodeText } from '../bytes/text.js'
import type {
  HttpCondition,
  HttpRequest,
  HttpResponder,
  HttpServer,
  Mail,
  TcpConnection,
  TcpServer,
} from '../sim/index.js'

/** Converts a byte string to a Lua string. */
export const toLua = (bytes: string): Uint8Array => Buffer.from(bytes, 'latin1')

/** Converts a Lua string to bytes; other values are returned unchanged. */
export const fromLua = <T>(value: T): T | Uint8Array => (typeof value === 'string' ? encodeText(value) : value)

/** Converts the byte strings of a mail. */
export const mailToLua = (mail: Mail) => ({ ...mail, raw: toLua(mail.raw) })

/** Converts the byte strings of an HTTP request. */
export const requestToLua = (request: HttpRequest) => ({
  method: request.method,
  target: toLua(request.target),
  path: toLua(request.path),
  query: request.query === undefined ? undefined : toLua(request.query),
  version: request.version,
  headers: recordToLua(request.headers),
  rawHeaders: request.rawHeaders.entries().map((entry) => entry.map(toLua)),
  trailers: recordToLua(request.trailers),
  body: toLua(request.body),
  text: toLua(request.body),
  bytes: toLua(request.body),
  at: request.at,
  connection: request.connection,
  from: request.from,
})

const recordToLua = (record: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, toLua(value)]))

type FromRequest<Result> = (request: HttpRequest) => Result

/** Passes requests to a function of Lua. */
const withLuaRequest = <T>(given: T): T | FromRequest<never> =>
  typeof given === 'function'
    ? (request: HttpRequest) => (given as unknown as (table: object) => never)(requestToLua(request))
    : given

/** `respond` of an HTTP server: a responder, or a condition and a responder; functions receive the request. */
export const respondHttp = (
  server: HttpServer,
  first: HttpCondition | HttpResponder,
  responder?: HttpResponder,
): HttpServer =>
  responder === undefined
    ? server.respond(withLuaRequest(first as HttpResponder))
    : server.respond(withLuaRequest(first as HttpCondition), withLuaRequest(responder))

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
