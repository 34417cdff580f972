/**
 * What expressions are made of: HAProxy's fetches and converters by name, with their arguments and types, and what those that are emulated check of their
 * arguments beyond the types. The evaluating side registers the latter; the parser takes them as an argument.
 */
import { KNOWN_CONVERTERS } from '../known/converters.js'
import { KNOWN_FETCHES } from '../known/fetches.js'
import { parseSignature, type Argument, type Signature } from './arguments.js'
import type { SampleType } from './types.js'

export interface FetchSignature {
  readonly name: string
  readonly signature: Signature
  readonly output: SampleType
  /** a bit for each place of {@link PLACES} where the fetch is valid */
  readonly places: number
}

export interface ConverterSignature {
  readonly name: string
  readonly signature: Signature
  readonly input: SampleType
  readonly output: SampleType
}

/** What is emulated of a fetch or converter, as far as reading a configuration needs it. */
export interface SampleKeyword {
  readonly name: string
  /** @returns what is wrong with arguments whose types are right, in HAProxy's words (`val_args`) */
  readonly check?: (args: readonly Argument[]) => string | undefined
}

type Lookup = Pick<ReadonlyMap<string, SampleKeyword>, 'get' | 'has'>

/** Which fetches and converters are emulated. */
export interface SampleKeywords {
  readonly fetches: Lookup
  readonly converters: Lookup
}

const ANY: Lookup = { get: () => undefined, has: () => true }

/** For expressions of hapsim's own, which use what is emulated. */
export const ANY_SAMPLES: SampleKeywords = { fetches: ANY, converters: ANY }

/** Nothing is emulated: expressions are parsed and reported. */
export const NO_SAMPLES: SampleKeywords = { fetches: new Map(), converters: new Map() }

/** Places where expressions are, in the order of the columns that `haproxy -dKall` prints (`SMP_CKP_*`). */
export const PLACES = [
  'frontend tcp-request connection rule',
  'frontend tcp-request session rule',
  'frontend tcp-request content rule',
  'frontend http-request header rule',
  'frontend http-request body rule',
  'frontend use-backend rule',
  'backend tcp-request content rule',
  'backend http-request header rule',
  'backend http-request body rule',
  'backend use-server, balance or stick-match rule',
  'server source selection',
  'backend tcp-response content rule',
  'backend http-response header rule',
  'backend http-response body rule',
  'backend stick-store rule',
  'frontend tcp-response content rule',
  'frontend http-response header rule',
  'frontend http-response body rule',
  'logs',
  'backend tcp-check rule',
  'configuration parser',
  'CLI parser',
] as const
export type SamplePlace = (typeof PLACES)[number]

const rows = (table: string): string[][] =>
  table
    .trim()
    .split('\n')
    .map((line) => line.split('|'))

let fetches: Map<string, FetchSignature> | undefined
let converters: Map<string, ConverterSignature> | undefined

/** The signature of a fetch that HAProxy has. */
export const fetchSignature = (name: string): FetchSignature | undefined => {
  fetches ??= new Map(
    rows(KNOWN_FETCHES).map(([name, args, output, places]) => [
      name!,
      { name: name!, signature: parseSignature(args!), output: output as SampleType, places: parseInt(places!, 36) },
    ]),
  )
  return fetches.get(name)
}

/** The signature of a converter that HAProxy has. */
export const converterSignature = (name: string): ConverterSignature | undefined => {
  converters ??= new Map(
    rows(KNOWN_CONVERTERS).map(([name, args, input, output]) => [
      name!,
      { name: name!, signature: parseSignature(args!), input: input as SampleType, output: output as SampleType },
    ]),
  )
  return converters.get(name)
}
