/** What scripts see of running functions through `debug`, beside the real Lua. */
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { runScript } from './world.js'

/** What a program prints in the body of a script. */
const ours = (program: string, first = ''): readonly string[] =>
  runScript(program, { loads: 'lua-load first.lua\n    lua-load x.lua', files: { 'first.lua': first } }, 0).printed

const isInstalled = spawnSync('lua5.4', ['-v']).status === 0
if (!isInstalled) console.warn('SKIPPED: lua5.4 is not installed, the debug library is compared with nothing')

const real = (program: string): string[] => {
  const { stdout, stderr } = spawnSync('lua5.4', ['-'], { input: program, encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.replace(/\n$/, '').split('\n')
}

const LOCALS = `
local up = 'u'
local function all(level)
  local shown = {}
  for n = 1, 20 do
    local name, value = debug.getlocal(level + 1, n)
    if name and name:sub(1, 1) ~= '(' then shown[#shown + 1] = name .. '=' .. tostring(value) end
  end
  return table.concat(shown, ' ')
end
`

const PROGRAMS: Readonly<Record<string, string>> = {
  'values of locals, by their scopes': `${LOCALS}
    local function f(a, b)
      local x <const> = a .. up
      do local inner = 1 print((all(1))) end
      for i = 1, 2 do local y = i * 2 print((all(1))) end
      for k, v in pairs({ q = 1 }) do print((all(1))) end
      local x = b
      print((all(1)))
    end
    f(1)
    f('one', 2)`,
  'further arguments': `
    local function f(...) print(debug.getlocal(1, -1)) print(debug.getlocal(1, -2)) print(debug.getlocal(1, -3))
      debug.setlocal(1, -1, 'changed') print((...)) end
    f(nil, 2)`,
  'variables that closures share': `
    local n = 1
    local function get() return n end
    print(debug.getlocal(1, 1))
    print(debug.setlocal(1, 1, 'set'), n, get())`,
  'parameters that are set': 'local function f(a, b) debug.setlocal(1, 2, a) return b end print(f(1))',
  'callers across protected calls': `${LOCALS}
    local function f(a) local b = a + 1 pcall(function() print((all(3))) end) end f(4)`,
  'where an error happens': `${LOCALS}
    local function f(a) local b = a .. 'x' return b + {} end
    print((xpcall(f, function() print((all(2))) end, 'p')))`,
  'a coroutine that waits, and one that died': `
    local co = coroutine.create(function(a) local z = a coroutine.yield() z = z + 1 error('x') end)
    coroutine.resume(co, 3) print(debug.getlocal(co, 1, 2))
    print(debug.setlocal(co, 1, 2, 10)) coroutine.resume(co) print(debug.getlocal(co, 1, 2))`,
  'after a function went on': `${LOCALS}
    local co = coroutine.wrap(function(a) local b = 2 coroutine.yield() local c = 3 print((all(1))) end) co(1) co()`,
  'parameters of a function that does not run': 'print(debug.getlocal(function(a, b) local c end, 2))',
  'a level that is not there': 'print(pcall(debug.getlocal, 50, 1))',
}

const TRACED = (body: string) => `
local lines = {}
local function hook(event, line) lines[#lines + 1] = event:sub(1, 1) .. (line or '') end
local function run()
${body}
end
debug.sethook(hook, 'l')
run()
debug.sethook()
print(table.concat(lines, ' '))`

const STEPS: Readonly<Record<string, string>> = {
  straight: 'local a = 1\nlocal b = a\n\nreturn b',
  'if, elseif, else':
    'for i = 1, 3 do\n  if i == 1 then\n    i = 2\n  elseif i == 2 then\n    i = 3\n  else\n    i = 4\n  end\nend',
  while: 'local i = 0\nwhile i < 3 do\n  i = i + 1\nend\nreturn i',
  repeat: 'local i = 0\nrepeat\n  i = i + 1\nuntil i > 2\nreturn i',
  'numeric for': 'local s = 0\nfor i = 1, 3 do\n  s = s + i\nend\nfor i = 1, 0 do\n  s = 1\nend\nreturn s',
  'a loop in one line': 'local s = 0\nfor i = 1, 3 do s = s + i end\nwhile s > 4 do s = s - 1 end\nreturn s',
  calls: 'local function f(x)\n  local y = x\n  return y\nend\nlocal a = f(1) + f(2)\nf(\n  3\n)\nreturn f(a)',
  'break and goto':
    'for i = 1, 5 do\n  if i == 2 then goto continue end\n  if i == 3 then break end\n  local x = i\n  ::continue::\nend\nlocal n = 0\n::top::\nn = n + 1\nif n < 3 then goto top end\nreturn n',
  'and, or': "local a = nil\nlocal b = a\n  or\n  'x'\nlocal c = a and 1 or 2\nreturn b, c",
  'nested loops': 'for i = 1, 2 do\n  for j = 1, 2 do\n    local x = i * j\n  end\nend',
  'a pcall': "pcall(function()\n  local x = 1\n  error('e')\nend)\nreturn 1",
  'a coroutine that waits':
    'local c = coroutine.create(function()\n  local x = 1\n  coroutine.yield()\n  x = 2\nend)\ndebug.sethook(c, hook, "l")\ncoroutine.resume(c)\ncoroutine.resume(c)\nreturn 1',
}

describe.runIf(isInstalled)('the debug library, as lua5.4', () => {
  it.each(Object.entries(PROGRAMS))('%s', (_, program) => {
    expect(ours(program)).toEqual(real(program))
  })

  it.each(Object.entries(STEPS))('lines reported to hooks: %s', (_, body) => {
    expect(ours(TRACED(body))).toEqual(real(TRACED(body)))
  })

  // a loop of 5.4 ends with a separate instruction, on the line of its `end`
  it('lines reported to hooks: generic for over the result of a call', () => {
    const body =
      'local t = { 1, 2 }\nfor i, v in ipairs(t) do\n  t[i] = v\nend\nfor k in next, t do t[k] = 1 end\nreturn t'
    expect(ours(TRACED(body))).toEqual(real(TRACED(body)))
  })

  it('reports calls and returns to hooks', () => {
    const program = `
      local seen = {}
      local function f() return 1 end
      debug.sethook(function(event) local i = debug.getinfo(2, 'S') if i.what == 'Lua' then seen[#seen + 1] = event .. i.linedefined end end, 'cr')
      f()
      debug.sethook()
      print(table.concat(seen, ' '))`
    expect(ours(program)).toEqual(real(program))
  })
})

describe('getlocal', () => {
  it('accesses functions of a script that was loaded before', () => {
    const first = 'function outer(f) local secret = 42 f() return secret end'
    expect(ours('outer(function() print(debug.getlocal(2, 2)) end)', first)).toEqual(['secret\t42'])
  })

  it('does not change the control variables of loops', () => {
    const program =
      'for i = 1, 3 do debug.setlocal(1, 1, nil) debug.setlocal(1, 2, nil) debug.setlocal(1, 3, nil) print(i) end'
    expect(ours(program)).toEqual(['1', '2', '3'])
  })
})
