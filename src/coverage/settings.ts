/** What a person may say of coverage, checked. */

/** Names of istanbul's reporters. */
export const COVERAGE_REPORTERS = ['text', 'text-summary', 'lcov', 'html', 'json', 'json-summary', 'cobertura'] as const
export type CoverageReporter = (typeof COVERAGE_REPORTERS)[number]

export const MEASURES = ['statements', 'branches', 'functions', 'lines'] as const
export type Measure = (typeof MEASURES)[number]

/** The least that is well, in percent of all scripts together. */
export type Thresholds = Readonly<Partial<Record<Measure, number>>>

export interface CoverageSettings {
  /** patterns of paths, from the working directory on, of the scripts that are reported (default: all) */
  readonly include?: readonly string[] | undefined
  /** patterns of those that are not */
  readonly exclude?: readonly string[] | undefined
  /** whether scripts count that nobody loaded: all `*.lua` under the working directory but tests (default: they do not) */
  readonly all?: boolean | undefined
  /** default: `text`, `lcov`, `html` */
  readonly reporters?: readonly CoverageReporter[] | undefined
  readonly thresholds?: Thresholds | undefined
  /** where reports are written (default: `coverage`) */
  readonly directory?: string | undefined
}

/** What was said makes no sense; the message says what would. */
export class CoverageError extends Error {
  override name = 'CoverageError'
}

export const checkReporters = (names: readonly string[]): CoverageReporter[] =>
  names.map((name) => {
    const known = COVERAGE_REPORTERS.find((each) => each === name)
    if (known === undefined)
      throw new CoverageError(`there is no coverage reporter '${name}': it is one of ${COVERAGE_REPORTERS.join(', ')}`)
    return known
  })

export const checkThresholds = (given: Readonly<Record<string, number>>): Thresholds => {
  for (const [name, value] of Object.entries(given)) {
    if (!MEASURES.some((each) => each === name))
      throw new CoverageError(`there is no threshold of '${name}': it is one of ${MEASURES.join(', ')}`)
    if (!(value >= 0 && value <= 100))
      throw new CoverageError(`the threshold of ${name} is a percentage, from 0 to 100, not ${value}`)
  }
  return given
}

/** `lines=90,branches=80`, or one number for all four. */
export const parseThresholds = (text: string): Thresholds => {
  if (/^\d+(\.\d+)?$/.test(text.trim()))
    return checkThresholds(Object.fromEntries(MEASURES.map((name) => [name, Number(text)])))
  const given: Record<string, number> = {}
  for (const part of text.split(',')) {
    const [, name, value] = /^\s*(\w+)\s*=\s*(-?[\d.]+)\s*$/.exec(part) ?? []
    if (name === undefined || Number.isNaN(Number(value)))
      throw new CoverageError(`thresholds are written as lines=90,branches=80 or 90, not '${part.trim()}'`)
    given[name] = Number(value)
  }
  return checkThresholds(given)
}
