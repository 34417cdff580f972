/** Fetches of captured parts of messages (`smp_fetch_capture_req_hdr` and others, src/http_fetch.c). */
import { parseUri } from '../../../http/index.js'
import type { LogSubject } from '../../logs/subject.js'
import type { SampleStream } from '../context.js'
import { integerArgument, type Fetch } from '../keyword.js'
import { optionalStr, str, type Sample } from '../sample.js'

/** A slot of captured headers, up to a NUL. */
const slot = (name: string, captures: (log: LogSubject) => readonly (string | undefined)[] | undefined): Fetch => ({
  name,
  check: (args) => (integerArgument(args, 0) < 0n ? 'capture identifier must be >= 0' : undefined),
  bind: (args) => {
    const index = Number(integerArgument(args, 0))
    return ({ stream, log }) => {
      const value = stream && captures(log)?.[index]
      return value === undefined ? undefined : str(value.split('\0')[0]!)
    }
  },
})

const ofRequestLine = (name: string, value: (line: string) => string | undefined): Fetch => ({
  name,
  bind:
    () =>
    ({ stream, log }) =>
      optionalStr(stream && log.requestLine !== undefined ? value(log.requestLine) : undefined),
})

const version = (name: string, value: (stream: SampleStream) => string | undefined): Fetch => ({
  name,
  bind:
    () =>
    ({ stream }): Sample | undefined => {
      const number = stream && value(stream)
      return number === undefined ? undefined : str(`HTTP/${number}`)
    },
})

export const CAPTURE_FETCHES: readonly Fetch[] = [
  slot('capture.req.hdr', ({ requestCaptures }) => requestCaptures),
  slot('capture.res.hdr', ({ responseCaptures }) => responseCaptures),
  ofRequestLine('capture.req.method', (line) => line.split(' ')[0]),
  ofRequestLine('capture.req.uri', (line) => {
    const [, uri] = line.split(' ')
    return uri === undefined ? undefined : parseUri(uri).path
  }),
  version('capture.req.ver', ({ requestVersion }) => requestVersion),
  version('capture.res.ver', ({ responseVersion }) => responseVersion),
]
