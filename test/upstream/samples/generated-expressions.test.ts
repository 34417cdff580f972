/**
 * Generated chains of converters over constants and variables, beside the real HAProxy: values, and error messages of arguments. HAPSIM_SAMPLE_EXPRESSIONS
 * is how many are compared, HAPSIM_SAMPLE_SEED another seed, for runs by hand.
 */
import { expect, it } from 'vitest'
import { fromByteString } from '../../../src/bytes/text.js'
import { SAMPLES } from '../../../src/haproxy/samples/registry.js'
import { describeUpstream } from '../support/upstream.js'
import { Choices } from './choices.js'
import { ExpressionGenerator, VARIABLES } from './expression-generator.js'
import { ourSamples } from './our-samples.js'
import { realSamples, type RealSample } from './real-samples.js'

const EXPRESSIONS = Number(process.env.HAPSIM_SAMPLE_EXPRESSIONS ?? 3000)
const SEED = Number(process.env.HAPSIM_SAMPLE_SEED ?? 1)
/** HAProxy's lines have at most 2048 bytes. */
const LONGEST = 1900

/** The value, or the first line of the error, which ours has as bytes. */
const show = (sample: RealSample, isOurs: boolean): string =>
  'error' in sample
    ? `error: ${(isOurs ? fromByteString(sample.error) : sample.error).split('\n')[0]}`
    : `${sample.type} ${JSON.stringify(Buffer.from(sample.bytes, 'hex').toString('latin1'))}`

describeUpstream('generated expressions', () => {
  it('have the values and errors of the real HAProxy', () => {
    const generator = new ExpressionGenerator(new Choices(SEED), SAMPLES.converters.keys())
    const expressions: string[] = []
    while (expressions.length < EXPRESSIONS) {
      const expression = generator.next()
      if (expression.length <= LONGEST) expressions.push(expression)
    }
    const ours = ourSamples(expressions, { before: VARIABLES })
    const real = realSamples(expressions, { before: VARIABLES, isRefused: (i) => 'error' in ours[i]! })
    const differences = expressions.flatMap((expression, i) =>
      show(ours[i]!, true) === show(real[i]!, false)
        ? []
        : [`${expression}: ${show(ours[i]!, true)}, HAProxy: ${show(real[i]!, false)}`],
    )
    expect(differences).toEqual([])
    const values = ours.filter((sample) => !('error' in sample) && sample.type !== 'nil')
    expect(values.length).toBeGreaterThan(EXPRESSIONS / 4)
  })
})
