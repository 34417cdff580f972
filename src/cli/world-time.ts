/** How long a simulated run lasts, and what `--at` plans in it. */
import { MILLISECOND, SECOND, type Micros } from '../engine/index.js'
import { toMicros } from '../sim/index.js'
import { WrongCall } from './terminal.js'

export interface TimedAction {
  /** as given */
  readonly text: string
  readonly at: Micros
  readonly action: string
}

/** So much time passes after the last action where nothing else is asked for: enough for what follows from it. */
const AFTER_LAST_ACTION: Micros = 5 * SECOND

/** Reads `5s=down be1/srv1`. Throws a {@link WrongCall}. */
export const parseAction = (text: string): TimedAction => {
  const [, time, action] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (time === undefined) throw new WrongCall(`--at '${text}': write TIME=ACTION, as in '5s=down be1/srv1'`)
  try {
    return { text, at: toMicros(time.trim()), action: action! }
  } catch (error) {
    if (error instanceof RangeError) throw new WrongCall(`--at '${text}': ${error.message}`)
    throw error
  }
}

/**
 * How long the run lasts: what `--for` says; else `usual`, or longer where an action would come after that. Throws a {@link WrongCall} for an
 * action of the user's that would come after the end.
 *
 * @param given what `--for` says, if anything
 * @param actions all that are planned
 * @param own whether the user has asked for them
 */
export const runTime = (
  given: string | undefined,
  usual: string,
  actions: readonly TimedAction[],
  own: boolean,
): string => {
  const last = actions.reduce<TimedAction | undefined>((a, b) => (a === undefined || b.at > a.at ? b : a), undefined)
  if (last === undefined) return given ?? usual
  if (given === undefined) return last.at < toMicros(usual) ? usual : durationText(last.at + AFTER_LAST_ACTION)
  if (own && last.at > toMicros(given))
    throw new WrongCall(
      `--at '${last.text}' is after the end of the run, which lasts ${given}: give more time with --for ` +
        `(or 'for' in hapsim.config.json)`,
    )
  return given
}

const durationText = (time: Micros): string =>
  time % SECOND === 0 ? `${time / SECOND}s` : time % MILLISECOND === 0 ? `${time / MILLISECOND}ms` : `${time}us`
