/** Traffic of a run, for its last line: requests and answers of all frontends, sessions in other modes than HTTP, and open streams. */
import type { Haproxy } from '../sim/index.js'
import { plural } from './plural.js'

const CLASSES = ['other', '1xx', '2xx', '3xx', '4xx', '5xx'] as const

export interface TrafficSummary {
  /** requests that frontends received */
  readonly requests: number
  /** answers to clients by class of their status; only classes that occurred */
  readonly answers: Readonly<Partial<Record<(typeof CLASSES)[number], number>>>
  /** sessions of frontends in other modes than HTTP */
  readonly sessions: number
  /** open streams at the end of the run */
  readonly streams: number
}

/** @returns undefined without traffic */
export const trafficOf = (processes: readonly Haproxy[]): TrafficSummary | undefined => {
  const answers: Partial<Record<(typeof CLASSES)[number], number>> = {}
  let [requests, sessions, streams] = [0, 0, 0]
  for (const { process } of processes) {
    streams += process.traffic.streams.size
    for (const { frontendCounters, mode } of process.proxies) {
      requests += frontendCounters.requestsByVersion.reduce((sum, each) => sum + each, 0)
      if (mode !== 'http') sessions += frontendCounters.sessions
      frontendCounters.responses.forEach((count, i) => {
        if (count > 0) answers[CLASSES[i]!] = (answers[CLASSES[i]!] ?? 0) + count
      })
    }
  }
  return requests + sessions + streams === 0 ? undefined : { requests, answers, sessions, streams }
}

/** `frontends: 12 requests (2xx: 10, 5xx: 2), 1 TCP session, 1 stream left` */
export const describeTraffic = ({ requests, answers, sessions, streams }: TrafficSummary): string => {
  const classes = Object.entries(answers).map(([name, count]) => `${name}: ${count}`)
  const parts = [
    ...(requests > 0 ? [plural(requests, 'request') + (classes.length > 0 ? ` (${classes.join(', ')})` : '')] : []),
    ...(sessions > 0 ? [plural(sessions, 'TCP session')] : []),
    ...(streams > 0 ? [`${plural(streams, 'stream')} left`] : []),
  ]
  return `frontends: ${parts.join(', ')}`
}
