/** Converters from names of backends and servers to their state (`sample_conv_nbsrv` and others, src/backend.c). */
import type { Server } from '../../server/server.js'
import type { Converter } from '../keyword.js'
import { bool, bytesOf, sint, type Sample } from '../sample.js'
import { isUp, usableServers } from '../server-state.js'

/** A converter of `backend/server`, or of a server of the current backend. */
const ofServer = (name: string, value: (server: Server) => Sample): Converter => ({
  name,
  bind:
    () =>
    (sample, { process, proxy }) => {
      const text = bytesOf(sample)
      const slash = text.indexOf('/')
      const backend = slash < 0 ? proxy : process.backendNamed(text.slice(0, slash))
      const server = backend?.server(text.slice(slash + 1))
      return server && value(server)
    },
})

export const SERVER_CONVERTERS: readonly Converter[] = [
  {
    name: 'nbsrv',
    bind:
      () =>
      (sample, { process }) => {
        const backend = process.backendNamed(bytesOf(sample))
        return backend && sint(usableServers(backend))
      },
  },
  ofServer('srv_is_up', (server) => bool(isUp(server))),
  ofServer('srv_queue', ({ traffic }) => sint(traffic.pendingConnections)),
]
