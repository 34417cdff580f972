/** Selects the occurrences to show. */
import type { Occurrence } from './occurrence.js'

export const OCCURRENCE_KINDS = [
  'log',
  'message',
  'event',
  'mail',
  'cli',
  'print',
  'action',
  'client',
] as const satisfies readonly Occurrence['type'][]

export type OccurrenceKind = (typeof OCCURRENCE_KINDS)[number]

export interface Selection {
  /** only errors, alerts and warnings */
  readonly quiet?: true
  /** also connections and requests */
  readonly verbose?: true
  /** only these kinds */
  readonly only?: readonly OccurrenceKind[]
}

const PROBLEMS: ReadonlySet<string> = new Set(['emerg', 'alert', 'crit', 'err', 'warning'])

/** Whether an occurrence is shown. */
export const isSelected = (occurrence: Occurrence, { quiet, only }: Selection): boolean =>
  only ? (only as readonly string[]).includes(occurrence.type) : !quiet || isProblem(occurrence)

const isProblem = (occurrence: Occurrence): boolean =>
  occurrence.type === 'log'
    ? PROBLEMS.has(occurrence.level)
    : occurrence.type === 'message' && PROBLEMS.has(occurrence.severity)
