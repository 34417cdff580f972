/** The runtime API: how command lines are taken apart, and what others may add. Answers are compared in test/upstream. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitLine } from '../../../src/haproxy/runtime/parse.js'
import { Simulation } from '../../../src/sim/index.js'

const process = (config = '') => {
  const sim = new Simulation()
  return sim.haproxy({ config: `global\n stats socket /run/cli\n${config}`, directory: false }).start()
}

const wordsOf = (line: string) => splitLine(line).commands.map(({ words }) => words)

describe('command lines', () => {
  it('contain several commands between semicolons', () => {
    expect(wordsOf('show info; show stat ;')).toEqual([['show', 'info'], ['show', 'stat'], []])
  })

  it('keep characters escaped by a backslash', () => {
    expect(wordsOf('echo a\\ b\\;c \\\\d')).toEqual([['echo', 'a b;c', '\\d']])
  })

  it('take a payload until an empty line, or until the given word', () => {
    const echo = 'repeat payload'
    const haproxy = process()
    const { registry } = haproxy.process.runtime
    registry.add({ words: ['repeat', 'payload'], usage: undefined, run: ({ payload }) => payload ?? 'none' })
    expect(haproxy.cli(`${echo} <<\none\ntwo\n\nthree`)).toBe('one\ntwo\n\n')
    expect(haproxy.cli(`${echo} <<END\none\n\ntwo\nEND\nthree`)).toBe('one\n\ntwo\n\n')
    expect(haproxy.cli(`${echo} <<\none`)).toBe('one\n\n')
    expect(haproxy.cli(echo)).toBe('none\n\n')
  })

  it('return escaped words', () => {
    const escape = (word: string) => word.replace(/[\\; \t]/g, (c) => `\\${c}`)
    const word = fc.stringMatching(/^[!-~ \t]{1,12}$/).filter((text) => !text.startsWith('<<'))
    fc.assert(
      fc.property(
        fc.array(fc.array(word, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 }),
        (commands) => {
          const line = commands.map((words) => words.map(escape).join(' ')).join(';')
          expect(wordsOf(line)).toEqual(commands)
        },
      ),
    )
  })

  it('never cause an exception', () => {
    const haproxy = process()
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (line) => {
        expect(typeof haproxy.cli(line)).toBe('string')
      }),
    )
  })

  it('may have 64 words', () => {
    const haproxy = process()
    expect(haproxy.cli(`echo ${'x '.repeat(63)}`)).toBe(`${'x '.repeat(63).trim()}\n\n`)
    expect(haproxy.cli(`echo ${'x '.repeat(64)}`)).toBe(
      'Too many arguments. Commands must have at most 64 arguments.\n\n',
    )
  })
})

describe('extensions', () => {
  it('add commands, which help shows', () => {
    const haproxy = process()
    haproxy.process.runtime.registry.add({
      words: ['greet'],
      usage: 'greet <name>                            : say hello',
      run: ({ args }) => `hello ${args.join(' ')}`,
    })
    expect(haproxy.cli('greet you')).toBe('hello you\n\n')
    expect(haproxy.cli('help greet')).toContain('  greet <name>                            : say hello\n')
  })

  it('may require a level', () => {
    const haproxy = process()
    const { runtime } = haproxy.process
    runtime.registry.add({ words: ['secret'], usage: undefined, level: 'operator', run: () => 'yes' })
    expect(runtime.execute('secret', 'user')).toBe('Permission denied\n\n')
    expect(runtime.execute('secret', 'operator')).toBe('yes\n\n')
  })
})
