/** The HTTP message from which a fetch extracts its value (`smp_prefetch_htx`, src/http_fetch.c). */
import { RequestReader, type RequestHead, type ResponseHead } from '../../../http/index.js'
import { inputLimit } from '../../../http/h1/limits.js'
import type { SampleContext, SampleDirection, SampleMessage } from '../context.js'
import type { FetchProgress } from '../keyword.js'

/**
 * The head of the request; undefined if it is incomplete or was already sent. In TCP, the bytes that have been received are parsed.
 * @param progress records whether the head could still be received
 */
export const requestHead = (context: SampleContext, progress?: FetchProgress): RequestHead | undefined =>
  headOf(context, 'request', progress) as RequestHead | undefined

/** The head of the response. In TCP, responses are not parsed. */
export const responseHead = (context: SampleContext, progress?: FetchProgress): ResponseHead | undefined =>
  headOf(context, 'response', progress) as ResponseHead | undefined

/** The head of either message. */
export const headOf = (
  context: SampleContext,
  side: SampleDirection,
  progress?: FetchProgress,
): RequestHead | ResponseHead | undefined => {
  const message = messageOf(context, side)
  if (message === undefined) return undefined
  if (!message.isHttp) return side === 'request' ? parseRequest(message, progress) : undefined
  if (message.isInvalid) return undefined
  const { head } = message
  if (head === undefined && progress && !message.isComplete) progress.mayChange = true
  return head
}

/** The message, HTTP or not; undefined if expressions are evaluated for the other direction. */
export const messageOf = (context: SampleContext, side: SampleDirection): SampleMessage | undefined =>
  context.stream && context.direction !== side ? undefined : context[side]

/** The message for which expressions are evaluated, used by fetches such as `payload` and `hdr`. */
export const currentMessage = (context: SampleContext): SampleMessage | undefined => context[context.direction]

const parseRequest = (message: SampleMessage, progress?: FetchProgress): RequestHead | undefined => {
  const reader = new RequestReader({ headOnly: true })
  reader.push(message.input.slice(0, inputLimit(reader.limits)))
  const event = reader.next()
  if (event?.type === 'head') return event.head
  if (event === undefined && !message.isFull && progress) progress.mayChange = true
  return undefined
}
