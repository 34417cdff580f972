/** Fetches about a response, or what else has been received from a server (src/http_fetch.c, src/payload.c). */
import { lowerCase } from '../../../http/characters.js'
import { listValues } from '../../../http/values.js'
import type { Argument } from '../../../config/samples/arguments.js'
import type { SampleContext } from '../context.js'
import { integerArgument, textArgument, type Fetch } from '../keyword.js'
import { bin, sint, str } from '../sample.js'

/** The values of a field of the head: whole, or divided at commas. */
const fieldValues = ({ response }: SampleContext, name: string, isWhole: boolean): readonly string[] => {
  const fields = response?.head?.fields.all(name) ?? []
  return isWhole ? fields : fields.flatMap((value) => [...listValues(value)])
}

const occurrenceProblem = (args: readonly Argument[]): string | undefined => {
  const occurrence = integerArgument(args, 1)
  return occurrence < -10n ? 'header occurrence must be >= -10' : undefined
}

/** A value by the number of its occurrence: the last one by default, counted from the end where it is negative. */
const fieldValue = (name: string, isWhole: boolean): Fetch => ({
  name,
  check: occurrenceProblem,
  bind: (args) => {
    const field = lowerCase(textArgument(args, 0))
    const occurrence = Number(integerArgument(args, 1, -1n))
    return (context) => {
      const values = fieldValues(context, field, isWhole)
      const value = occurrence < 0 ? values.at(occurrence) : values[Math.max(occurrence, 1) - 1]
      return value === undefined ? undefined : str(value)
    }
  },
})

const fieldCount = (name: string, isWhole: boolean): Fetch => ({
  name,
  bind: (args) => {
    const field = lowerCase(textArgument(args, 0))
    return (context) => (context.response?.head ? sint(fieldValues(context, field, isWhole).length) : undefined)
  },
})

const version: Fetch['bind'] =
  () =>
  ({ response }) =>
    response?.head && str(response.head.version.slice(response.head.version.indexOf('/') + 1))

export const RESPONSE_FETCHES: readonly Fetch[] = [
  {
    name: 'res.len',
    bind:
      () =>
      ({ response }) =>
        response && sint(response.size),
  },
  {
    name: 'res.payload',
    bind: (args) => {
      const from = Number(integerArgument(args, 0))
      const length = Number(integerArgument(args, 1))
      return ({ response }) => {
        if (!response || response.head) return undefined
        const { input } = response
        if (from > input.length || from + length > input.length) return undefined
        return bin(input.slice(from, length === 0 ? undefined : from + length))
      }
    },
  },
  {
    name: 'res.body',
    bind:
      () =>
      ({ response }) =>
        response?.head ? bin(response.body) : undefined,
  },
  {
    name: 'res.body_len',
    bind:
      () =>
      ({ response }) =>
        response?.head ? sint(response.body.length) : undefined,
  },
  fieldValue('res.hdr', false),
  fieldValue('res.fhdr', true),
  fieldCount('res.hdr_cnt', false),
  fieldCount('res.fhdr_cnt', true),
  { name: 'res.ver', bind: version },
  { name: 'resp_ver', bind: version },
  {
    name: 'status',
    bind:
      () =>
      ({ response }) =>
        response?.head && sint(response.head.status),
  },
]
