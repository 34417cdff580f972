/** Why a stream runs, bits of `Stream.events` (`STRM_EVT_*`): those of tasks, and orders to end. */
import { Wake } from '../../engine/task.js'

export const StreamEvent = {
  TIMER: Wake.TIMER,
  MESSAGE: Wake.MESSAGE,
  /** its server went down, a server of higher priority came up, the operator ends it */
  SERVER_DOWN: 0x10000,
  SERVER_UP: 0x20000,
  KILLED: 0x40000,
} as const
