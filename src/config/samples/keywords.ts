/**
 * What expressions are made of: HAProxy's fetches and converters by name, with their arguments and types, and what those that are emulated check of their
 * arguments beyond the types. The evaluating side registers the latter; the parser takes them as an argument.
 */
import { KNOWN_CONVERTERS } from '../known/converters.js'
import { KNOWN_FETCHES } from '../known/fetches.js'
import { parseSignature, type Argument, type Signature } from './arguments.js'
import type { SampleType } from './types.js'
import { parseVariableName, type VariableName } from './variables.js'

export interface FetchSignature {
  readonly name: string
  readonly signature: Signature
  readonly output: SampleType
  /** a bit for each place of {@link PLACES} where the fetch is valid */
  readonly places: number
  /** a bit for each of {@link SOURCES} that it extracts its value from; 0: a constant */
  readonly sources: number
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
  /** positions of arguments that can name variables, which declares them */
  readonly variables?: readonly number[]
}

type Lookup = Pick<ReadonlyMap<string, SampleKeyword>, 'get' | 'has'>

/** Which fetches and converters are emulated. */
export interface SampleKeywords {
  readonly fetches: Lookup
  readonly converters: Lookup
  /** called for each variable that an expression or an action names: those of the process are known from then on */
  readonly declareVariable?: (variable: VariableName) => void
}

/** Declares the variables that valid arguments of a fetch or converter name. */
export const declareVariables = (
  { declareVariable }: SampleKeywords,
  keyword: SampleKeyword | undefined,
  args: readonly Argument[],
): void => {
  if (!declareVariable) return
  for (const position of keyword?.variables ?? []) {
    const argument = args[position]
    const variable = parseVariableName(argument?.type === 'string' ? argument.text : '')
    if (!('error' in variable)) declareVariable(variable)
  }
}

const ANY: Lookup = { get: () => undefined, has: () => true }

/** For expressions of hapsim's own, which use what is emulated. */
export const ANY_SAMPLES: SampleKeywords = { fetches: ANY, converters: ANY }

/** Nothing is emulated: expressions are parsed and reported. */
export const NO_SAMPLES: SampleKeywords = { fetches: new Map(), converters: new Map() }

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
    rows(KNOWN_FETCHES).map(([name, args, output, places, sources]) => [
      name!,
      {
        name: name!,
        signature: parseSignature(args!),
        output: output as SampleType,
        places: parseInt(places!, 36),
        sources: parseInt(sources!, 36),
      },
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
