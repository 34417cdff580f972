/** The states that servers have (`enum srv_state` and `enum srv_admin` in include/haproxy/server-t.h). */

/** Operational state. Only STOPPED is down. */
export const ServerState = { STOPPED: 0, STARTING: 1, RUNNING: 2, STOPPING: 3 } as const
export type ServerState = (typeof ServerState)[keyof typeof ServerState]

export const SERVER_STATE_NAMES = ['STOPPED', 'STARTING', 'RUNNING', 'STOPPING'] as const

/** Administrative state: a set of flags. */
export const ServerAdmin = {
  FMAINT: 0x01,
  IMAINT: 0x02,
  CMAINT: 0x04,
  FDRAIN: 0x08,
  IDRAIN: 0x10,
  DRAIN: 0x18,
  RMAINT: 0x20,
  MAINT: 0x23,
  /** its name was changed at run time */
  FQDN_CHANGED: 0x40,
} as const
