/** Fetches of the bodies of HTTP messages, as far as they are in the buffer (`smp_fetch_body` and others, src/http_fetch.c). */
import type { SampleContext, SampleDirection, SampleMessage } from '../context.js'
import type { Fetch, FetchProgress } from '../keyword.js'
import { bin, sint, type Sample } from '../sample.js'
import { headOf, messageOf } from './message.js'

/** The body of a message whose head is complete; undefined for a request that is parsed in TCP. */
export const bodyOf = (context: SampleContext, side: SampleDirection, progress?: FetchProgress): string | undefined => {
  if (!headOf(context, side, progress)) return undefined
  return messageOf(context, side)!.body
}

const ofBody = (
  name: string,
  side: SampleDirection,
  value: (body: string, message: SampleMessage, progress?: FetchProgress) => Sample,
): Fetch => ({
  name,
  bind: () => (context, progress) => {
    const body = bodyOf(context, side, progress)
    return body === undefined ? undefined : value(body, messageOf(context, side)!, progress)
  },
})

const ofSide = (prefix: string, side: SampleDirection): readonly Fetch[] => [
  ofBody(`${prefix}.body`, side, (body, { isComplete, isFull }, progress) => {
    if (progress && !isComplete && !isFull) progress.mayChange = true
    return bin(body)
  }),
  ofBody(`${prefix}.body_len`, side, (body) => sint(body.length)),
  ofBody(`${prefix}.body_size`, side, (body, { missing }) => sint(body.length + missing)),
]

export const BODY_FETCHES: readonly Fetch[] = [...ofSide('req', 'request'), ...ofSide('res', 'response')]
