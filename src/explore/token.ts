/**
 * Tokens: a schedule as a short string to copy and paste. It contains the seeds, the deviations, and a fingerprint of the scenario to
 * detect a mismatch.
 */
import { RunningHash, type Deviation, type Micros, type Schedule } from '../engine/index.js'
import type { Seeds } from './run.js'

/** The contents of a token. */
export interface Replay {
  readonly seed: number
  readonly seeds: Seeds
  readonly maxStall: Micros
  readonly schedule: Schedule
}

/** The token is invalid; the message says why. */
export class TokenError extends Error {}

const PREFIX = 'hs1-'
const KINDS = ['pick', 'stall', 'hold', 'due'] as const
const NO_TASK = 0x10000

/**
 * Encodes a schedule.
 *
 * @param scenario the name of the scenario
 */
export const encodeToken = (scenario: string, { seed, seeds, maxStall, schedule }: Replay): string => {
  const bytes: number[] = []
  const writeVarint = (value: number) => {
    let rest = value
    while (rest >= 0x80) {
      bytes.push((rest % 0x80) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    bytes.push(rest)
  }
  const writeSigned = (value: number) => writeVarint(value < 0 ? -value * 2 - 1 : value * 2)
  writeVarint(scenarioFingerprint(scenario))
  writeSigned(seed)
  for (const own of [seeds.latencySeed, seeds.pairsSeed]) {
    writeVarint(own === undefined ? 0 : 1)
    if (own !== undefined) writeVarint(own)
  }
  writeVarint(maxStall)
  writeVarint(schedule.length)
  let decision = 0
  for (const deviation of schedule) {
    writeVarint(deviation.decision - decision)
    decision = deviation.decision
    writeVarint(KINDS.indexOf(deviation.kind))
    if (deviation.kind === 'pick' || deviation.kind === 'due') writeVarint(deviation.index)
    else if (deviation.kind === 'hold') writeVarint(deviation.time)
    if (deviation.kind === 'pick' || deviation.kind === 'hold') writeVarint(deviation.task ?? NO_TASK)
  }
  const sum = checksum(bytes)
  return PREFIX + Buffer.from([...bytes, sum & 0xff, sum >> 8]).toString('base64url')
}

/** Decodes a token. Throws a {@link TokenError} if it is invalid, truncated, or belongs to another scenario or version. */
export const decodeToken = (scenario: string, token: string): Replay => {
  const text = token.trim()
  if (!text.startsWith(PREFIX)) {
    if (/^hs\d+-/.test(text)) throw new TokenError(`'${text}' is a token of another version of hapsim`)
    throw new TokenError(`'${text}' is not a token: tokens start with ${PREFIX}`)
  }
  const all = [...Buffer.from(text.slice(PREFIX.length), 'base64url')]
  const bytes = all.slice(0, -2)
  if (all.length < 3 || checksum(bytes) !== all.at(-2)! + all.at(-1)! * 256)
    throw new TokenError(`'${text}' is not a complete token: it is truncated or mistyped`)
  let offset = 0
  const readVarint = (): number => {
    let value = 0
    for (let factor = 1; ; factor *= 0x80) {
      const byte = bytes[offset++]
      if (byte === undefined) throw new TokenError(`'${text}' is not a complete token`)
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }
  const readSigned = (): number => {
    const value = readVarint()
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2
  }
  if (readVarint() !== scenarioFingerprint(scenario))
    throw new TokenError(`the token does not match ${scenario}: it was printed for another file or test`)
  const seed = readSigned()
  const latencySeed = readVarint() === 1 ? readVarint() : undefined
  const pairsSeed = readVarint() === 1 ? readVarint() : undefined
  const seeds = { ...(latencySeed !== undefined && { latencySeed }), ...(pairsSeed !== undefined && { pairsSeed }) }
  const maxStall = readVarint()
  const schedule: Deviation[] = []
  let decision = 0
  for (let left = readVarint(); left > 0; left--) {
    decision += readVarint()
    const kind = KINDS[readVarint()]
    if (kind === undefined) throw new TokenError(`'${text}' is a token of another version of hapsim`)
    if (kind === 'stall') {
      schedule.push({ kind, decision })
      continue
    }
    const value = readVarint()
    if (kind === 'due') {
      schedule.push({ kind, decision, index: value })
      continue
    }
    const task = readVarint()
    const named = task === NO_TASK ? {} : { task }
    schedule.push(
      kind === 'pick' ? { kind, decision, index: value, ...named } : { kind, decision, time: value, ...named },
    )
  }
  return { seed, seeds, maxStall, schedule }
}

const scenarioFingerprint = (scenario: string): number => new RunningHash().string(scenario).low & 0xffff

const checksum = (bytes: readonly number[]): number => {
  const hash = new RunningHash()
  for (const byte of bytes) hash.int32(byte)
  return hash.low & 0xffff
}
