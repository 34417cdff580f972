/** Which tests are run, in which order, and what comes before them. */
import { describe, expect, it } from 'vitest'
import { findFocus, listTests, planTurns, type RunnerOptions } from '../../src/testkit/index.js'
import { folderWith } from '../support/files.js'
import { runLua } from './support/run-lua.js'

const NAMES = `
describe('mails #slow', function()
  it('are sent', function() end)
  it('are kept', function() end)
  describe('in order', function() it('of time', function() end) end)
end)
it('logs', function() end)`

const ran = (body: string, options: Partial<RunnerOptions> = {}) =>
  runLua(body, options).results.map(({ names }) => names.join(' '))

describe('tests are selected', () => {
  it.each<[string, Partial<RunnerOptions>, string[]]>([
    ['by any of several filters', { filter: [/sent/, /^logs$/] }, ['mails #slow are sent', 'logs']],
    ['but for those whose names are filtered out', { filterOut: [/kept/, /time/] }, ['mails #slow are sent', 'logs']],
    ['but for blocks whose names are filtered out', { filterOut: [/#slow$/] }, ['logs']],
    [
      'by filters that leave out of what others choose',
      { filter: [/are/], filterOut: [/sent/] },
      ['mails #slow are kept'],
    ],
    ['but for tags', { excludeTags: ['slow'] }, ['logs']],
  ])('%s', (_, options, expected) => expect(ran(NAMES, options)).toEqual(expected))
})

describe('tests are shuffled', () => {
  const many = Array.from({ length: 8 }, (_, i) => `it('${i}', function() end)`).join('\n')
  const order = (seed: number) => ran(many, { shuffle: true, seed })

  it('by the seed: each results in one order', () => {
    expect(order(1)).toEqual(order(1))
    expect(order(1)).not.toEqual(order(2))
    expect([...order(1)].sort()).toEqual(ran(many))
  })

  it('within their blocks', () => {
    const blocks = `describe('a', function() ${many} end) describe('b', function() ${many} end)`
    const firsts = ran(blocks, { shuffle: true, seed: 3 }).map((name) => name[0])
    expect(firsts.join('')).toMatch(/^(a{8}b{8}|b{8}a{8})$/)
  })

  it('and files are, in the same order in every repetition with a seed', () => {
    const files = ['a', 'b', 'c', 'd', 'e']
    const turns = planTurns(files, { seed: 7, repeat: 2, shuffle: true })
    expect(turns.map(({ seed }) => seed)).toEqual([7, 7, 7, 7, 7, 8, 8, 8, 8, 8])
    expect(turns.slice(5)).toEqual(planTurns(files, { seed: 8, shuffle: true }))
    expect(turns.slice(0, 5).map(({ file }) => file)).not.toEqual(turns.slice(5).map(({ file }) => file))
  })
})

describe('before a file', () => {
  const LIBRARY = {
    'one.lua': `return 'one'`,
    'helper.lua': `HELPED = 'helped' before_each(function() print('each') end)`,
  }
  const body = `it('sees', function() print(HELPED, SAID, package.path:match('^[^;]*')) end)`

  it('a helper runs in its state, and can define hooks for it', () => {
    const { printed } = runLua({ ...LIBRARY, 'a_test.lua': body, 'b_test.lua': body }, { helper: 'helper.lua' })
    expect(printed).toEqual(['each', 'helped\tnil\t./src/?.lua', 'each', 'helped\tnil\t./src/?.lua'])
  })

  it('a helper may be a module', () =>
    expect(runLua({ ...LIBRARY, 'a_test.lua': body }, { helper: 'helper' }).printed).toContain('each'))

  it('statements are run, in order', () =>
    expect(runLua(body, { statements: ['SAID = 1', 'SAID = SAID + 1'] }).printed).toEqual(['nil\t2\t./src/?.lua']))

  it('paths precede those of Lua; two semicolons become one', () => {
    const { printed } = runLua(
      { ...LIBRARY, 'a_test.lua': `it('x', function() print(package.path:sub(1, 30)) end)` },
      { lpath: './a/?.lua;' },
    )
    expect(printed).toEqual(['./a/?.lua;/usr/local/share/lua'])
    expect(runLua(`it('x', function() print(package.cpath:sub(1, 11)) end)`, { cpath: './c/?.so' }).printed).toEqual([
      './c/?.so;/u',
    ])
  })

  it.each<[Partial<RunnerOptions>, string]>([
    [{ statements: ['error("no", 0)'] }, 'in -e: no'],
    [{ statements: ['a b'] }, "in -e: syntax error near 'b'"],
    [{ helper: 'none.lua' }, 'in helper none.lua: cannot open none.lua'],
    [{ helper: 'none' }, "in helper none: module 'none' not found:"],
  ])('failures are errors of the file, %j', (options, message) => {
    const { results } = runLua(body, options)
    expect(results).toHaveLength(1)
    expect(results[0]).toMatchObject({ status: 'error', names: [] })
    expect(results[0]!.problem!.message.startsWith(message)).toBe(true)
  })
})

describe('focused tests', () => {
  const focused = (files: Readonly<Record<string, string>>) =>
    findFocus(Object.keys(files), { directory: folderWith(files), clock: () => 0 })

  it('are marked as tests, as blocks, and within blocks', () => {
    expect(
      focused({
        'a_test.lua': `describe('d', function()
  fit('one', function() end)
  it('other', function() end)
  fdescribe('all', function() it('x', function() end) it('y', function() end) end)
  fcontext('some', function() it('x', function() end) fspec('y', function() end) end)
  finsulate('i', function() test('x', function() end) end)
  fexpose('e', function() fit.explore('x', {}, function() end) end)
end)`,
        'b_test.lua': `local function fit() end it('not', function() fit() end)`,
        'c_test.lua': `it('not', function() end)`,
      }),
    ).toEqual([
      {
        file: 'a_test.lua',
        where: 'a_test.lua:2',
        names: ['d one', 'd all x', 'd all y', 'd some y', 'd i x', 'd e x'],
      },
    ])
  })

  it('are the only ones that run', () =>
    expect(ran(NAMES, { focus: ['mails #slow are kept'] })).toEqual(['mails #slow are kept']))

  it('are found without running tests and hooks', () => {
    const loud = `setup(function() error('no') end) fit('x', function() error('no') end)`
    expect(focused({ 'a_test.lua': loud })).toHaveLength(1)
  })
})

describe('listing', () => {
  it('prints tests with their positions, and runs none', () => {
    const body = `setup(function() error('no') end)\nit('one', function() error('no') end)\npending('two')`
    const listing = listTests(['a_test.lua'], { directory: folderWith({ 'a_test.lua': body }), clock: () => 0 })
    expect(listing).toEqual({
      tests: [
        { file: 'a_test.lua', names: ['one'], where: 'a_test.lua:2' },
        { file: 'a_test.lua', names: ['two'], where: 'a_test.lua:3' },
      ],
      seen: 2,
      problems: [],
    })
  })

  it('reports blocks that failed', () => {
    const body = `describe('d', function() error('broken') end)\nit('one', function() end)`
    const files = { 'a_test.lua': body, 'b_test.lua': `it('bro` }
    const { tests, problems } = listTests(Object.keys(files), { directory: folderWith(files), clock: () => 0 })
    expect(tests).toHaveLength(1)
    expect(problems).toEqual(['a_test.lua:1: broken', 'b_test.lua:1: unfinished string near <eof>'])
  })
})
