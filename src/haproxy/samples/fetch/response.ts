/** Fetches of the status line of a response (src/http_fetch.c). */
import type { SampleContext, SampleStream } from '../context.js'
import type { Fetch, FetchProgress } from '../keyword.js'
import { optionalStr, sint, type Sample } from '../sample.js'
import { responseHead } from './message.js'
import { versionNumber } from './request.js'

const version = (context: SampleContext, progress?: FetchProgress): Sample | undefined => {
  const head = responseHead(context, progress)
  return optionalStr(head && versionNumber(head.version))
}

/** A status recorded by the stream, or that of the response that is being received. */
const remembered = (name: string, status: (stream: SampleStream) => number | undefined): Fetch => ({
  name,
  bind: () => (context, progress) => {
    const known = context.stream && status(context.stream)
    if (known === undefined) return undefined
    if (known !== -1) return sint(known)
    const head = responseHead(context, progress)
    return head && sint(head.status)
  },
})

export const RESPONSE_FETCHES: readonly Fetch[] = [
  { name: 'res.ver', bind: () => version },
  { name: 'resp_ver', bind: () => version },
  {
    name: 'status',
    bind: () => (context, progress) => {
      const head = responseHead(context, progress)
      return head && sint(head.status)
    },
  },
  remembered('txn.status', ({ status }) => status),
  remembered('server_status', ({ serverStatus }) => serverStatus),
]
