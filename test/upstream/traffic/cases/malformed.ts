/** Raw messages, valid and not: the requests and responses with which the parsers are compared. */
import { close, end, head, send, wait, type TrafficCase } from '../harness/case.js'
import { REQUESTS } from '../../real-time/http/requests.js'
import { RESPONSES } from '../../real-time/http/responses.js'
import { get, httpCase, ok } from './http-builder.js'

const DEFAULTS = 'timeout client 600\n  timeout http-request 400\n  timeout server 400\n  timeout http-keep-alive 200'

export const RAW_REQUESTS: readonly TrafficCase[] = Object.entries(REQUESTS).map(([name, text]) =>
  httpCase(`request: ${name}`, {
    defaults: DEFAULTS,
    connections: [[head, wait(20), send(ok('hello', 'Connection: close')), wait(50), close]],
    clients: [[send(text), end]],
  }),
)

export const RAW_RESPONSES: readonly TrafficCase[] = Object.entries(RESPONSES).map(([name, text]) =>
  httpCase(`response: ${name}`, {
    defaults: DEFAULTS,
    connections: [[head, send(text), wait(50), close]],
    clients: [[send(get('/', 'Connection: close')), end]],
  }),
)
