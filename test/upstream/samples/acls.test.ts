/** ACLs of all matching methods, and conditions, have the values that they have in the real HAProxy. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeUpstream } from '../support/upstream.js'
import { ACLS, FILES, TRUTHS } from './acl-cases.js'
import { OurAcls } from './our-acls.js'
import { aclConfig, realAcls } from './real-acls.js'

const REQUEST = 'GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n'

describeUpstream('ACLs', () => {
  it('match values of all types by all methods', async () => {
    const ours = new OurAcls(FILES)
    const accepted = ACLS.filter((acl, i) => ours.add(`a${i}`, acl) === undefined)
    const names = ACLS.flatMap((_, i) => (ours.has(`a${i}`) ? [`a${i}`] : []))
    const values = ours.evaluate(names, [])
    const real = await realAcls(aclConfig(accepted), FILES, REQUEST)
    expect(real).toHaveLength(accepted.length)
    expect(accepted.filter((_, i) => values[i] !== real[i])).toEqual([])
  })

  it('are combined by conditions', async () => {
    const names = TRUTHS.map((_, i) => `a${i}`)
    const term = fc
      .tuple(
        fc.constantFrom('', '!', '! ', '!!'),
        fc.constantFrom(...names, 'TRUE', 'FALSE', ...TRUTHS.map((acl) => `{ ${acl} }`)),
      )
      .map((parts) => parts.join(''))
    const suite = fc.array(term, { minLength: 1, maxLength: 4 }).map((terms) => terms.join(' '))
    const condition = fc
      .tuple(
        fc.constantFrom('if', 'unless'),
        fc.array(suite, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(' or ', ' || ', ' OR '),
      )
      .map(([polarity, suites, or]) => `${polarity} ${suites.join(or)}`)
    const conditions = fc.sample(condition, { seed: 1, numRuns: 300 })
    const ours = new OurAcls(FILES)
    for (const [i, acl] of TRUTHS.entries()) expect(ours.add(`a${i}`, acl)).toBeUndefined()
    const real = await realAcls(aclConfig(TRUTHS, conditions), FILES, REQUEST)
    const values = ours.evaluate(names, conditions)
    expect(real).toHaveLength(names.length + conditions.length)
    expect([...names, ...conditions].filter((_, i) => values[i] !== real[i])).toEqual([])
  })
})
