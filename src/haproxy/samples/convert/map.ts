/** The converters `map`, `map_beg_int`, `map_ip_key` and similar: lookup of a value in a file (`sample_load_map`, `sample_conv_map` in src/map.c). */
import { fromByteString, toByteString } from '../../../bytes/text.js'
import { KNOWN_CONVERTERS } from '../../../config/known/converters.js'
import type { PatternMatching } from '../../../config/model/patterns.js'
import { mapValue, type MapOutput } from '../../../config/patterns/map-value.js'
import { KIND_OF, type MatchMethod } from '../../../config/patterns/match-method.js'
import type { Argument } from '../../../config/samples/arguments.js'
import { converterSignature } from '../../../config/samples/keywords.js'
import { expandReplacement } from '../../../regex/index.js'
import type { Match } from '../../patterns/expression.js'
import type { SampleContext } from '../context.js'
import { integerArgument, textArgument, type Converter } from '../keyword.js'
import { address, bytesOf, sint, str, type Sample } from '../sample.js'

/** The result for a matching entry. */
type Result = (match: Match, sample: Sample, context: SampleContext) => Sample | undefined

const keyOf: Result = ({ element }) => element && str(toByteString(element.key))

const valueOf: Result = ({ value }) => value ?? sint(1)

/** The value, with references replaced by the groups that the regular expression captured. */
const expandedValue: Result = ({ value, captures = [] }, sample, { bufsize }) => {
  const text = bytesOf(sample).slice(0, bufsize - 1)
  const expanded = value?.type === 'str' ? expandReplacement(value.bytes, text, captures, bufsize) : undefined
  return expanded === undefined ? undefined : str(expanded)
}

/** The default value if nothing matches, of the map's type; undefined without one. */
const defaultValue = (args: readonly Argument[], output: MapOutput): Sample | undefined => {
  const argument = args[1]
  if (!argument) return undefined
  if (argument.type === 'address') return address(argument.bytes)
  return output === 'sint' ? sint(integerArgument(args, 1)) : str(textArgument(args, 1))
}

const converter = (name: string): Converter => {
  const [, method = 'str', suffix] = /^map(?:_(str|beg|sub|dir|dom|end|reg|regm|int|ip))?(?:_(int|ip|key))?$/.exec(
    name,
  )!
  const matching = method as MatchMethod
  const output = converterSignature(name)!.output as MapOutput
  const how: PatternMatching = { matching, kind: KIND_OF[matching], output, ignoreCase: false, noNames: true }
  const result = suffix === 'key' ? keyOf : matching === 'regm' ? expandedValue : valueOf
  return {
    name,
    check: (args, scope) => {
      if (!scope) return 'map: cannot load map at runtime'
      const problem = scope.useMap(textArgument(args, 0), matching, output)
      if (problem !== undefined || output !== 'addr' || args.length < 2) return problem
      const value = mapValue(output, textArgument(args, 1))
      if (!value || !('bytes' in value)) return `map: cannot parse default ip <${textArgument(args, 1)}>.`
      return { args: [args[0]!, { type: 'address', bytes: value.bytes }] }
    },
    bind: (args) => {
      const map = fromByteString(textArgument(args, 0))
      const otherwise = defaultValue(args, output)
      return (sample, context) => {
        const match = context.process.patterns.map(map, how)?.match(sample)
        return match ? result(match, sample, context) : otherwise
      }
    },
  }
}

export const MAP_CONVERTERS: readonly Converter[] = KNOWN_CONVERTERS.trim()
  .split('\n')
  .map((row) => row.split('|')[0]!)
  .filter((name) => /^map(?:_|$)/.test(name))
  .map(converter)
