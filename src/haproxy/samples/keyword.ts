/** Definitions of fetches and converters, and access to their arguments, whose types the parser has checked. */
import type { Argument } from '../../config/samples/arguments.js'
import type { SampleKeyword, SampleKeywords } from '../../config/samples/keywords.js'
import { readInt64 } from '../../bytes/integers.js'
import type { SampleType } from '../../config/samples/types.js'
import { parseVariableName, variableProblem, type VariableName } from '../../config/samples/variables.js'
import { cast } from './casts.js'
import type { SampleContext } from './context.js'
import type { Sample } from './sample.js'

/** The result; undefined without a value, which ends the evaluation of the expression. */
export type Conversion = (sample: Sample, context: SampleContext) => Sample | undefined

export interface Converter extends SampleKeyword {
  /** Returns the function for samples, which have been cast to the input type; arguments are processed once. */
  readonly bind: (args: readonly Argument[], registry: SampleRegistry) => Conversion
}

/** What a fetch reports with its value, and the position of its next value (`smp->flags` and `smp->ctx`). */
export interface FetchProgress {
  /** more data could change or provide the value (`SMP_F_MAY_CHANGE`) */
  mayChange: boolean
  /** there are further values: evaluated once more with this progress, the fetch returns the next one (`SMP_F_NOT_LAST`) */
  hasNext: boolean
  /** state of the fetch for the next value */
  cursor: unknown
}

/** The value; undefined if it is not available. @param progress given by callers that need all values, such as ACLs */
export type Evaluation = (context: SampleContext, progress?: FetchProgress) => Sample | undefined

export interface Fetch extends SampleKeyword {
  /** Returns the function that is called for each evaluation. */
  readonly bind: (args: readonly Argument[], registry: SampleRegistry) => Evaluation
}

/** The fetches and converters by name. */
export interface SampleRegistry extends SampleKeywords {
  readonly fetches: ReadonlyMap<string, Fetch>
  readonly converters: ReadonlyMap<string, Converter>
}

/** The text of a string argument; empty if omitted. */
export const textArgument = (args: readonly Argument[], index: number): string => {
  const argument = args[index]
  return argument?.type === 'string' ? argument.text : ''
}

/** The value of an integer argument, or the default if omitted. */
export const integerArgument = (args: readonly Argument[], index: number, fallback = 0n): bigint => {
  const argument = args[index]
  return argument?.type === 'integer' ? argument.value : fallback
}

/** Whether `text` names a variable, with its scope. */
export const isVariable = (text: string): boolean => variableProblem(text) === undefined

/** The variable that an argument names; undefined if it is not a variable. */
export const variableArgument = (args: readonly Argument[], index: number): VariableName | undefined => {
  const name = parseVariableName(textArgument(args, index))
  return 'error' in name ? undefined : name
}

/** The reference in the first argument, such as the name of a proxy or a user list; empty if missing. */
export const referenceArgument = ([argument]: readonly Argument[]): string =>
  argument?.type === 'reference' ? argument.name : ''

/** `check_operator`: an argument that is an integer or the name of a variable. */
export const operandProblem = (args: readonly Argument[], index: number): string | undefined => {
  const text = textArgument(args, index)
  return isVariable(text) || /^[+-]?\d*$/.test(text) ? undefined : 'expects an integer or a variable name'
}

/** The value of such an argument; undefined if the variable is not set or not an integer. */
export const operand = (args: readonly Argument[], index: number): ((context: SampleContext) => bigint | undefined) => {
  const variable = variableArgument(args, index)
  if (!variable) {
    const value = readInt64(textArgument(args, index))
    return () => value
  }
  return (context) => {
    const sample = variableAs(context, variable, 'sint')
    return sample && 'value' in sample ? sample.value : undefined
  }
}

/** A variable cast to a type; undefined if it is not set or cannot be cast. */
export const variableAs = (context: SampleContext, variable: VariableName, type: SampleType): Sample | undefined => {
  const sample = context.variables.get(variable)
  return sample && cast(sample, type)
}

/** The text of a variable; undefined if it is not given, not set or has no text. */
export const variableText = (context: SampleContext, variable: VariableName | undefined): string | undefined => {
  const sample = variable && variableAs(context, variable, 'str')
  return sample && 'bytes' in sample ? sample.bytes : undefined
}

/** The error of `concat` and similar converters for an argument that is not a variable. */
export const variableNameProblem = (name: string): string | undefined =>
  isVariable(name) ? undefined : `failed to register variable name '${name}'`

/** Units of dates, in fractions of a second. */
const DATE_UNITS: Readonly<Record<string, bigint>> = { s: 1n, ms: 1000n, us: 1_000_000n }

/** `smp_check_date_unit`: an optional argument `s`, `ms` or `us`. */
export const dateUnitProblem = (args: readonly Argument[], index: number): string | undefined =>
  args.length <= index || Object.hasOwn(DATE_UNITS, textArgument(args, index))
    ? undefined
    : `expects 's', 'ms' or 'us', got '${textArgument(args, index)}'`

/** The number of units in a second. */
export const unitsPerSecond = (args: readonly Argument[], index: number): bigint =>
  DATE_UNITS[args.length <= index ? 's' : textArgument(args, index)]!
