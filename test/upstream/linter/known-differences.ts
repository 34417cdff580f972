/** Differences from the real HAProxy that remain for a reason. */
import type { CheckResult } from './check.js'
import type { LinterCase } from './corpus.js'

/** A reason why exit codes may differ. */
interface KnownDifference {
  readonly reason: string
  readonly applies: (each: LinterCase, real: CheckResult, ours: CheckResult) => boolean
}

const KNOWN: readonly KnownDifference[] = []

/** The reason why the exit codes of a case differ; undefined if it is not known. */
export const knownDifference = (each: LinterCase, real: CheckResult, ours: CheckResult): string | undefined =>
  KNOWN.find(({ applies }) => applies(each, real, ours))?.reason
