/** What a live process leaves out of a configuration: what its reading left out, traffic, and logs that are carried nowhere. */
import type { Configuration, Gap, LogTarget } from '../config/index.js'
import { LogCarrier } from './logs.js'

/** All targets of log lines, each once. */
export const logTargets = (configuration: Configuration): readonly LogTarget[] => [
  ...new Set([configuration.global.logs, ...configuration.proxies.map((each) => each.logs)].flat()),
]

/** In the order of the files and their lines. */
export const gapsOf = (configuration: Configuration): readonly Gap[] => {
  const binds = configuration.proxies.flatMap((proxy) => proxy.binds)
  const gaps: Gap[] = [
    ...configuration.gaps,
    ...binds.map(({ place }): Gap => ({ place, what: "'bind'", area: 'traffic' })),
    ...LogCarrier.unreachable(logTargets(configuration)).map(({ place }): Gap => ({
      place,
      what: "'log'",
      area: 'logs',
    })),
  ]
  const files = [...new Set(gaps.map(({ place }) => place.file))]
  const order = new Map(files.map((file, index) => [file, index]))
  return gaps.sort((a, b) => order.get(a.place.file)! - order.get(b.place.file)! || a.place.line - b.place.line)
}
