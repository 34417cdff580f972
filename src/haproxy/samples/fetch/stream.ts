/** Fetches about the state of the stream (src/stream.c, src/queue.c). */
import type { Place } from '../../../config/syntax/place.js'
import { MILLISECOND, type Micros } from '../../../engine/clock.js'
import type { SampleContext, SampleStream } from '../context.js'
import type { Fetch } from '../keyword.js'
import { bool, sint, str, type Sample } from '../sample.js'

const ofStream = (
  name: string,
  value: (stream: SampleStream, context: SampleContext) => Sample | undefined,
): Fetch => ({
  name,
  bind: () => (context) => context.stream && value(context.stream, context),
})

/** A timeout in ms; 0 without one. */
const timeout = (micros: Micros): Sample => sint(micros === Infinity ? 0 : Math.floor(micros / MILLISECOND))

const entity = (place: Place | undefined): Sample | undefined => place && str(`${place.file}:${place.line}`)

export const STREAM_FETCHES: readonly Fetch[] = [
  ofStream('cur_client_timeout', ({ clientTimeout }) => timeout(clientTimeout)),
  ofStream('cur_server_timeout', ({ serverTimeout }) => timeout(serverTimeout)),
  ofStream('cur_tunnel_timeout', ({ tunnelTimeout }) => timeout(tunnelTimeout)),
  ofStream('last_rule_file', ({ lastRulePlace }) => lastRulePlace && str(lastRulePlace.file)),
  ofStream('last_rule_line', ({ lastRulePlace }) => lastRulePlace && sint(lastRulePlace.line)),
  ofStream('last_entity', ({ lastRulePlace }) => entity(lastRulePlace)),
  ofStream('waiting_entity', ({ waitingRulePlace, isWaitingForBody }) =>
    isWaitingForBody ? str('http-buffer-request') : entity(waitingRulePlace),
  ),
  ofStream('txn.sess_term_state', (_, { log }) => str(log.termination)),
  ofStream('txn.conn_retries', (_, { log }) => sint(log.retries)),
  ofStream('txn.redispatched', (_, { log }) => bool(log.isRedispatched)),
  ofStream('prio_class', ({ priorityClass }) => sint(priorityClass)),
  ofStream('prio_offset', ({ priorityOffset }) => sint(priorityOffset)),
  ofStream('internal.strm.is_htx', (_, { request }) => request && bool(request.isHttp)),
  // only HTTP/2 and QUIC report aborts of a stream
  ofStream('fs.aborted', () => bool(false)),
  ofStream('bs.aborted', () => bool(false)),
  ofStream('fs.rst_code', () => undefined),
  ofStream('bs.rst_code', () => undefined),
  {
    name: 'term_events',
    bind:
      () =>
      ({ stream, session }) =>
        str(stream?.endEvents ?? `{${session?.endEvents ?? '-,-'},-,-,-,-,-}`),
  },
  ofStream('txn.id32', ({ number }) => sint(number)),
]
