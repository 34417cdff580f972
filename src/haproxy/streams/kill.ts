/** Ending a stream by order: its server went down, a better one came up, or the operator ends it (`stream_shutdown_self`). */
import { ANY_SHUT, SideFlag, SideState } from './connector.js'
import { StreamEvent } from './events.js'
import { releaseServer } from './reservation.js'
import type { Stream } from './stream.js'

export const killStream = (stream: Stream): void => {
  const { back, events } = stream
  if (back.has(ANY_SHUT)) return
  stream.task.nice = 1024
  stream.endBy(events & StreamEvent.SERVER_DOWN ? 'D' : events & StreamEvent.SERVER_UP ? 'U' : 'K')
  releaseServer(stream)
  back.flags |= SideFlag.ERROR | SideFlag.NOLINGER
  back.shutdown()
  back.state = SideState.CLO
  stream.failConnect()
}
