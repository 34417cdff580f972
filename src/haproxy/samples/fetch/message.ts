/** The HTTP message that a fetch extracts its value from (`smp_prefetch_htx`, src/http_fetch.c). */
import { RequestReader, type RequestHead, type ResponseHead } from '../../../http/index.js'
import { inputLimit } from '../../../http/h1/limits.js'
import type { SampleContext, SampleDirection, SampleMessage } from '../context.js'
import type { FetchProgress } from '../keyword.js'

/**
 * The head of the request; undefined if there is none, or it has been sent already. In TCP, the bytes that have been received are parsed.
 * @param progress learns whether the head may still come
 */
export const requestHead = (context: SampleContext, progress?: FetchProgress): RequestHead | undefined =>
  headOf(context, 'request', progress) as RequestHead | undefined

/** The head of the response. In TCP, there is none. */
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

/** The message, HTTP or not; undefined if expressions are evaluated for the other one. */
export const messageOf = (context: SampleContext, side: SampleDirection): SampleMessage | undefined =>
  context.stream && context.direction !== side ? undefined : context[side]

/** The message that expressions are evaluated for: fetches such as `payload` and `hdr` take it. */
export const currentMessage = (context: SampleContext): SampleMessage | undefined => context[context.direction]

const parseRequest = (message: SampleMessage, progress?: FetchProgress): RequestHead | undefined => {
  const reader = new RequestReader({ headOnly: true })
  reader.push(message.input.slice(0, inputLimit(reader.limits)))
  const event = reader.next()
  if (event?.type === 'head') return event.head
  if (event === undefined && !message.isFull && progress) progress.mayChange = true
  return undefined
}
