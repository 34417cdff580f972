/** Describes events on one line. */
import type { EventRecord } from '../haproxy/events/events.js'

interface EventData {
  readonly state?: { readonly oldState: string; readonly newState: string; readonly admin: boolean }
  readonly admin?: { readonly oldAdmin: number; readonly newAdmin: number }
  readonly check?: {
    readonly result: string
    readonly reason: { readonly short: string; readonly code?: number }
    readonly health: { readonly cur: number; readonly rise: number; readonly fall: number }
  }
}

/** `SERVER_STATE be1/srv1: RUNNING -> STOPPED` */
export const describeEvent = ({ name, proxy, server, data }: EventRecord): string => {
  const { state, check } = data as EventData
  const detail = state
    ? `: ${state.oldState} -> ${state.newState}`
    : check
      ? `: ${check.result} (${check.reason.short}${check.reason.code === undefined ? '' : ` ${check.reason.code}`})`
      : ''
  return `${name} ${proxy}/${server}${detail}`
}
