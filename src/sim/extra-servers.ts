/**
 * Servers in addition to those of the configuration, such as a webhook or an API that scripts call. Their requests are written
 * to the trace.
 */
import type { TraceRecord } from '../engine/trace.js'
import type { HttpServer, TcpServer } from './actors/index.js'
import type { Simulation } from './simulation.js'

/** The trace record of a request and the status of its response. */
export interface HttpRequestRecord extends TraceRecord {
  readonly type: 'http'
  /** the address as specified */
  readonly server: string
  readonly method: string
  /** including the query */
  readonly path: string
  /** decoded as UTF-8 */
  readonly body: string
  readonly status: number
}

/** The trace record of received data; empty `data` stands for a new connection. */
export interface TcpDataRecord extends TraceRecord {
  readonly type: 'tcp'
  readonly server: string
  readonly from: string
  /** decoded as UTF-8 */
  readonly data: string
}

/**
 * Adds an HTTP server that responds with `status`, with and without TLS. Throws a RangeError for an invalid address, a
 * NetworkError if it is in use.
 */
export const addHttpServer = (simulation: Simulation, address: string, status: number): HttpServer => {
  const [name] = /^[^:@/[\]]+/.exec(address) ?? []
  const tls = { names: name === undefined ? [] : [name], plainToo: true }
  const server = simulation.http(address, { name: address, tls })
  return server.respond(({ method, target, body }) => {
    simulation.trace.write('http', { server: address, method, path: target, body: decodeUtf8(body), status })
    return status
  })
}

/** Adds a TCP server that accepts connections and data. Throws as {@link addHttpServer}. */
export const addTcpServer = (simulation: Simulation, address: string): TcpServer => {
  const trace = (from: string, data: string) =>
    simulation.trace.write('tcp', { server: address, from, data: decodeUtf8(data) })
  return simulation
    .tcp(address, { name: address })
    .greet(({ from }) => trace(from, ''))
    .respond((data, { from }) => {
      trace(from, data)
      return undefined
    })
}

const decodeUtf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')
