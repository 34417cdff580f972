/** Which occurrences of a run are shown. */
import type { Occurrence } from './occurrence.js'

export const OCCURRENCE_KINDS = [
  'log',
  'message',
  'event',
  'mail',
  'cli',
  'print',
  'action',
] as const satisfies readonly Occurrence['type'][]

export type OccurrenceKind = (typeof OCCURRENCE_KINDS)[number]

export interface Selection {
  /** errors, alerts and warnings only */
  readonly quiet?: true
  /** connections and requests, too */
  readonly verbose?: true
  /** these kinds only */
  readonly only?: readonly OccurrenceKind[]
}

const PROBLEMS: ReadonlySet<string> = new Set(['emerg', 'alert', 'crit', 'err', 'warning'])

export const isSelected = (occurrence: Occurrence, { quiet, only }: Selection): boolean =>
  only ? (only as readonly string[]).includes(occurrence.type) : !quiet || isProblem(occurrence)

const isProblem = (occurrence: Occurrence): boolean =>
  occurrence.type === 'log'
    ? PROBLEMS.has(occurrence.level)
    : occurrence.type === 'message' && PROBLEMS.has(occurrence.severity)
