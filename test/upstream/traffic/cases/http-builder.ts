/** Cases of the most frequent form: one frontend in HTTP mode and, unless the frontend answers, one backend with one server. */
import { head, loop, send, until, type Step, type TrafficCase } from '../harness/case.js'
import { proxyCase, type ProxyOptions } from './proxy-builder.js'

/** A request without a body. */
export const get = (path: string, ...fields: readonly string[]): string => request(`GET ${path} HTTP/1.1`, ...fields)

/** A request with `Host: a`. */
export const request = (line: string, ...fields: readonly string[]): string => message(line, 'Host: a', ...fields)

/** The head of a message. */
export const message = (...lines: readonly string[]): string => [...lines, '', ''].join('\r\n')

/** A request with a body of known length. */
export const post = (path: string, body: string, ...fields: readonly string[]): string =>
  request(`POST ${path} HTTP/1.1`, `Content-Length: ${body.length}`, ...fields) + body

/** A response with a body of known length. */
export const ok = (body = 'hello', ...fields: readonly string[]): string =>
  message('HTTP/1.1 200 OK', `Content-Length: ${body.length}`, ...fields) + body

/** Answers every request without a body. */
export const answering = (response = ok()): readonly Step[] => [loop(head, send(response))]

/** Announces a body, sends it once an interim response has asked for it, and reads the response `hello`. */
export const expectation: readonly Step[] = [
  send(request('POST / HTTP/1.1', 'Content-Length: 4', 'Expect: 100-continue')),
  head,
  send('body'),
  until('hello'),
]

/** Of the server, only the settings are given. */
export type HttpOptions = Omit<ProxyOptions, 'bind'>

/** A case with the frontend `fe`, the backend `be`, and its server `s1`. */
export const httpCase = (
  name: string,
  { server = '', connections = [answering()], ...options }: HttpOptions,
): TrafficCase => proxyCase(name, 'http', { ...options, connections, server: `server s1 $s1 ${server}` })
