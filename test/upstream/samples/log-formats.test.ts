/** Generated log-formats, evaluated by `set-var-fmt` in `global`, beside the real HAProxy: their lines, and what is wrong with them. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeUpstream } from '../support/upstream.js'
import { format, full, mutated } from './formats.js'
import { ourFormats } from './our-samples.js'
import { realSamples, type RealSample } from './real-samples.js'

const show = (sample: RealSample | undefined): string => {
  if (!sample) return 'nothing'
  return 'error' in sample
    ? `error: ${sample.error}`
    : JSON.stringify(Buffer.from(sample.bytes, 'hex').toString('latin1'))
}

/** As a word of a configuration. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

const differences = (formats: readonly string[], before: readonly string[] = []): readonly string[] => {
  const ours = ourFormats(formats, before)
  const isRefused = (i: number): boolean => 'error' in ours[i]!
  const real = realSamples(formats.map(quoted), { before, keyword: 'set-var-fmt', isRefused })
  return formats.flatMap((each, i) =>
    show(ours[i]) === show(real[i]) ? [] : [`${each}: ${show(ours[i])}, HAProxy: ${show(real[i])}`],
  )
}

describeUpstream('log-formats', () => {
  it('have the lines that HAProxy writes', () => {
    expect(differences(fc.sample(format, { numRuns: 3000, seed: 16 }))).toEqual([])
  })

  it('end where the buffer is full', () => {
    const letters = `str(${'abcdefghij'.repeat(100)})`
    expect(differences(full, [quoted(letters)])).toEqual([])
  })

  it('are refused in the words of HAProxy', () => {
    expect(differences(fc.sample(mutated, { numRuns: 600, seed: 16 }))).toEqual([])
  })
})
