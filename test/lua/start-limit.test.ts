/** The limit on the time that scripts may take while HAProxy starts (`--start-limit`). */
import { describe, expect, it } from 'vitest'
import { runScript } from './world.js'

const LOOPS: readonly (readonly [string, string])[] = [
  ['a plain one', 'while true do end'],
  ['one that catches errors', 'while true do pcall(function() while true do end end) end'],
  ['one in a coroutine', 'coroutine.wrap(function() while true do end end)()'],
  [
    'one that starts coroutines again and again',
    'local loop = function() while true do end end while true do coroutine.resume(coroutine.create(loop)) end',
  ],
  ['one in a library', 'pcall(string.find, ("a"):rep(40000), ".-.-.-b")'],
  [
    'one under a hook of the script',
    'debug.sethook(function() end, "", 1000) while true do pcall(function() while true do end end) end',
  ],
]

describe('an infinite loop', () => {
  it.each(LOOPS)('in the body, %s, makes the start fail with its position', (_, loop) => {
    const { started, messages } = runScript(loop, { startLimit: '50ms' })
    expect(started).toBe(false)
    expect(messages[0]).toMatch(
      /^config : parsing \[haproxy\.cfg:4\] : Lua file 'x\.lua' still running after [\d.]+m?s \(--start-limit 50ms\): .*x\.lua:1: in /,
    )
  })

  it.each(LOOPS)('in an init function, %s, makes the start fail with its position', (_, loop) => {
    const { started, messages } = runScript(`core.register_init(function() ${loop} end)`, { startLimit: '50ms' })
    expect(started).toBe(false)
    expect(messages[0]).toMatch(
      /^Lua init: function at x\.lua:1 still running after [\d.]+m?s \(--start-limit 50ms\): .*x\.lua:1: in /,
    )
  })
})

it('the number of instructions does not matter within the time', () => {
  const { started, printed } = runScript('local s = 0 for i = 1, 6e7 do s = s + 1 end print(s)')
  expect(started).toBe(true)
  expect(printed).toEqual(['60000000'])
})

it('scripts after a terminated one are loaded, and their errors reported', () => {
  const { messages } = runScript('while true do end', {
    startLimit: '50ms',
    loads: 'lua-load x.lua\n    lua-load y.lua',
    files: { 'y.lua': 'error("wrong", 0)' },
  })
  expect(messages).toContainEqual(expect.stringContaining('Lua runtime error: wrong'))
})

it.each([
  ['a body', 'print(debug.gethook())'],
  ['an init function', 'core.register_init(function() print(debug.gethook()) end)'],
])('debug.gethook() in %s does not show the internal hook', (_, script) => {
  expect(runScript(script).printed).toEqual(['nil'])
})
