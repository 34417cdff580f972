/** What a live process leaves out of a configuration: what its reading left out, traffic, and logs that are carried nowhere. */
import type { Gap } from '../config/index.js'
import type { HaproxyProcess } from '../haproxy/index.js'
import { LogCarrier } from './logs.js'

/** In the order of the files and their lines. */
export const gapsOf = ({ configuration, proxies }: HaproxyProcess): readonly Gap[] => {
  const binds = configuration.proxies.flatMap((proxy) => proxy.binds)
  const targets = new Set([configuration.global.logs, ...proxies.map((each) => each.logs)].flat())
  const gaps: Gap[] = [
    ...configuration.gaps,
    ...binds.map(({ place }): Gap => ({ place, what: "'bind'", area: 'traffic' })),
    ...LogCarrier.unreachable([...targets]).map(({ place }): Gap => ({ place, what: "'log'", area: 'logs' })),
  ]
  const files = [...new Set(gaps.map(({ place }) => place.file))]
  const order = new Map(files.map((file, index) => [file, index]))
  return gaps.sort((a, b) => order.get(a.place.file)! - order.get(b.place.file)! || a.place.line - b.place.line)
}
