import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { STATE_FIELDS, readStateFile } from '../../../src/haproxy/state-files/file.js'
import { Simulation } from '../../../src/sim/index.js'

const CONFIG = `global
    server-state-file states
defaults
    mode tcp
    timeout connect 1s
    timeout server 1s
    load-server-state-from-file global
frontend f
    bind :1
    timeout client 1s
backend be
    server a 10.0.0.1:80 check inter 1h
    server b 10.0.0.2:80 check inter 1h weight 5
    server c 10.0.0.3:80 disabled
    server d 10.0.0.4:80
    server e 10.0.0.5:80 track a
`

const word = fc.stringMatching(/^[a-z0-9._-]{1,8}$/)

describe('the text of a state file', () => {
  it('is parsed field by field', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(word, { minLength: STATE_FIELDS.length, maxLength: STATE_FIELDS.length })),
        (rows) => {
          const file = readStateFile(`1\n# names\n${rows.map((row) => `${row.join(' ')}\n`).join('')}`)
          expect(file).toEqual({
            brokenAt: undefined,
            lines: rows.map((row) => Object.fromEntries(STATE_FIELDS.map((name, i) => [name, row[i]]))),
          })
        },
      ),
    )
  })

  it('may contain anything', () => {
    const piece = fc.constantFrom('1\n', '1', ' ', '\t', '\n', '\0', '#', 'a', 'b '.repeat(19), 'x'.repeat(2100))
    fc.assert(fc.property(fc.array(piece), (pieces) => void readStateFile(pieces.join(''))))
  })
})

const COMMANDS = ['a', 'b', 'c', 'd'].flatMap((name) => [
  ...['maint', 'drain', 'ready'].map((state) => `set server be/${name} state ${state}`),
  ...['up', 'down', 'stopping'].map((health) => `set server be/${name} health ${health}`),
  ...[0, 3, 256].map((weight) => `set server be/${name} weight ${weight}`),
])

/** Less what is not taken over as it is: how long ago things happened, and the health that goes with a state. */
const steady = (answer: string): string =>
  answer
    .split('\n')
    .map((line) =>
      line
        .split(' ')
        .map((each, i) => (i === 9 || i === 12 ? '' : each))
        .join(' '),
    )
    .join('\n')

describe('a process that starts with the states of another', () => {
  it('writes them for the next one unchanged', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...COMMANDS), { maxLength: 8 }), (commands) => {
        const start = (files: Record<string, string>) => {
          const simulation = new Simulation()
          for (const port of [1, 2, 3, 4, 5]) simulation.http(`10.0.0.${port}:80`)
          return simulation.haproxy({ config: CONFIG, files }).start()
        }
        const first = start({ states: '1\n' })
        for (const command of commands) first.cli(command)
        const second = start({ states: first.cli('show servers state') }).cli('show servers state')
        const third = start({ states: second }).cli('show servers state')
        expect(steady(third)).toBe(steady(second))
      }),
      { numRuns: 40 },
    )
  })
})
