/** The areas of keywords that hapsim recognizes but does not emulate. */
import type { GapArea } from '../syntax/gaps.js'
import { words } from './words.js'

/** The first match determines the area; the default is `traffic`. */
type Areas = readonly (readonly [GapArea, RegExp | ReadonlySet<string>])[]

const set = (text: string): ReadonlySet<string> => new Set(words(text))

const areaIn =
  (areas: Areas) =>
  (name: string): GapArea =>
    areas.find(([, names]) => (names instanceof RegExp ? names.test(name) : names.has(name)))?.[0] ?? 'traffic'

/** Of a keyword of `global`. */
export const areaOfGlobal = areaIn([
  ['checks', set('tune.bufsize tune.chksize tune.max-checks-per-thread')],
  ['names', set('dns-accept-family')],
  ['states', set('stats-file')],
  ['tls', /^ssl-(?!default-bind)|^issuers-chain-path$|^tune\.ssl\.keylog$/],
  ['logs', set('tune.ring.queues')],
  [
    'process',
    set(`maxpipes maxzlibmem stress-level thread-group thread-groups thread-hard-limit
      tune.buffers.limit tune.buffers.reserve tune.bufsize.small tune.fail-alloc tune.listener.default-shards
      tune.listener.multi-queue tune.max-rules-at-once tune.pool-high-fd-ratio tune.pool-low-fd-ratio tune.recv_enough
      tune.renice.runtime tune.renice.startup tune.runqueue-depth tune.sched.low-latency
      tune.takeover-other-tg-connections warn-blocked-traffic-after`),
  ],
])

/** Of a keyword that is passed over without a word. */
export const areaOfSilent = (name: string): GapArea =>
  name === 'ssl-default-server-curves' ? 'tls' : /^ssl-|^tune\.ssl\./.test(name) ? 'traffic' : 'process'

/** Of a keyword of proxies. */
export const areaOfProxy = areaIn([
  ['checks', set('source usesrc')],
  ['states', set('guid')],
])
