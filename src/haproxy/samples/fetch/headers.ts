/** Fetches of header fields: `req.hdr`, `res.fhdr_cnt` and similar (src/http_fetch.c). */
import { strl2ic, strl2irc } from '../../../bytes/integers.js'
import { encodeVarint } from '../../../bytes/varints.js'
import type { Argument } from '../../../config/samples/arguments.js'
import { lowerCase, trimWhiteSpace } from '../../../http/characters.js'
import { listValues, type RequestHead, type ResponseHead } from '../../../http/index.js'
import { leadingIpv4, looseIpv6 } from '../../../net/ip.js'
import type { SampleContext, SampleDirection } from '../context.js'
import { integerArgument, textArgument, type Fetch, type FetchProgress } from '../keyword.js'
import { address, bin, optionalStr, sint, str, type Sample } from '../sample.js'
import { headOf } from './message.js'

type Head = RequestHead | ResponseHead

/** The message that a fetch reads: a fixed one, or the one of the rules. */
type Side = SampleDirection | 'current'

const sideOf = (side: Side, { direction }: SampleContext): SampleDirection => (side === 'current' ? direction : side)

/** Whether values are whole, or split at commas. */
type Division = 'whole' | 'divided'

/** The values of the fields of a name (`http_find_header`); an empty name: of all fields. */
export const fieldValues = ({ fields }: Head, name: string, division: Division): readonly string[] => {
  const values = name === '' ? Array.from(fields, ({ value }) => value) : fields.all(name)
  return division === 'whole' ? values.map(trimWhiteSpace) : values.flatMap((value) => [...listValues(value)])
}

/** The values of successive evaluations, and how many have been returned. */
interface Cursor {
  readonly values: readonly string[]
  at: number
}

/** The next of several values, for callers that need all of them. */
export const nextValue = (progress: FetchProgress, values: () => readonly string[]): string | undefined => {
  const cursor = (progress.cursor ??= { values: values(), at: 0 }) as Cursor
  const value = cursor.values[cursor.at++]
  progress.hasNext = value !== undefined
  return value
}

/** Occurrences counted from the end (`MAX_HDR_HISTORY`). */
const MOST_FROM_END = 10n

const occurrenceProblem = (args: readonly Argument[]): string | undefined =>
  integerArgument(args, 1) < -MOST_FROM_END ? `header occurrence must be >= -${MOST_FROM_END}` : undefined

/** A value by its occurrence; without one, ACLs get all values in turn, other callers the last one. */
const bindValue =
  (side: Side, division: Division) =>
  (args: readonly Argument[]): ((context: SampleContext, progress?: FetchProgress) => string | undefined) => {
    if (args.length === 0) return () => undefined
    const name = lowerCase(textArgument(args, 0))
    const occurrence = Number(integerArgument(args, 1))
    return (context, progress) => {
      const head = headOf(context, sideOf(side, context), progress)
      if (!head) return undefined
      const values = (): readonly string[] => fieldValues(head, name, division)
      if (occurrence === 0 && progress) return nextValue(progress, values)
      return occurrence > 0 ? values()[occurrence - 1] : values().at(occurrence || -1)
    }
  }

const value = (name: string, side: Side, division: Division): Fetch => ({
  name,
  check: occurrenceProblem,
  bind: (args) => {
    const find = bindValue(side, division)(args)
    return (context, progress) => optionalStr(find(context, progress))
  },
})

const integer = (name: string, side: Side): Fetch => ({
  name,
  check: occurrenceProblem,
  bind: (args) => {
    const find = bindValue(side, 'divided')(args)
    return (context, progress) => {
      const text = find(context, progress)
      return text === undefined ? undefined : sint(strl2ic(text))
    }
  },
})

/** An address: IPv4 optionally with a port, IPv6 optionally in brackets. Other values are skipped. */
const ip = (name: string, side: Side): Fetch => ({
  name,
  check: occurrenceProblem,
  bind: (args) => {
    const find = bindValue(side, 'divided')(args)
    return (context, progress) => {
      for (;;) {
        const text = find(context, progress)
        if (text === undefined) return undefined
        const found = addressOf(text)
        if (found) return found
        if (progress?.hasNext !== true) return undefined
      }
    }
  },
})

const addressOf = (text: string): Sample | undefined => {
  const ipv4 = leadingIpv4(text)
  if (ipv4?.length === text.length) return address(ipv4.bytes)
  if (ipv4 && text[ipv4.length] === ':') {
    const port = strl2irc(text.slice(ipv4.length + 1))
    if (port !== undefined && port >= 0 && port <= 65535) return address(ipv4.bytes)
  }
  const ipv6 = looseIpv6(text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text)
  return ipv6 === undefined ? undefined : address(ipv6)
}

const count = (name: string, side: Side, division: Division): Fetch => ({
  name,
  bind: (args) => {
    const field = lowerCase(textArgument(args, 0))
    return (context, progress) => {
      const head = headOf(context, sideOf(side, context), progress)
      return head && sint(fieldValues(head, field, division).length)
    }
  },
})

const ofHead = (
  name: string,
  side: Side,
  value: (head: Head, args: readonly Argument[], bufsize: number) => Sample | undefined,
): Fetch => ({
  name,
  bind: (args) => (context, progress) => {
    const head = headOf(context, sideOf(side, context), progress)
    return head && value(head, args, context.bufsize)
  },
})

/** The names of all fields, joined by a separator. */
const names = (head: Head, args: readonly Argument[]): Sample =>
  str(Array.from(head.fields, ({ name }) => name).join(args.length === 0 ? ',' : (textArgument(args, 0)[0] ?? '\0')))

/** All fields as lines, with the empty line at the end; undefined if they do not fit into a buffer. */
const lines = ({ fields }: Head, _: readonly Argument[], bufsize: number): Sample | undefined => {
  const text = Array.from(fields, ({ name, value }) => `${name}: ${value}\r\n`).join('')
  return text.length + 2 > bufsize ? undefined : str(`${text}\r\n`)
}

/** All fields, each name and value preceded by its length; an empty field ends the list. */
const encoded = ({ fields }: Head, _: readonly Argument[], bufsize: number): Sample | undefined => {
  const prefixed = (text: string): string => encodeVarint(text.length) + text
  const bytes = Array.from(fields, ({ name, value }) => prefixed(name) + prefixed(value)).join('')
  return bytes.length + 2 > bufsize ? undefined : bin(`${bytes}\0\0`)
}

const ofSide = (prefix: string, side: SampleDirection): readonly Fetch[] => [
  value(`${prefix}.hdr`, side, 'divided'),
  value(`${prefix}.fhdr`, side, 'whole'),
  count(`${prefix}.hdr_cnt`, side, 'divided'),
  count(`${prefix}.fhdr_cnt`, side, 'whole'),
  integer(`${prefix}.hdr_val`, side),
  ip(`${prefix}.hdr_ip`, side),
  ofHead(`${prefix}.hdr_names`, side, names),
  ofHead(`${prefix}.hdrs`, side, lines),
  ofHead(`${prefix}.hdrs_bin`, side, encoded),
]

export const HEADER_FETCHES: readonly Fetch[] = [
  ...ofSide('req', 'request'),
  ...ofSide('res', 'response'),
  value('hdr', 'current', 'divided'),
  count('hdr_cnt', 'request', 'divided'),
  integer('hdr_val', 'request'),
  ip('hdr_ip', 'request'),
  value('shdr', 'response', 'divided'),
  count('shdr_cnt', 'response', 'divided'),
  integer('shdr_val', 'response'),
  ip('shdr_ip', 'response'),
]
