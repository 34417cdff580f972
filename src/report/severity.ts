/** Classifies occurrences for the summary of a run. */
import type { Occurrence } from './occurrence.js'

export const SEVERITY_CATEGORIES = ['errors', 'alerts', 'warnings'] as const

/** `errors`: errors in scripts and log messages of level err; `alerts`: HAProxy's alerts and log messages of level alert or higher. */
export type SeverityCategory = (typeof SEVERITY_CATEGORIES)[number]

/** The category of an occurrence; undefined for others. */
export const severityOf = (occurrence: Occurrence): SeverityCategory | undefined => {
  if (occurrence.type === 'message')
    return occurrence.severity === 'alert' && /^Lua\b/.test(occurrence.text) ? 'errors' : BY_LEVEL[occurrence.severity]
  return occurrence.type === 'log' ? BY_LEVEL[occurrence.level] : undefined
}

const BY_LEVEL: Readonly<Record<string, SeverityCategory>> = {
  emerg: 'alerts',
  alert: 'alerts',
  crit: 'alerts',
  err: 'errors',
  warning: 'warnings',
}
