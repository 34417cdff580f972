/** Settings of coverage, and their checks. */

/** Names of istanbul's reporters. */
export const COVERAGE_REPORTERS = ['text', 'text-summary', 'lcov', 'html', 'json', 'json-summary', 'cobertura'] as const
/** A reporter. */
export type CoverageReporter = (typeof COVERAGE_REPORTERS)[number]

/** What coverage is measured of. */
export const MEASURES = ['statements', 'branches', 'functions', 'lines'] as const
/** A measure. */
export type Measure = (typeof MEASURES)[number]

/** Minimum percentages of all scripts together. */
export type Thresholds = Readonly<Partial<Record<Measure, number>>>

/** Settings of coverage. */
export interface CoverageSettings {
  /** patterns of paths, relative to the working directory, of the scripts to report (default: all) */
  readonly include?: readonly string[] | undefined
  /** patterns of scripts not to report */
  readonly exclude?: readonly string[] | undefined
  /** reports scripts that were not loaded as well: all `*.lua` below the working directory except tests (default: false) */
  readonly all?: boolean | undefined
  /** default: `text`, `lcov`, `html` */
  readonly reporters?: readonly CoverageReporter[] | undefined
  readonly thresholds?: Thresholds | undefined
  /** where reports are written (default: `coverage`) */
  readonly directory?: string | undefined
}

/** Invalid settings, or a directory that cannot be written to. */
export class CoverageError extends Error {
  override name = 'CoverageError'
}

/** Returns the reporters; throws a {@link CoverageError} for an unknown one. */
export const checkReporters = (names: readonly string[]): CoverageReporter[] =>
  names.map((name) => {
    const known = COVERAGE_REPORTERS.find((each) => each === name)
    if (known === undefined)
      throw new CoverageError(`unknown coverage reporter '${name}': expected one of ${COVERAGE_REPORTERS.join(', ')}`)
    return known
  })

/** Returns the thresholds; throws a {@link CoverageError} for an unknown measure or an invalid percentage. */
export const checkThresholds = (given: Readonly<Record<string, number>>): Thresholds => {
  for (const [name, value] of Object.entries(given)) {
    if (!MEASURES.some((each) => each === name))
      throw new CoverageError(`unknown threshold '${name}': expected one of ${MEASURES.join(', ')}`)
    if (!(value >= 0 && value <= 100))
      throw new CoverageError(`the threshold of ${name} must be a percentage from 0 to 100, not ${value}`)
  }
  return given
}

/** Parses `lines=90,branches=80`, or one number for all measures. Throws a {@link CoverageError} if the syntax is invalid. */
export const parseThresholds = (text: string): Thresholds => {
  if (/^\d+(\.\d+)?$/.test(text.trim()))
    return checkThresholds(Object.fromEntries(MEASURES.map((name) => [name, Number(text)])))
  const given: Record<string, number> = {}
  for (const part of text.split(',')) {
    const [, name, value] = /^\s*(\w+)\s*=\s*(-?[\d.]+)\s*$/.exec(part) ?? []
    if (name === undefined || Number.isNaN(Number(value)))
      throw new CoverageError(`invalid thresholds '${part.trim()}': expected lines=90,branches=80 or 90`)
    given[name] = Number(value)
  }
  return checkThresholds(given)
}
