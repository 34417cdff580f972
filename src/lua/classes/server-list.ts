/** The class of `Proxy.servers` (`hlua_listable_servers_…` in src/hlua_fcn.c). */
import type { Server } from '../../haproxy/server/server.js'
import type { ApiPart } from './api-part.js'
import { listableClass } from './listable-class.js'
import { ServerList } from './listables.js'

const serverListClass = listableClass<ServerList, Server>('ServerList', {
  type: ServerList,
  find: (_, { proxy }, name) => proxy.server(name),
  /** Iterates over the servers present at the start, except those deleted in the meantime. */
  iterate(_, { proxy: { servers } }) {
    let next = 0
    return () => {
      let server: Server | undefined
      do server = servers[next++]
      while (server?.deleted)
      return server
    }
  },
})

export const SERVER_LIST: ApiPart = { class: serverListClass }
