/** The Lua interface of clients: requests, answers and raw connections. Texts of messages are Lua strings, which are bytes. */
import { encodeText, toByteString } from '../bytes/text.js'
import {
  Client,
  HttpAnswer,
  HttpExchange,
  HttpHeaders,
  type ClientConnection,
  type Expected,
  type InterimAnswer,
  type TcpConnection,
  type WaitOptions,
} from '../sim/index.js'
import { toLua } from './byte-strings.js'
import { kind, methods, properties, type Kind } from './kind.js'

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'] as const

const interimToLua = (interim: readonly InterimAnswer[]) =>
  interim.map((each) => ({ ...each, reason: toLua(each.reason) }))

/** The kinds of objects of clients by constructor. */
export const CLIENT_KINDS: readonly (readonly [new (...args: never[]) => object, Kind])[] = [
  [
    Client,
    kind<Client>('Client', properties('connections', 'name'), {
      ...methods(...METHODS, 'request', 'send', 'wait', 'close'),
      connect: (client, to: string) => client.connect(to),
    }),
  ],
  [
    HttpExchange,
    kind<HttpExchange>(
      'HttpExchange',
      {
        ...properties('method', 'url', 'answer', 'connection', 'ended', 'phase', 'startedAt'),
        error: ({ error }) => error?.message,
        errorCode: ({ error }) => error?.code,
        interim: ({ interim }) => interimToLua(interim),
      },
      methods('wait', 'abort', 'reset', 'onEnd'),
    ),
  ],
  [
    HttpAnswer,
    kind<HttpAnswer>(
      'HttpAnswer',
      {
        ...properties('status', 'version', 'headers', 'trailers', 'at', 'took'),
        reason: ({ reason }) => toLua(reason),
        interim: ({ interim }) => interimToLua(interim),
        body: ({ body }) => toLua(body),
        bytes: ({ body }) => toLua(body),
      },
      { text: ({ body }) => toLua(body) },
    ),
  ],
  [
    HttpHeaders,
    {
      ...kind<HttpHeaders>('HttpHeaders', properties('length'), {
        get: (headers, name: string) => optionalToLua(headers.get(name)),
        all: (headers, name: string) => headers.all(name).map(toLua),
        has: (headers, name: string) => headers.has(name),
        entries: (headers) => headers.entries().map((entry) => entry.map(toLua)),
      }),
      index: (headers: HttpHeaders, name: string) => optionalToLua(headers.get(name)),
    },
  ],
]

const optionalToLua = (bytes: string | undefined) => (bytes === undefined ? undefined : toLua(bytes))

const expected = (wanted: string | ((received: Uint8Array) => unknown)): Expected =>
  typeof wanted === 'function' ? (received) => wanted(toLua(received)) : toByteString(wanted)

/** Connections are recognised by their methods, as they have several classes. */
export const CONNECTION = kind<TcpConnection & ClientConnection>(
  'Connection',
  {
    ...properties('from', 'local', 'at', 'open', 'state', 'error', 'ended', 'isEncrypted'),
    received: (connection) => toLua(connection.received),
  },
  {
    ...methods('finish', 'close', 'reset', 'pause', 'resume'),
    secure: (connection) => connection.secure(),
    send: (connection, data: string) => connection.send(encodeText(data)),
    receive: (connection, limit?: WaitOptions['limit']) => toLua(connection.receive(limit)),
    receiveAll: (connection, limit?: WaitOptions['limit']) => toLua(connection.receiveAll(limit)),
    expect: (connection, wanted: string | ((received: Uint8Array) => unknown), limit?: WaitOptions['limit']) => {
      const match = connection.expect(expected(wanted) as () => unknown, limit)
      return typeof match === 'string' && typeof wanted === 'string' ? toLua(match) : match
    },
  },
)

/** Whether an object is exposed as {@link CONNECTION}. */
export const isConnection = (object: object): boolean => 'send' in object && 'finish' in object
