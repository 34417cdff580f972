/** Fetches about the backend and the server that an expression is evaluated for (src/backend.c). */
import type { Fetch } from '../keyword.js'
import { sint, str } from '../sample.js'

export const PROXY_FETCHES: readonly Fetch[] = [
  {
    name: 'be_name',
    bind:
      () =>
      ({ proxy }) =>
        proxy && str(proxy.name),
  },
  {
    name: 'be_id',
    bind:
      () =>
      ({ proxy }) =>
        proxy && sint(proxy.uuid),
  },
  {
    name: 'srv_name',
    bind:
      () =>
      ({ server }) =>
        server && str(server.name),
  },
  {
    name: 'srv_id',
    bind:
      () =>
      ({ server }) =>
        server && sint(server.puid),
  },
]
