/**
 * Converters of protocols, JSON, tokens and the Forwarded header, applied to generated messages beside the real HAProxy. HAPSIM_SAMPLE_MESSAGES is how
 * many are generated for each converter, for runs by hand.
 */
import { expect, it } from 'vitest'
import { describeUpstream } from '../support/upstream.js'
import { Choices } from './choices.js'
import { MESSAGE_EXPRESSIONS } from './message-expressions.js'
import { ourSamples } from './our-samples.js'
import { realSamples } from './real-samples.js'

const MESSAGES = Number(process.env.HAPSIM_SAMPLE_MESSAGES ?? 500)
/** HAProxy's lines have at most 2048 bytes. */
const LONGEST = 1800

describeUpstream('converters of generated messages', () => {
  it.each(Object.entries(MESSAGE_EXPRESSIONS))('%s', (_, makeExpression) => {
    const choices = new Choices(1)
    const expressions = Array.from({ length: MESSAGES }, () => makeExpression(choices)).filter(
      ({ length }) => length <= LONGEST,
    )
    const ours = ourSamples(expressions)
    const real = realSamples(expressions)
    const differences = expressions.flatMap((expression, i) => {
      const [own, other] = [JSON.stringify(ours[i]), JSON.stringify(real[i])]
      return own === other ? [] : [`${expression}: ${own}, HAProxy: ${other}`]
    })
    expect(differences).toEqual([])
    expect(ours.filter((sample) => !('error' in sample) && sample.type !== 'nil').length).toBeGreaterThan(
      MESSAGES / 100,
    )
  })
})
