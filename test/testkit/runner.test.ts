import { describe, expect, test } from 'vitest'
import { runLua } from './support/run-lua.js'

describe('the runner', () => {
  test("calls hooks in busted's order", () => {
    const { printed } = runLua(`
      setup(function() print('setup') end)
      teardown(function() print('teardown') end)
      before_each(function() print('before') end)
      after_each(function() print('after') end)
      describe('a', function()
        before_each(function() print('inner before') end)
        after_each(function() print('inner after') end)
        it('x', function() finally(function() print('finally') end) print('x') end)
      end)
    `)
    expect(printed).toEqual(['setup', 'before', 'inner before', 'x', 'finally', 'inner after', 'after', 'teardown'])
  })

  test('calls lazy_setup only when a test runs', () => {
    const body = `describe('a', function() lazy_setup(function() print('lazy') end) it('x #slow', function() end) end)`
    expect(runLua(body).printed).toEqual(['lazy'])
    expect(runLua(body, { excludeTags: ['slow'] }).printed).toEqual([])
  })

  test('distinguishes failures, errors and pending tests', () => {
    const { verdicts } = runLua(`
      it('passes', function() end)
      it('fails', function() assert.is_true(false) end)
      it('errs', function() error('x') end)
      it('pends', function() pending('later') end)
      pending('waits')
      it('has no body')
    `)
    expect(verdicts).toEqual({
      passes: 'passed',
      fails: 'failed',
      errs: 'error',
      pends: 'pending',
      waits: 'pending',
      'has no body': 'pending',
    })
  })

  test('shows the lines around a syntax error', () => {
    const { results } = runLua(`it('x', function()\n  local a == 1\nend)`)
    expect(results[0]!.problem).toMatchObject({
      kind: 'error',
      where: 'a_test.lua:2',
      frames: [{ line: 2, locals: [], source: [{ line: 1 }, { line: 2, text: '  local a == 1' }, { line: 3 }] }],
    })
  })

  test('shows the line of the test and both sides of a difference', () => {
    const { results } = runLua(`it('differs', function()\n  assert.same({ a = 1, b = 2 }, { a = 1, b = 3 })\nend)`)
    expect(results[0]!.problem).toMatchObject({
      kind: 'failure',
      where: 'a_test.lua:2',
      message: [
        'Expected objects to be the same.',
        'Passed in:',
        '(table) {',
        "   ['a'] = (number) 1",
        "  *['b'] = (number) 3 }",
        'Expected:',
        '(table) {',
        "   ['a'] = (number) 1",
        "  *['b'] = (number) 2 }",
      ]
        .join('\n')
        .replaceAll("\n   ['", "\n  ['")
        .replaceAll("\n  *['", "\n *['"),
    })
  })

  test('shows the position of a Lua error, and its callers', () => {
    const { results } = runLua(
      `local function inner()\n  local x\n  return x.y\nend\nit('errs', function() local v = inner() return v end)`,
    )
    expect(results[0]!.problem).toMatchObject({
      kind: 'error',
      where: 'a_test.lua:3',
      message: "attempt to index a nil value (local 'x')",
    })
    expect(results[0]!.problem!.trace).toContain('a_test.lua:5')
  })

  test('continues with other files after a syntax error', () => {
    const { verdicts, message } = runLua({ 'a_test.lua': 'it("x", function(', 'b_test.lua': 'it("y", function() end)' })
    expect(verdicts).toEqual({ 'a_test.lua': 'error', y: 'passed' })
    expect(message).toMatch(/expected near <eof>$/)
  })

  test('reports an error outside of tests, and one in a hook', () => {
    expect(runLua(`error('outside')`)).toMatchObject({ verdicts: { 'a_test.lua': 'error' }, message: 'outside' })
    expect(runLua(`before_each(function() error('broken') end) it('x', function() print('ran') end)`)).toMatchObject({
      verdicts: { x: 'error' },
      message: 'in before_each: broken',
      printed: [],
    })
    expect(runLua(`after_each(function() error('broken') end) it('x', function() end)`).message).toBe(
      'in after_each: broken',
    )
  })

  test('reports a describe without a body', () => {
    expect(runLua(`describe('empty')`).message).toBe("describe 'empty' needs a function")
    expect(runLua(`it('x', function() it('y', function() end) end)`).message).toBe(
      "it 'y' cannot be used within a test",
    )
  })

  test.each([
    ['a loop', 'while true do end'],
    ['a loop that catches errors', 'while true do pcall(function() while true do end end) end'],
    ['a loop of a coroutine', 'coroutine.wrap(function() while true do end end)()'],
  ])('stops %s', (_, body) => {
    const { verdicts, message } = runLua(`it('loops', function() ${body} end) it('goes on', function() end)`, {
      timeout: 200,
    })
    expect(verdicts).toEqual({ loops: 'error', 'goes on': 'passed' })
    expect(message).toBe('timed out after 0.2 s')
  })

  test.each([
    "sim:advance('20d')",
    "sim:run_until(function() return false end, '20d')",
    "sim:client():get('http://10.0.0.2/', { limit = '20d' })",
    "sim:client():connect('10.0.0.1:80'):receive('20d')",
  ])('stops a simulation that would run for weeks: %s', (wait) => {
    const { verdicts, message } = runLua(
      `it('waits', function()
        local sim = require('hapsim').simulation()
        sim:http('10.0.0.1:80')
        sim:haproxy{ config = 'listen l\\n bind :80\\n mode http\\n server s 10.0.0.1:80 check inter 1ms\\n' }:start()
        sim:tcp('10.0.0.2:80')
        ${wait}
      end)`,
      { timeout: 300 },
    )
    expect(verdicts).toEqual({ waits: 'error' })
    expect(message).toBe('timed out after 0.3 s')
  })

  test('selects tests by tags and by name, and stops at the first failure', () => {
    const body = `
      describe('mail #mail', function() it('a', function() end) it('b #slow', function() end) end)
      it('c', function() error('x') end)
      it('d', function() end)
    `
    const chosen = (options: Parameters<typeof runLua>[1]) =>
      runLua(body, options).results.map(({ names }) => names.at(-1))
    expect(chosen({ tags: ['mail'] })).toEqual(['a', 'b #slow'])
    expect(chosen({ tags: ['mail'], excludeTags: ['slow'] })).toEqual(['a'])
    expect(chosen({ filter: [/^c$/] })).toEqual(['c'])
    expect(chosen({ bail: true })).toEqual(['a', 'b #slow', 'c'])
  })

  test('isolates files, and insulated blocks', () => {
    const { verdicts } = runLua({
      'a_test.lua': `
        insulate('inside', function() it('sets', function() shared = 1 package.loaded.x = {} assert.equals(1, shared) end) end)
        it('is put back', function() assert.is_nil(shared) assert.is_nil(package.loaded.x) end)
        leaked = true`,
      'b_test.lua': `it('does not leak', function() assert.is_nil(leaked) end)`,
    })
    expect(verdicts).toEqual({ 'inside sets': 'passed', 'is put back': 'passed', 'does not leak': 'passed' })
  })

  test('loads modules beside the tests', () => {
    const files = {
      'm.lua': 'return { answer = 42 }',
      'a_test.lua': `it('requires', function() assert.equals(42, require('m').answer) end)`,
    }
    expect(runLua(files).verdicts).toEqual({ requires: 'passed' })
  })

  test('reports duplicate test names', () => {
    const { printed, verdicts } = runLua(`it('x', function() end)\nit('x', function() end)`)
    expect(printed).toEqual([
      "a_test.lua:2: duplicate test name 'x' (also at a_test.lua:1): --filter and --replay match both",
    ])
    expect(verdicts).toEqual({ x: 'passed' })
  })

  test.each([
    ['error({})', /^\(error object: table: 0x/],
    ['error()', /^\(error object: nil\)$/],
    ["error(setmetatable({}, { __tostring = function() return 'shown' end }))", /^\(error object: shown\)$/],
    ["error(setmetatable({}, { __tostring = function() error('x') end }))", /^\(error object: error in __tostring\)$/],
    ['coroutine.yield()', /^attempt to yield from outside a coroutine$/],
    ['local function f() return f() + 1 end f()', /stack overflow/],
  ])('handles %s', (body, message) => {
    expect(runLua(`it('x', function() ${body} end)`).message).toMatch(message)
  })
})
