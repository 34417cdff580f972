/**
 * What expressions are made of: HAProxy's fetches and converters by name, with their arguments and types, and what those that are emulated check of their
 * arguments beyond the types. The evaluating side registers the latter; the parser takes them as an argument.
 */
import { KNOWN_CONVERTERS } from '../known/converters.js'
import { KNOWN_FETCHES } from '../known/fetches.js'
import type { MatchMethod } from '../patterns/match-method.js'
import type { MapOutput } from '../patterns/map-value.js'
import { parseSignature, type Argument, type Signature } from './arguments.js'
import { MESSAGE_SOURCES, PLACES, placesMask, sourcesMask } from './places.js'
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

/** What arguments may refer to in the configuration around an expression, as far as it must exist when the expression is parsed. */
export interface SampleScope {
  /** whether the expression is part of a proxy */
  readonly inProxy: boolean
  /** The ACL of that name in the current proxy, or a predefined one: an `Acl` of config/model/acl.ts. */
  acl(name: string): object | undefined
  /** Registers the use of a map. @returns what is wrong with it, in HAProxy's words */
  useMap(name: string, matching: MatchMethod, output: MapOutput): string | undefined
  /** Registers the file of a public key, which is read when the process is made. */
  useKeyFile(name: string): void
  /** Registers the use of a ring or output, which must exist when the process starts. @param user what messages call its user */
  useSink(name: string, user: string): void
  /**
   * Records the use of a fetch or converter that a script must register.
   * @param name without `lua.`
   * @returns false if none does
   */
  useLua(kind: 'fetch' | 'converter', name: string): boolean
}

/** Arguments that replace those that were written, since they were looked up or converted. */
export interface ReplacedArguments {
  readonly args: readonly Argument[]
}

/** What is emulated of a fetch or converter, as far as reading a configuration needs it. */
export interface SampleKeyword {
  readonly name: string
  /**
   * Checks arguments whose types are right (`val_args`).
   * @param scope undefined outside of configurations
   * @returns what is wrong with them, in HAProxy's words
   */
  readonly check?: (args: readonly Argument[], scope?: SampleScope) => string | ReplacedArguments | undefined
  /** positions of arguments that can name variables, which declares them */
  readonly variables?: readonly number[]
}

type Lookup = Pick<ReadonlyMap<string, SampleKeyword>, 'get' | 'has'>

/** Which fetches and converters are emulated, and what their arguments may refer to. */
export interface SampleKeywords {
  readonly fetches: Lookup
  readonly converters: Lookup
  readonly scope?: SampleScope | undefined
  /** arguments that refer to something which is looked up later are errors, since nothing resolves them */
  readonly noReferences?: boolean
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

/** Fetches and converters of scripts begin with this. */
export const LUA_PREFIX = 'lua.'

/** Scripts' fetches and converters take up to twelve texts (`hlua_register_fetches`, src/hlua.c). */
const LUA_SIGNATURE: Signature = { least: 0, types: Array<'string'>(12).fill('string') }

/** From messages of HTTP: where any of them can be looked at. */
const LUA_SOURCES = sourcesMask(...MESSAGE_SOURCES)
const LUA_PLACES = placesMask(
  ...PLACES.filter(
    (place) =>
      place !== 'frontend tcp-request connection rule' &&
      place !== 'frontend tcp-request session rule' &&
      place !== 'configuration parser' &&
      place !== 'CLI parser',
  ),
)

/** The signature of a fetch that HAProxy has, or that a script may register. */
export const fetchSignature = (name: string): FetchSignature | undefined => {
  if (name.startsWith(LUA_PREFIX))
    return { name, signature: LUA_SIGNATURE, output: 'str', places: LUA_PLACES, sources: LUA_SOURCES }
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

/** The signature of a converter that HAProxy has, or that a script may register. */
export const converterSignature = (name: string): ConverterSignature | undefined => {
  if (name.startsWith(LUA_PREFIX)) return { name, signature: LUA_SIGNATURE, input: 'str', output: 'str' }
  converters ??= new Map(
    rows(KNOWN_CONVERTERS).map(([name, args, input, output]) => [
      name!,
      { name: name!, signature: parseSignature(args!), input: input as SampleType, output: output as SampleType },
    ]),
  )
  return converters.get(name)
}

/** The names of all fetches that HAProxy has. */
export const knownFetches = (): readonly string[] => rows(KNOWN_FETCHES).map(([name]) => name!)

/** The names of all converters that HAProxy has. */
export const knownConverters = (): readonly string[] => rows(KNOWN_CONVERTERS).map(([name]) => name!)
