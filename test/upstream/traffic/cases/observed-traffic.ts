/** Servers whose state depends on their traffic: `observe`, `error-limit` and `on-error`, with the events that are published. */
import { close, connect, end, head, send, until, wait, type Step, type TrafficCase } from '../harness/case.js'
import { get, httpCase, message, ok } from './http-builder.js'
import { tcpCase } from './proxy-builder.js'

const CHECK = 'option tcp-check\n  tcp-check connect\n  tcp-check expect string hello'

const FAILURE = message('HTTP/1.1 500 Internal Server Error', 'Content-Length: 0')

/** Requests one after the other, each on another connection. */
const requests = (count: number): readonly (readonly Step[])[] =>
  Array.from({ length: count }, (_, at) => [send(get(`/${at}`, 'Connection: close')), end])

/** What checks connect to, instead of the server, with a line that they wait for. */
const checkedServer = (traffic: TrafficCase): TrafficCase => ({
  ...traffic,
  servers: { ...traffic.servers, s2: [[send('hello\n'), end]] },
})

const observed = (name: string, settings: string, connection: readonly Step[], count = 4): TrafficCase =>
  checkedServer(
    httpCase(`observe: ${name}`, {
      defaults: 'timeout server 200',
      backend: CHECK,
      server: `check addr $s2 inter 60s ${settings}`,
      connections: [connection],
      clients: requests(count),
    }),
  )

const fails: readonly Step[] = [head, send(FAILURE), wait(30), close]

export const OBSERVED_TRAFFIC: readonly TrafficCase[] = [
  observed('responses, mark-down', 'observe layer7 error-limit 2 on-error mark-down', fails),
  observed('responses, fail-check', 'observe layer7 error-limit 2 on-error fail-check rise 2 fall 2', fails, 5),
  observed('responses, sudden-death', 'observe layer7 error-limit 1 on-error sudden-death rise 2 fall 2', fails),
  observed('responses, fastinter', 'observe layer7 error-limit 2 on-error fastinter', fails),
  observed('good responses', 'observe layer7 error-limit 1 on-error mark-down', [head, send(ok()), end], 2),
  observed('no response', 'observe layer7 error-limit 1 on-error mark-down', [head, end], 2),
  observed('invalid responses', 'observe layer7 error-limit 1 on-error mark-down', [head, send('x\r\n\r\n'), end], 2),
  observed('responses do not matter to layer 4', 'observe layer4 error-limit 1 on-error mark-down', fails, 2),
  checkedServer(
    tcpCase('observe: connections that are refused', {
      server: 'server s1 $refused check addr $s2 inter 60s observe layer4 error-limit 2 on-error mark-down',
      backend: `retries 0\n  ${CHECK}`,
      connections: [[end]],
      clients: [
        [connect('listen'), end],
        [connect('listen'), end],
        [connect('listen'), end],
      ],
    }),
  ),
  checkedServer(
    tcpCase('observe: connections that are established', {
      backend: CHECK,
      server: 'server s1 $s1 check addr $s2 inter 60s observe layer4 error-limit 1 on-error mark-down',
      connections: [[until('\n'), send('answer\n'), close]],
      clients: [[send('question\n'), until('answer\n'), end, close]],
    }),
  ),
]
