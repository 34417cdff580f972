/** The time zones of the world, by their names in the time zone database. */
import { TIME_ZONES } from './data.js'
import { posixZone } from './posix.js'
import { UTC, type LocalType, type TimeZone } from './zone.js'

/** A zone of data.ts; undefined where there is none of this name. */
export const namedZone = (name: string): TimeZone | undefined => {
  // the name is one of those before the first semicolon of a line
  const found = /^[\w+/-]+$/.test(name)
    ? new RegExp(`^(?:\\S+ )*${escaped(name)}(?: [^;]*)?;(.*)$`, 'm').exec(TIME_ZONES)
    : null
  return found ? unpack(found[1]!) : undefined
}

const escaped = (name: string): string => name.replaceAll('+', '\\+')

const FIRST_LETTER = 65

const unpack = (text: string): TimeZone => {
  const [types = '', transitions = '', rule = ''] = text.split(';')
  const all = types.split(',').map((each): LocalType => {
    const [offset, isDaylight, abbreviation = ''] = each.split(' ')
    return { offset: Number(offset), abbreviation, isDaylight: isDaylight === '1' }
  })
  const times: number[] = []
  const entered: LocalType[] = [all[0]!]
  for (const [, delta, letter] of transitions.matchAll(/([0-9a-z]+)([A-Z])/g)) {
    times.push((times.at(-1) ?? 0) + Number.parseInt(delta!, 36))
    entered.push(all[letter!.charCodeAt(0) - FIRST_LETTER]!)
  }
  return new HistoricZone(times, entered, posixZone(rule) ?? UTC)
}

class HistoricZone implements TimeZone {
  /**
   * @param times of the transitions, in order
   * @param types the one before the first transition, and the one after each
   * @param after the zone after the last transition
   */
  constructor(
    readonly times: readonly number[],
    readonly types: readonly LocalType[],
    readonly after: TimeZone,
  ) {}

  at(seconds: number): LocalType {
    const { times, types } = this
    if (seconds >= (times.at(-1) ?? 0)) return this.after.at(seconds)
    let [low, high] = [0, times.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (times[middle]! <= seconds) low = middle + 1
      else high = middle
    }
    return types[low]!
  }
}
