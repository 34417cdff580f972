/** Named time zones with their historical transitions, from the time zone database. */
import { TIME_ZONES } from './data.js'
import { posixZone } from './posix.js'
import { UTC, type LocalType, type TimeZone } from './zone.js'

/** Looks up a zone of data.ts by name; undefined if unknown. */
export const namedZone = (name: string): TimeZone | undefined => {
  // names precede the first semicolon of a line
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
   * @param times of the transitions, in ascending order
   * @param types local time types: before the first transition, then after each
   * @param after rules for times after the last transition
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
