/** How bad an occurrence is, for the counts at the end of a run. */
import type { Occurrence } from './occurrence.js'

export const SEVERITIES = ['errors', 'alerts', 'warnings'] as const

/** `errors`: of scripts, and what is logged as such; `alerts`: HAProxy's, and what is logged as such or worse. */
export type Severity = (typeof SEVERITIES)[number]

export const severityOf = (occurrence: Occurrence): Severity | undefined => {
  if (occurrence.type === 'message')
    return occurrence.severity === 'alert' && /^Lua\b/.test(occurrence.text) ? 'errors' : BY_LEVEL[occurrence.severity]
  return occurrence.type === 'log' ? BY_LEVEL[occurrence.level] : undefined
}

const BY_LEVEL: Readonly<Record<string, Severity>> = {
  emerg: 'alerts',
  alert: 'alerts',
  crit: 'alerts',
  err: 'errors',
  warning: 'warnings',
}
