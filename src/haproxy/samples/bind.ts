/** Compiles expressions to functions (`sample_process`, src/sample.c), so that arguments are processed once. */
import type { SampleExpression } from '../../config/samples/expression.js'
import { converterSignature, LUA_PREFIX } from '../../config/samples/keywords.js'
import { cast } from './casts.js'
import type { SampleContext } from './context.js'
import type { Conversion, Converter, Evaluation, Fetch, SampleRegistry } from './keyword.js'
import type { Sample } from './sample.js'
import { scriptConverter, scriptFetch } from './scripts.js'

const fetchNamed = (name: string, { fetches }: SampleRegistry): Fetch | undefined =>
  name.startsWith(LUA_PREFIX) ? scriptFetch(name) : fetches.get(name)

const converterNamed = (name: string, { converters }: SampleRegistry): Converter | undefined =>
  name.startsWith(LUA_PREFIX) ? scriptConverter(name) : converters.get(name)

/**
 * @returns a function that returns the value, or undefined if a fetch, a cast or a converter has no result. With a fetch or converter that is
 * not emulated, the value is always undefined
 */
export const bindExpression = (expression: SampleExpression, registry: SampleRegistry): Evaluation => {
  const fetch = fetchNamed(expression.fetch.name, registry)?.bind(expression.fetch.args, registry)
  const steps: Conversion[] = []
  for (const { name, args } of expression.converters) {
    const conversion = converterNamed(name, registry)?.bind(args, registry)
    if (!conversion) return () => undefined
    steps.push(castThen(name, conversion))
  }
  if (!fetch) return () => undefined
  return (context, progress) => {
    let sample = fetch(context, progress)
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
