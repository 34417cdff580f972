/** Lists what a live process does not emulate of a configuration: gaps found while parsing, and unreachable log targets. */
import type { Configuration, Gap, LogTarget } from '../config/index.js'
import { LogSender } from './log-sender.js'

/** All distinct log targets. */
export const logTargets = (configuration: Configuration): readonly LogTarget[] => [
  ...new Set(
    [configuration.global.logs, ...configuration.proxies.map((each) => each.logs)]
      .flat()
      .map((each) => each.global ?? each),
  ),
]

/** All gaps in the order of files and lines. */
export const findGaps = (configuration: Configuration): readonly Gap[] => {
  const gaps: Gap[] = [
    ...configuration.gaps,
    ...LogSender.unreachable(logTargets(configuration)).map(({ place }): Gap => ({
      place,
      what: "'log'",
      area: 'logs',
    })),
  ]
  const files = [...new Set(gaps.map(({ place }) => place.file))]
  const order = new Map(files.map((file, index) => [file, index]))
  return gaps.sort((a, b) => order.get(a.place.file)! - order.get(b.place.file)! || a.place.line - b.place.line)
}
