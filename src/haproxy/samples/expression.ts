/** Evaluation of sample expressions (`sample_process`, src/sample.c). */
import type { SampleExpression } from '../../config/samples/expression.js'
import { converterSignature } from '../../config/samples/keywords.js'
import { cast } from './casts.js'
import type { SampleContext } from './context.js'
import type { Conversion, Evaluation } from './keyword.js'
import { SAMPLES, type SampleRegistry } from './registry.js'
import type { Sample } from './sample.js'

/**
 * Makes what evaluates an expression, once for all its evaluations.
 * @returns a function that returns the value, or undefined where a fetch, a cast or a converter has none; the value of an expression with a
 * fetch or a converter that is not emulated is always undefined
 */
export const bindExpression = (expression: SampleExpression, registry: SampleRegistry): Evaluation => {
  const fetch = registry.fetches.get(expression.fetch.name)?.bind(expression.fetch.args)
  const steps: Conversion[] = []
  for (const { name, args } of expression.converters) {
    const conversion = registry.converters.get(name)?.bind(args)
    if (!conversion) return () => undefined
    steps.push(castThen(name, conversion))
  }
  if (!fetch) return () => undefined
  return (context) => {
    let sample = fetch(context)
    for (const step of steps) {
      if (sample === undefined) return undefined
      sample = step(sample, context)
    }
    return sample
  }
}

const castThen = (name: string, conversion: Conversion): Conversion => {
  const { input } = converterSignature(name)!
  return (sample: Sample, context: SampleContext) => {
    const converted = cast(sample, input)
    return converted && conversion(converted, context)
  }
}

/** Bound expressions; configurations hold each expression once. */
const bound = new WeakMap<SampleExpression, Evaluation>()

/** The value of an expression of the configuration, which is bound the first time. */
export const evaluate = (expression: SampleExpression, context: SampleContext): Sample | undefined => {
  let evaluation = bound.get(expression)
  if (!evaluation) bound.set(expression, (evaluation = bindExpression(expression, SAMPLES)))
  return evaluation(context)
}
