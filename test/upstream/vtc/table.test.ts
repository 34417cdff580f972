/** HAProxy's regression tests end in virtual time as docs/regression-tests.md shows; tests that have come to pass there are welcome. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { vtc } from '../../../src/index.js'
import { describeUpstream, upstream } from '../support/upstream.js'

const rows = [...readFileSync('docs/regression-tests.md', 'utf8').matchAll(/^\| (\S+\/\S+) .*$/gm)].map(
  ([row, name]) => {
    const [, , , , virtual = ''] = row.split('|').map((cell) => cell.trim())
    return { name: name!, virtual }
  },
)

const passing = rows.filter(({ virtual }) => virtual === 'passed').map(({ name }) => name)

describeUpstream('regression tests in virtual time', () => {
  it('are more than a hundred', () => expect(passing.length).toBeGreaterThan(100))

  it.each(passing)('%s', (name) => {
    expect(vtc({ file: upstream(`source/reg-tests/${name}.vtc`) })).toMatchObject({ result: 'passed', message: '' })
  })
})
