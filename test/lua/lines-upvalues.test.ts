/** The iterator of `lines` has the upvalues that it has in PUC Lua, and putting others there ends nothing but the call. */
import { describe, expect, it } from 'vitest'
import { runLua } from '../testkit/support/run-lua.js'

const printed = (body: string) => {
  const { printed: lines, results } = runLua({ 'a_test.lua': `it('x', function() ${body} end)`, text: 'one\ntwo\n' })
  expect(results.map(({ status, problem }) => problem?.message ?? status)).toEqual(['passed'])
  return lines
}

const MADE = [`io.lines('text', 'L', 2)`, `io.open('text'):lines('L', 2)`] as const

describe('the iterator of lines', () => {
  it('contains the file, the number of formats, whether to close it, and the formats', () =>
    expect(
      printed(`for _, g in ipairs({ ${MADE.join(', ')} }) do
        local shown = { io.type(select(2, debug.getupvalue(g, 1))) }
        for i = 2, 6 do local _, value = debug.getupvalue(g, i) shown[i] = tostring(value) end
        print(table.concat(shown, ' '))
      end`),
    ).toEqual(['file 2 true L 2 nil', 'file 2 false L 2 nil']))

  it.each(['5', '"x"', '{}', 'true', 'print', 'nil', '0/0', 'io.stdout', 'setmetatable({}, getmetatable(io.stdout))'])(
    'accepts %s for any of them',
    (value) => {
      const lines =
        printed(`for _, make in ipairs({ function() return ${MADE[0]} end, function() return ${MADE[1]} end }) do
        for i = 1, 6 do
          local g = make()
          debug.setupvalue(g, i, ${value})
          print(i, type(pcall(g)), type(pcall(g, 1, 2)))
        end
      end`)
      expect(lines).toHaveLength(12)
    },
  )

  it('reports a missing file if another value is in its place', () =>
    expect(printed(`local g = ${MADE[0]} debug.setupvalue(g, 1, 5) print(pcall(g))`)).toEqual([
      'false\tfile is already closed',
    ]))
})
