/** Fetches of bytes that are received but not forwarded yet (src/payload.c). For HTTP, only sizes are available. */
import { readInt64 } from '../../../bytes/integers.js'
import type { Argument } from '../../../config/samples/arguments.js'
import { equalsIgnoringCase } from '../../../http/characters.js'
import type { SampleContext, SampleMessage } from '../context.js'
import { integerArgument, textArgument, type Fetch, type FetchProgress } from '../keyword.js'
import { bin, bool, sint, str, type Sample } from '../sample.js'
import { currentMessage } from './message.js'

type Use = (message: SampleMessage, progress: FetchProgress, context: SampleContext) => Sample | undefined

/** Progress for callers that do not need it. */
const ignored = (): FetchProgress => ({ mayChange: false, hasNext: false, cursor: undefined })

/** The bytes of the message for which expressions are evaluated. */
export const ofBytes =
  (use: Use): ReturnType<Fetch['bind']> =>
  (context, progress = ignored()) => {
    const message = currentMessage(context)
    return message && !message.isHttp ? use(message, progress, context) : undefined
  }

/** More data could provide a value. */
export const tooShort = (progress: FetchProgress): undefined => {
  progress.mayChange = true
}

const length: ReturnType<Fetch['bind']> = (context, progress) => {
  const message = currentMessage(context)
  if (progress) progress.mayChange = true
  return message && sint(message.size)
}

const unsigned = (value: bigint): number => Number(BigInt.asUintN(32, value))

const bindPayload = (args: readonly Argument[]): ReturnType<Fetch['bind']> => {
  const from = unsigned(integerArgument(args, 0))
  const size = unsigned(integerArgument(args, 1))
  return ofBytes(({ input, isFull, isComplete }, progress, { bufsize }) => {
    if (size > bufsize || from + size > bufsize) return undefined
    if (from + size > input.length) return tooShort(progress)
    if (size === 0 && !isFull && !isComplete) progress.mayChange = true
    return bin(input.slice(from, size === 0 ? undefined : from + size))
  })
}

/** The third argument of `payload_lv`: where the bytes begin, relative to the end of the length if it has a sign. */
interface ValueOffset {
  readonly isRelative: boolean
  readonly value: bigint
}

const valueOffset = (args: readonly Argument[]): ValueOffset | undefined => {
  const text = textArgument(args, 2)
  return text === '' ? undefined : { isRelative: /^[+-]/.test(text), value: readInt64(text) }
}

const payloadLvProblem = (args: readonly Argument[]): string | undefined => {
  const [at, size] = [integerArgument(args, 0), integerArgument(args, 1)]
  if (at < 0n) return 'payload offset1 must be positive'
  if (size === 0n) return 'payload length must be > 0'
  const text = textArgument(args, 2)
  if (text === '') return undefined
  if (!/^[+-]?\d*$/.test(text)) return 'payload offset2 is not a number'
  return at + size + readInt64(text) < 0n ? 'payload offset2 too negative' : undefined
}

/** A block of bytes preceded by its length. */
const bindPayloadLv = (args: readonly Argument[]): ReturnType<Fetch['bind']> => {
  const lengthAt = unsigned(integerArgument(args, 0))
  const lengthSize = unsigned(integerArgument(args, 1))
  const offset = valueOffset(args)
  // absolute offsets are halved, as HAProxy takes the lowest bit of all offsets for the sign
  const isRelative = offset !== undefined && (offset.isRelative || (offset.value & 1n) === 1n)
  const by = offset === undefined ? 0 : Number(offset.isRelative ? offset.value : offset.value >> 1n)
  const from = (offset === undefined || isRelative ? lengthAt + lengthSize : 0) + by
  return ofBytes(({ input }, progress, { bufsize }) => {
    if (lengthAt + lengthSize > input.length) return tooShort(progress)
    let size = 0
    for (let i = 0; i < lengthSize; i++) size = ((size << 8) | input.charCodeAt(lengthAt + i)) >>> 0
    if (size === 0 || size > bufsize || from + size > bufsize) return undefined
    if (from + size > input.length) return tooShort(progress)
    return bin(input.slice(from, from + size))
  })
}

/** Bytes before the cookie of an RDP connection request: TPKT and X.224 headers. */
const RDP_HEADER = 11

/** The cookie of the Remote Desktop Protocol, `Cookie: name=value` (`fetch_rdp_cookie_name`); 'short' if it is not complete. */
const rdpCookie = (input: string, name: string): { readonly value: string } | 'short' | undefined => {
  if (input.length <= RDP_HEADER + 7) return 'short'
  const text = input.slice(RDP_HEADER)
  if (!equalsIgnoringCase(text.slice(0, 7), 'cookie:')) return undefined
  const rest = text.slice(7).replace(/^ +/, '')
  if (name !== '') {
    if (rest.length <= name.length) return 'short'
    if (rest[name.length] !== '=' || !equalsIgnoringCase(rest.slice(0, name.length), name)) return undefined
  }
  const equals = name === '' ? rest.search(/[=\r\n]/) : name.length
  if (equals < 0) return 'short'
  if (rest[equals] !== '=') return undefined
  const value = /^[^\r]*/.exec(rest.slice(equals + 1))![0]
  const end = rest.slice(equals + 1 + value.length)
  if (end.length < 2) return 'short'
  return end.startsWith('\r\n') ? { value } : undefined
}

const rdpFetches = (prefix: string): readonly Fetch[] => [
  {
    name: `${prefix}rdp_cookie`,
    bind: (args) => {
      const name = textArgument(args, 0)
      return ofBytes(({ input }, progress) => {
        const found = rdpCookie(input, name)
        return found === 'short' ? tooShort(progress) : found && str(found.value)
      })
    },
  },
  {
    name: `${prefix}rdp_cookie_cnt`,
    bind: (args) => {
      const name = textArgument(args, 0)
      return (context, progress) => {
        const message = currentMessage(context)
        const found = message && !message.isHttp ? rdpCookie(message.input, name) : undefined
        if (found !== 'short') return sint(found ? 1 : 0)
        if (progress) progress.mayChange = true
        return undefined
      }
    },
  },
]

const ofPrefix = (prefix: string): readonly Fetch[] => [
  { name: `${prefix}payload`, bind: bindPayload },
  { name: `${prefix}payload_lv`, check: payloadLvProblem, bind: bindPayloadLv },
]

/** Waits for more data as long as possible. */
const waitEnd: ReturnType<Fetch['bind']> = ({ isFinal }, progress) => {
  if (isFinal) return bool(true)
  if (progress) progress.mayChange = true
  return undefined
}

export const PAYLOAD_FETCHES: readonly Fetch[] = [
  { name: 'req.len', bind: () => length },
  { name: 'req_len', bind: () => length },
  { name: 'res.len', bind: () => length },
  ...ofPrefix(''),
  ...ofPrefix('req.'),
  ...ofPrefix('res.'),
  ...rdpFetches(''),
  ...rdpFetches('req.'),
  { name: 'wait_end', bind: () => waitEnd },
]
