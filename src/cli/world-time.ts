/** The duration of a simulated run, and the actions planned with `--at`. */
import { MILLISECOND, SECOND, type Micros } from '../engine/index.js'
import { toMicros } from '../sim/index.js'
import { UsageError } from './terminal.js'

export interface TimedAction {
  /** as given */
  readonly text: string
  readonly at: Micros
  readonly action: string
}

/** A run continues for this long after the last action unless `--for` is given. */
const AFTER_LAST_ACTION: Micros = 5 * SECOND

/** Parses `5s=down be1/srv1`. Throws a {@link UsageError}. */
export const parseAction = (text: string): TimedAction => {
  const [, time, action] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (time === undefined) throw new UsageError(`--at '${text}': expected TIME=ACTION, such as '5s=down be1/srv1'`)
  try {
    return { text, at: toMicros(time.trim()), action: action! }
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--at '${text}': ${error.message}`)
    throw error
  }
}

/**
 * The duration of a run: `--for` if given, else `defaultDuration`, or longer if an action comes later. Throws a {@link UsageError} for a user's action
 * after the end.
 *
 * @param given the value of `--for`
 * @param actions all planned actions
 * @param userGiven whether the actions are the user's
 */
export const runDuration = (
  given: string | undefined,
  defaultDuration: string,
  actions: readonly TimedAction[],
  userGiven: boolean,
): string => {
  const last = actions.reduce<TimedAction | undefined>((a, b) => (a === undefined || b.at > a.at ? b : a), undefined)
  if (last === undefined) return given ?? defaultDuration
  if (given === undefined)
    return last.at < toMicros(defaultDuration) ? defaultDuration : durationText(last.at + AFTER_LAST_ACTION)
  if (userGiven && last.at > toMicros(given))
    throw new UsageError(
      `--at '${last.text}' is after the end of the run, which lasts ${given}: increase --for ` +
        `(or 'for' in hapsim.config.json)`,
    )
  return given
}

const durationText = (time: Micros): string =>
  time % SECOND === 0 ? `${time / SECOND}s` : time % MILLISECOND === 0 ? `${time / MILLISECOND}ms` : `${time}us`
