/** Keeps invalid messages for `show errors` (`h1_capture_bad_message`, src/mux_h1.c). */
import type { MessageError } from '../../http/index.js'
import type { Proxy } from '../proxy/proxy.js'
import type { EndpointOwner } from '../streams/endpoint.js'
import type { Session } from '../streams/session.js'

const named = ({ name, uuid }: Proxy) => ({ name, id: uuid })

/** @param backend of the stream, if there is one */
export const captureRequest = ({ frontend, source, process }: Session, error: MessageError, backend?: Proxy): void => {
  if (error.reason !== 'invalid') return
  frontend.invalidRequest = {
    ...{ direction: 'request', event: process.counters.invalidMessages++, when: process.clock.wall },
    ...{
      proxy: named(frontend),
      other: backend?.backend ? named(backend) : undefined,
      server: undefined,
      source,
      error,
    },
  }
}

/** @param stream that the response is for */
export const captureResponse = (backend: Proxy, error: MessageError, { session, server }: EndpointOwner): void => {
  const { frontend, source, process } = session
  backend.invalidResponse = {
    ...{ direction: 'response', event: process.counters.invalidMessages++, when: process.clock.wall },
    ...{ proxy: named(backend), other: named(frontend), source, error },
    server: server && { name: server.name, id: server.puid },
  }
}
