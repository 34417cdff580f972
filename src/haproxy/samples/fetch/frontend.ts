/** Fetches about the frontend and the listener of a client (src/frontend.c, src/listener.c). */
import { MILLISECOND } from '../../../engine/clock.js'
import type { SampleSession } from '../context.js'
import type { Fetch } from '../keyword.js'
import { optionalStr, sint, str, type Sample } from '../sample.js'

const ofSession = (name: string, value: (session: SampleSession) => Sample | undefined): Fetch => ({
  name,
  bind:
    () =>
    ({ session }) =>
      session && value(session),
})

export const FRONTEND_FETCHES: readonly Fetch[] = [
  ofSession('fe_id', ({ frontend }) => sint(frontend.uuid)),
  ofSession('fe_name', ({ frontend }) => str(frontend.name)),
  ofSession('fe_defbe', ({ frontend }) => optionalStr(frontend.config.defaultBackend)),
  ofSession('fe_client_timeout', ({ frontend }) =>
    sint(Math.floor((frontend.config.timeouts.client ?? 0) / MILLISECOND)),
  ),
  ofSession('so_id', ({ listener }) => listener && sint(listener.id)),
  // the name in the configuration, if any
  ofSession('so_name', ({ listener }) => optionalStr(listener?.config.name)),
  ofSession('dst_conn', ({ listener }) => listener && sint(listener.sessions)),
]
