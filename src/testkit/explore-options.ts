/** Validates the options of `it.explore`. */
import { FAILURE_KINDS, STRATEGIES, type ExploreCall, type FailureKind, type StrategyName } from '../explore/index.js'

/** Validates the options passed to `it.explore`; those of the command line are defaults. */
export const exploreOptions = (
  given: Readonly<Record<string, unknown>>,
  { explore, seed }: { readonly explore?: number; readonly seed?: number },
): ExploreCall => {
  const count = (name: string): number | undefined => {
    const value = given[name]
    if (value === undefined || (Number.isInteger(value) && (value as number) > 0)) return value as number | undefined
    throw new Error(`it.explore: ${name} must be a positive integer`)
  }
  const { strategy, failures, ...others } = given
  const unknown = Object.keys(others).find((name) => !['schedules', 'depth', 'maxStall', 'seed'].includes(name))
  if (unknown !== undefined) throw new Error(`it.explore: unknown option '${unknown}'`)
  if (strategy !== undefined && !STRATEGIES.includes(strategy as StrategyName))
    throw new Error(`it.explore: strategy must be one of ${STRATEGIES.join(', ')}`)
  if (
    failures !== undefined &&
    !(Array.isArray(failures) && failures.every((each) => FAILURE_KINDS.includes(each as FailureKind)))
  )
    throw new Error(`it.explore: failures must be a list of ${FAILURE_KINDS.join(', ')}`)
  const [schedules, depth, ownSeed, maxStall] = [
    count('schedules') ?? explore,
    count('depth'),
    count('seed') ?? seed,
    count('maxStall'),
  ]
  return {
    ...(schedules !== undefined && { schedules }),
    ...(depth !== undefined && { depth }),
    ...(ownSeed !== undefined && { seed: ownSeed }),
    ...(maxStall !== undefined && { maxStall }),
    ...(strategy !== undefined && { strategy: strategy as StrategyName }),
    ...(failures !== undefined && { failures: failures as FailureKind[] }),
  }
}
