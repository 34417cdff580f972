/**
 * Tokens: a schedule in one short word, to be pasted. It holds the seeds, the deviations, and enough of the scenario to
 * notice that it is another one.
 */
import { RunningHash, type Deviation, type Micros, type Schedule } from '../engine/index.js'
import type { Seeds } from './run.js'

/** What a token stands for. */
export interface Replay {
  readonly seed: number
  readonly seeds: Seeds
  readonly maxStall: Micros
  readonly schedule: Schedule
}

/** A token that cannot be used; the message says why. */
export class TokenError extends Error {}

const PREFIX = 'hs1-'
const KINDS = ['pick', 'stall', 'hold', 'due'] as const
const NO_TASK = 0x10000

/** @param scenario its name */
export const encodeToken = (scenario: string, { seed, seeds, maxStall, schedule }: Replay): string => {
  const bytes: number[] = []
  const put = (value: number) => {
    let rest = value
    while (rest >= 0x80) {
      bytes.push((rest % 0x80) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    bytes.push(rest)
  }
  const putSigned = (value: number) => put(value < 0 ? -value * 2 - 1 : value * 2)
  put(fingerprintOf(scenario))
  putSigned(seed)
  for (const own of [seeds.latencySeed, seeds.pairsSeed]) {
    put(own === undefined ? 0 : 1)
    if (own !== undefined) put(own)
  }
  put(maxStall)
  put(schedule.length)
  let decision = 0
  for (const deviation of schedule) {
    put(deviation.decision - decision)
    decision = deviation.decision
    put(KINDS.indexOf(deviation.kind))
    if (deviation.kind === 'pick' || deviation.kind === 'due') put(deviation.index)
    else if (deviation.kind === 'hold') put(deviation.time)
    if (deviation.kind === 'pick' || deviation.kind === 'hold') put(deviation.task ?? NO_TASK)
  }
  const sum = checksum(bytes)
  return PREFIX + Buffer.from([...bytes, sum & 0xff, sum >> 8]).toString('base64url')
}

/** Throws a {@link TokenError} for what is no token, one that was cut short, and one of another scenario or version. */
export const decodeToken = (scenario: string, token: string): Replay => {
  const text = token.trim()
  if (!text.startsWith(PREFIX)) {
    if (/^hs\d+-/.test(text)) throw new TokenError(`'${text}' is a token of another version of hapsim`)
    throw new TokenError(`'${text}' is no token: they begin with ${PREFIX}`)
  }
  const all = [...Buffer.from(text.slice(PREFIX.length), 'base64url')]
  const bytes = all.slice(0, -2)
  if (all.length < 3 || checksum(bytes) !== all.at(-2)! + all.at(-1)! * 256)
    throw new TokenError(`'${text}' is not a whole token: some of it is missing or mistyped`)
  let place = 0
  const get = (): number => {
    let value = 0
    for (let factor = 1; ; factor *= 0x80) {
      const byte = bytes[place++]
      if (byte === undefined) throw new TokenError(`'${text}' is not a whole token`)
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }
  const getSigned = (): number => {
    const value = get()
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2
  }
  if (get() !== fingerprintOf(scenario))
    throw new TokenError(`the token is not of ${scenario}: it was printed for another file or test`)
  const seed = getSigned()
  const latencySeed = get() === 1 ? get() : undefined
  const pairsSeed = get() === 1 ? get() : undefined
  const seeds = { ...(latencySeed !== undefined && { latencySeed }), ...(pairsSeed !== undefined && { pairsSeed }) }
  const maxStall = get()
  const schedule: Deviation[] = []
  let decision = 0
  for (let left = get(); left > 0; left--) {
    decision += get()
    const kind = KINDS[get()]
    if (kind === undefined) throw new TokenError(`'${text}' is a token of another version of hapsim`)
    if (kind === 'stall') {
      schedule.push({ kind, decision })
      continue
    }
    const value = get()
    if (kind === 'due') {
      schedule.push({ kind, decision, index: value })
      continue
    }
    const task = get()
    const named = task === NO_TASK ? {} : { task }
    schedule.push(
      kind === 'pick' ? { kind, decision, index: value, ...named } : { kind, decision, time: value, ...named },
    )
  }
  return { seed, seeds, maxStall, schedule }
}

const fingerprintOf = (scenario: string): number => new RunningHash().string(scenario).low & 0xffff

const checksum = (bytes: readonly number[]): number => {
  const hash = new RunningHash()
  for (const byte of bytes) hash.int32(byte)
  return hash.low & 0xffff
}
