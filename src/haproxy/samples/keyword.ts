/** What a fetch or a converter consists of, and how to read its arguments, whose types the parser has checked. */
import type { Argument } from '../../config/samples/arguments.js'
import type { SampleKeyword } from '../../config/samples/keywords.js'
import { readInt64 } from '../../bytes/integers.js'
import { variableProblem } from '../../config/samples/variables.js'
import { cast } from './casts.js'
import type { SampleContext } from './context.js'
import type { Sample } from './sample.js'

/** The result, or undefined where there is none: the rest of the expression is not evaluated then. */
export type Conversion = (sample: Sample, context: SampleContext) => Sample | undefined

export interface Converter extends SampleKeyword {
  /** Makes what runs for each sample, with all that arguments decide done once. The sample has been cast to the converter's input. */
  readonly bind: (args: readonly Argument[]) => Conversion
}

/** The value, or undefined where there is none. */
export type Evaluation = (context: SampleContext) => Sample | undefined

export interface Fetch extends SampleKeyword {
  /** Makes what runs for each evaluation. */
  readonly bind: (args: readonly Argument[]) => Evaluation
}

/** The text of a string argument; empty where it was left out. */
export const textArgument = (args: readonly Argument[], index: number): string => {
  const argument = args[index]
  return argument?.type === 'string' ? argument.text : ''
}

/** The value of an integer argument; the fallback where it was left out. */
export const integerArgument = (args: readonly Argument[], index: number, fallback = 0n): bigint => {
  const argument = args[index]
  return argument?.type === 'integer' ? argument.value : fallback
}

/** Whether `text` names a variable, with its scope. */
export const isVariable = (text: string): boolean => variableProblem(text) === undefined

/** `check_operator`: an argument that is an integer or the name of a variable. */
export const operandProblem = (args: readonly Argument[], index: number): string | undefined => {
  const text = textArgument(args, index)
  return isVariable(text) || /^[+-]?\d*$/.test(text) ? undefined : 'expects an integer or a variable name'
}

/** The value of such an argument: undefined where the variable is not set or is no integer. */
export const operand = (args: readonly Argument[], index: number): ((context: SampleContext) => bigint | undefined) => {
  const text = textArgument(args, index)
  if (!isVariable(text)) {
    const value = readInt64(text)
    return () => value
  }
  return (context) => {
    const sample = variableAs(context, text, 'sint')
    return sample && 'value' in sample ? sample.value : undefined
  }
}

/** A variable cast to a type; undefined where it is not set or cannot be cast. */
export const variableAs = (context: SampleContext, name: string, type: 'sint' | 'str'): Sample | undefined => {
  const sample = context.variable(name)
  return sample && cast(sample, type)
}

/** The text of a variable; undefined where it is not set or has no text. */
export const variableText = (context: SampleContext, name: string): string | undefined => {
  const sample = variableAs(context, name, 'str')
  return sample && 'bytes' in sample ? sample.bytes : undefined
}
