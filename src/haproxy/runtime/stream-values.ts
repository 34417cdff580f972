/** Values of streams as `show sess` writes them. */
import { MILLISECOND, SECOND, type Micros } from '../../engine/clock.js'
import { timeBeforeRequest } from '../logs/subject.js'
import { NEVER, type Channel } from '../streams/channel.js'
import type { Connector } from '../streams/connector.js'
import type { Stream } from '../streams/stream.js'

/** Identifies a stream, as its address in memory does in HAProxy. */
export const streamId = ({ number }: Stream): string => `0x${(0x7e_0000_0000 + number * 0x400).toString(16)}`

/** A duration in whole seconds, by its two largest units: `1d3h`, `59m12s`, `0s` (`human_time`, src/tools.c). */
export const humanTime = (micros: Micros): string => {
  const time = Math.floor(micros / SECOND)
  if (time < 0) return '?'
  const parts = [
    [Math.floor(time / 86_400), 'd'],
    [Math.floor((time % 86_400) / 3600), 'h'],
    [Math.floor((time % 3600) / 60), 'm'],
    [time % 60, 's'],
  ] as const
  const shown = parts.filter(([count]) => count > 0).slice(0, 2)
  return shown.length === 0 ? '0s' : shown.map(([count, unit]) => `${count}${unit}`).join('')
}

/** How long until a timer expires. @param never the text for one that is not set */
export const untilText = (at: Micros | undefined, now: Micros, never: string): string =>
  at === undefined || at === NEVER ? never : humanTime(at - now)

/** The time between two, each without its fraction of a second (`ns_to_sec`). */
export const wholeSeconds = (from: Micros, to: Micros): Micros =>
  (Math.floor(to / SECOND) - Math.floor(from / SECOND)) * SECOND

/** The age of the stream's request, in whole seconds of the clock. */
export const ageText = ({ acceptedAt, idleTime: idle, handshakeTime: handshake, now }: Stream): string => {
  const began = acceptedAt + timeBeforeRequest({ idle, handshake }) * MILLISECOND
  return humanTime(wholeSeconds(began, now))
}

/** A flag set, as an unsigned number. */
export const hex = (value: number, width = 1): string => (value >>> 0).toString(16).padStart(width, '0')

/** With the flag of responses (`CF_ISRESP`). */
export const channelFlags = ({ flags, isResponse }: Channel): number => (isResponse ? flags | 0x80000000 : flags)

/** Bytes that are not scheduled for sending (`ci_data`); a buffer with parts of an HTTP message counts as full. */
export const inputLengthOf = ({ buffer }: Channel): number => {
  if (!buffer.isHttp) return buffer.inputLength
  return buffer.isEmpty ? 0 : buffer.size - buffer.outputData
}

/** With the flag of the back side (`SC_FL_ISBACK`). */
export const sideFlags = ({ flags, isBack }: Connector): number => flags | (isBack ? 1 : 0)
