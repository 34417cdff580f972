/** The VM by itself. The expected values are what the manual of Lua 5.4 says, and what lua5.4 prints. */
import { describe, expect, it } from 'vitest'
import { printed } from './lua.js'

describe('integers of 64 bits', () => {
  it('wrap around and stay exact', () => {
    expect(
      printed(
        'print(math.maxinteger + 1 == math.mininteger, 1 << 40, 0xFFFFFFFF, 99999999999 * 1000, 9007199254740993)',
      ),
    ).toEqual(['true\t1099511627776\t4294967295\t99999999999000\t9007199254740993'])
  })

  it('are the same keys as floats equal to them', () => {
    expect(printed('local t = {} t[2^53] = 1 t[1.0] = 2 print(t[9007199254740992], t[1], math.type(next(t)))')).toEqual(
      ['1\t2\tinteger'],
    )
  })

  it('compare exactly with floats beyond 2^53', () => {
    expect(
      printed(
        'print(9007199254740993 == 2^53, 9007199254740993 > 2^53, math.maxinteger < 2^63, math.maxinteger + 0.0 == 2^63)',
      ),
    ).toEqual(['false\ttrue\ttrue\ttrue'])
  })

  it('end a loop at the largest one', () => {
    expect(printed('for i = math.maxinteger - 1, math.maxinteger do print(i) end')).toEqual([
      '9223372036854775806',
      '9223372036854775807',
    ])
  })
})

describe('calls', () => {
  it('nest far deeper than those of JavaScript', () => {
    expect(
      printed('local function sum(n) if n == 0 then return 0 end return n + sum(n - 1) end print(sum(150000))'),
    ).toEqual(['11250075000'])
  })

  it('raise an error if they nest too deeply, and execution continues', () => {
    expect(printed('local function f() return 1 + f() end print(pcall(f)) print("on")')).toEqual([
      'false\ttest:1: stack overflow',
      'on',
    ])
  })

  it('have no depth limit as tail calls', () => {
    expect(
      printed('local function f(n) if n == 0 then return "end" end return f(n - 1) end print(f(1000000))'),
    ).toEqual(['end'])
  })
})

describe('a coroutine', () => {
  const yields = (body: string, count: number) =>
    printed(`local c = coroutine.create(function() ${body} end)
      for i = 1, ${count} do print(coroutine.resume(c, i)) end`)

  it('yields across pcall, and errors are caught there afterwards', () => {
    expect(yields('print(pcall(function() coroutine.yield("a") error("b", 0) end)) return "c"', 2)).toEqual([
      'true\ta',
      'false\tb',
      'true\tc',
    ])
  })

  it('yields within metamethods', () => {
    const m =
      'local m = setmetatable({}, { __index = function(_, k) return coroutine.yield(k) end, __lt = function() return coroutine.yield("lt") end })'
    expect(yields(`${m} local x = m.a if m < m then return x end return "no"`, 3)).toEqual([
      'true\ta',
      'true\tlt',
      'true\t2',
    ])
  })

  it('yields within an iterator and at depth', () => {
    const deep = 'local function down(n) if n == 0 then return coroutine.yield("deep") end return 1 + down(n - 1) end'
    expect(
      yields(`${deep} for v in function() return coroutine.yield("it") end do return v + down(5000) end`, 3),
    ).toEqual(['true\tit', 'true\tdeep', 'true\t5005'])
  })

  it('does not yield within sort', () => {
    expect(yields('table.sort({ 1, 2, 3 }, function() coroutine.yield() end)', 1)).toEqual([
      'false\tattempt to yield across a C-call boundary',
    ])
  })
})

describe('the language is', () => {
  it('5.4, unless a state is made for 5.3', () => {
    const source = 'print("10" + 1, _VERSION, pcall(function() return "3" & 1 end))'
    expect(printed(source, '5.4')[0]).toBe(
      "11\tLua 5.4\tfalse\ttest:1: attempt to perform bitwise operation on a string value (constant '3')",
    )
    expect(printed(source, '5.3')[0]).toBe('11.0\tLua 5.3\ttrue\t1')
  })

  it('5.4 with constants', () => {
    expect(printed('local x <const> = 1 print(x) print(load("local y <const> = 1; y = 2"))')).toEqual([
      '1',
      'nil\t[string "local y <const> = 1; y = 2"]:1: attempt to assign to const variable \'y\'',
    ])
  })

  it('5.4 with variables to be closed', () => {
    const source = `local function c(n) return setmetatable({}, {__close = function(_, e) print("close", n, e) end}) end
      for k in next, {1}, nil, c("loop") do local x <close> = c("x") print(k) end
      print(pcall(function() local y <close> = c("y") error("e", 0) end))`
    expect(printed(source)).toEqual(['1', 'close\tx\tnil', 'close\tloop\tnil', 'close\ty\te', 'false\te'])
  })
})

it('distinguishes strings with control characters', () => {
  expect(
    printed(String.raw`local t = { ["\1\35"] = 1, ["\18\3"] = 2 } print(t["\1\35"], t["\18\3"], #"\1\35")`),
  ).toEqual(['1\t2\t2'])
})

it('continues a traversal that removes entries', () => {
  expect(
    printed(
      'local t = {} for i = 1, 100 do t[i] = i t["k" .. i] = i end local n = 0 for k in pairs(t) do t[k] = nil n = n + 1 end print(n, next(t))',
    ),
  ).toEqual(['200\tnil'])
})
