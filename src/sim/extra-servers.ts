/**
 * Servers that are put into the world beside those of the configuration, to see what scripts send there: a webhook, an API, a
 * collector. What they are asked is written to the trace.
 */
import type { TraceRecord } from '../engine/trace.js'
import type { HttpServer, TcpServer } from './actors/index.js'
import type { Simulation } from './simulation.js'

/** A request to such a server, and the status of its answer. */
export interface HttpRequestRecord extends TraceRecord {
  readonly type: 'http'
  /** the address as it was given */
  readonly server: string
  readonly method: string
  /** with the query */
  readonly path: string
  /** read as UTF-8 */
  readonly body: string
  readonly status: number
}

/** Bytes that such a server received, or that a connection was made to it, which is empty `data`. */
export interface TcpDataRecord extends TraceRecord {
  readonly type: 'tcp'
  readonly server: string
  readonly from: string
  /** read as UTF-8 */
  readonly data: string
}

/**
 * A web server that answers everything with `status`, to plain requests and in TLS. Throws a RangeError for what is not an address,
 * a NetworkError for one that is taken.
 */
export const addHttpServer = (simulation: Simulation, address: string, status: number): HttpServer => {
  const [name] = /^[^:@/[\]]+/.exec(address) ?? []
  const tls = { names: name === undefined ? [] : [name], plainToo: true }
  const server = simulation.http(address, { name: address, tls })
  return server.respond(({ method, path, body }) => {
    simulation.trace.write('http', { server: address, method, path, body: textOf(body), status })
    return status
  })
}

/** A server that takes connections and what is sent on them. Throws as {@link addHttpServer}. */
export const addTcpServer = (simulation: Simulation, address: string): TcpServer => {
  const note = (from: string, data: string) =>
    simulation.trace.write('tcp', { server: address, from, data: textOf(data) })
  return simulation
    .tcp(address, { name: address })
    .greet(({ from }) => note(from, ''))
    .respond((data, { from }) => {
      note(from, data)
      return undefined
    })
}

const textOf = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')
