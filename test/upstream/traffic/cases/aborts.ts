/** Clients that leave or are slow in each phase of a transaction, with and without `option abortonclose`. */
import { close, connect, end, head, pause, reset, resume, send, shut, trickle, until, wait } from '../harness/case.js'
import type { Step, TrafficCase } from '../harness/case.js'
import { get, httpCase, message, ok, request } from './http-builder.js'

const HALF_RESPONSE = message('HTTP/1.1 200 OK', 'Content-Length: 8') + 'half'
const HALF_REQUEST = request('POST / HTTP/1.1', 'Content-Length: 8') + 'half'

/** How a client leaves. */
const WAYS: Readonly<Record<string, Step>> = { closes: close, resets: reset, 'ends its side': shut }

interface Phase {
  readonly client: readonly Step[]
  readonly connection?: readonly Step[]
  readonly frontend?: string
  readonly more?: string
  /** a line of the `defaults` section */
  readonly option?: string
}

const PHASES: Readonly<Record<string, Phase>> = {
  'before the request': { client: [connect('listen'), wait(50)] },
  'in the request line': { client: [send('GET /'), wait(50)] },
  'in the head': { client: [send('GET / HTTP/1.1\r\nHost: a\r\n'), wait(50)] },
  'in the body': { client: [send(HALF_REQUEST), wait(50)], connection: [head, end] },
  'in a chunked body': {
    client: [send(`${request('POST / HTTP/1.1', 'Transfer-Encoding: chunked')}4\r\nhalf\r\n`), wait(50)],
    connection: [head, end],
  },
  'while the connection is made': {
    client: [send(get('/')), wait(50)],
    frontend: 'use_backend $silent',
    more: 'backend $silent\n  retries 0\n  server s $full',
  },
  'while it waits to retry': {
    client: [send(get('/')), wait(50)],
    frontend: 'use_backend $refusing',
    more: 'backend $refusing\n  server s $refused',
  },
  'while the server thinks': { client: [send(get('/')), wait(50)], connection: [head, wait(400), send(ok()), end] },
  'in the body of the response': {
    client: [send(get('/')), head, wait(50)],
    connection: [head, send(HALF_RESPONSE), wait(400), send('half'), end],
    // without it the kernel holds the first half back for 200 ms
    option: 'option http-no-delay',
  },
  'after the response': { client: [send(get('/')), until('hello'), wait(50)] },
  'after the response, in the next head': { client: [send(get('/')), until('hello'), send('GET / HT'), wait(50)] },
}

const leaving = (option: string): readonly TrafficCase[] =>
  Object.entries(PHASES).flatMap(([phase, { client, connection, frontend, more, option: own = '' }]) =>
    Object.entries(WAYS).map(([way, step]) =>
      httpCase(`a client ${way} ${phase}${option === '' ? '' : `, ${option}`}`, {
        defaults: `timeout server 1s\n  timeout client 1s\n  ${option}\n  ${own}`,
        clients: [step === shut ? [...client, step, end] : [...client, step]],
        ...(connection === undefined ? {} : { connections: [connection] }),
        ...(frontend === undefined ? {} : { frontend }),
        ...(more === undefined ? {} : { more }),
      }),
    ),
  )

const queued = (option: string, way: string): TrafficCase =>
  httpCase(`a client ${way} in the queue${option === '' ? '' : `, ${option}`}`, {
    defaults: `timeout queue 400\n  ${option}`,
    server: 'maxconn 1',
    connections: [[head, wait(740), send(ok('hello', 'Connection: close')), close]],
    clients: [
      [send(get('/1')), end],
      [send(get('/2')), wait(50), WAYS[way]!],
    ],
  })

const bytes = (text: string): readonly string[] => [...text]

export const ABORTS: readonly TrafficCase[] = [
  ...leaving(''),
  ...leaving('option abortonclose'),
  ...['closes', 'resets'].flatMap((way) => [queued('', way), queued('option abortonclose', way)]),
  httpCase('a client that sends a byte at a time', {
    clients: [[trickle(3, ...bytes(get('/', 'Connection: close'))), end]],
  }),
  httpCase('a server that sends a byte at a time', {
    connections: [[head, trickle(3, ...bytes(ok()))]],
    clients: [[send(get('/', 'Connection: close')), end]],
  }),
  httpCase('a body of a byte at a time', {
    connections: [[head, until('body'), send(ok())]],
    clients: [
      [
        send(request('POST / HTTP/1.1', 'Content-Length: 4', 'Connection: close')),
        trickle(20, 'b', 'o', 'd', 'y'),
        end,
      ],
    ],
  }),
  httpCase('a client that reads late', {
    connections: [[head, send(ok('x'.repeat(1_000_000)))]],
    clients: [[send(get('/', 'Connection: close')), pause, wait(240), resume, end]],
  }),
  httpCase('a server that reads late', {
    connections: [[pause, wait(240), resume, until('end'), send(ok())]],
    clients: [
      [
        send(
          `${request('POST / HTTP/1.1', 'Content-Length: 1000003', 'Connection: close')}${'x'.repeat(1_000_000)}end`,
        ),
        end,
      ],
    ],
  }),
  {
    ...httpCase('a client that never reads and then resets', {
      connections: [[head, send(ok('x'.repeat(2_000_000))), end]],
      clients: [[send(get('/')), pause, wait(240), reset]],
    }),
    ignoresAmounts: true,
  },
  httpCase('a server that resets in the middle of the request', {
    connections: [[head, wait(50), reset]],
    clients: [[send(HALF_REQUEST), wait(200), send('half'), end]],
  }),
  httpCase('a server that closes in the middle of the request', {
    connections: [[head, wait(50), close]],
    clients: [[send(HALF_REQUEST), wait(200), send('half'), end]],
  }),
  httpCase('a server that answers and resets in the middle of the request', {
    connections: [[head, send(ok('hello', 'Connection: close')), wait(50), reset]],
    clients: [[send(HALF_REQUEST), until('hello'), wait(200), send('half'), end]],
  }),
  httpCase('a second response', {
    connections: [[head, send(ok() + ok('again')), end]],
    clients: [[send(get('/')), until('hello'), wait(100), send(get('/2')), until('hello'), wait(50)]],
  }),
  httpCase('a response before any request', {
    connections: [[send(ok()), wait(200), end]],
    clients: [[send(get('/')), until('hello'), wait(100)]],
  }),
]
