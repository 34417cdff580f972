/** Every converter that is emulated, applied to values of all types with ordinary and extreme arguments, beside the real HAProxy. */
import { expect, it } from 'vitest'
import { SAMPLES } from '../../../src/haproxy/samples/registry.js'
import { describeUpstream } from '../support/upstream.js'
import { ARGUMENTS } from './converter-arguments.js'
import { INPUTS } from './inputs.js'
import { ourSamples } from './our-samples.js'
import { realSamples, type RealSample } from './real-samples.js'

const show = (sample: RealSample | undefined): string => {
  if (!sample) return 'nothing'
  return 'error' in sample
    ? `error: ${sample.error.trimEnd()}`
    : `${sample.type} ${JSON.stringify(Buffer.from(sample.bytes, 'hex').toString('latin1'))}`
}

/** proc.v1 to proc.v5 */
const VARIABLES = ['str(text)', 'int(3)', 'bool(true)', 'bin(0001ff)', 'ipv4(9.8.7.6)']

/** Those of maps need files: maps.test.ts. */
const NAMES = [...SAMPLES.converters.keys()].filter((name) => !/^map(?:_|$)/.test(name)).sort()

describeUpstream('converters', () => {
  it.each(NAMES)('%s', (name) => {
    const calls = ARGUMENTS[name]?.map((args) => `${name}${args}`) ?? [name]
    const isRefused = (sample: RealSample | undefined): boolean => sample !== undefined && 'error' in sample
    const all = INPUTS.flatMap((input) => calls.map((call) => `${input},${call}`))
    const evaluated = ourSamples(all, { before: VARIABLES })
    // what is refused does not depend on the value
    let refused = 0
    const expressions = all.filter((_, i) => !isRefused(evaluated[i]) || refused++ % 5 === 0)
    const ours = ourSamples(expressions, { before: VARIABLES })
    const real = realSamples(expressions, { before: VARIABLES, isRefused: (i) => isRefused(ours[i]) })
    const differences = expressions.flatMap((expression, i) =>
      show(ours[i]) === show(real[i]) ? [] : [`${expression}: ${show(ours[i])}, HAProxy: ${show(real[i])}`],
    )
    expect(differences).toEqual([])
  })
})
