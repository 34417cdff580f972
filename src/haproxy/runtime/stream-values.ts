/** Values of streams as `show sess` writes them. */
import { SECOND, type Micros } from '../../engine/clock.js'
import { isIp, type Address } from '../../net/address.js'
import type { Stream } from '../streams/stream.js'

/** Identifies a stream, as its address in memory does in HAProxy. */
export const streamId = ({ number }: Stream): string => `0x${(0x7e_0000_0000 + number * 0x400).toString(16)}`

/** `tcpv4`, `unix_stream` … */
export const protocolName = (address: Address): string => {
  if (isIp(address)) return address.family === 'ipv4' ? 'tcpv4' : 'tcpv6'
  return address.family === 'abns' || address.family === 'abnsz' ? `${address.family}_stream` : 'unix_stream'
}

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
