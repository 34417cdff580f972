/** Scripts that try to get out: to JavaScript, to the host's files, programs, clock and random numbers. None succeeds. */
import { describe, expect, it } from 'vitest'
import { runScript } from './world.js'

/** What JavaScript has that Lua has not. */
const NAMES = [
  ...[
    'constructor',
    '__proto__',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    'length',
    'call',
    'apply',
    'bind',
  ],
  ...['process', 'globalThis', 'global', 'require', 'eval', 'Function', 'Buffer', 'window', 'js', 'fengari', 'console'],
]

const nothing = (script: string): void => {
  const world = runScript(`${script}\nprint("end")`)
  expect(world.messages).toEqual([])
  expect(world.printed.at(-1)).toBe('end')
  expect(world.printed.slice(0, -1)).toEqual([])
}

describe('names of JavaScript have no special meaning', () => {
  it.each([
    ['in an empty table', '{}'],
    ['in a text', '"x"'],
    [
      'in the table of globals, but for require',
      'setmetatable({}, { __index = function(_, k) if k ~= "require" then return rawget(_G, k) end end })',
    ],
    ['in package.loaded', 'package.loaded'],
    ['in core', 'core'],
    ['in core.proxies', 'core.proxies'],
    ['in a queue', 'core.queue()'],
    ['in a Concat', 'core.concat()'],
    ['in a file', 'io.stdout'],
    ['in the metatable of texts', 'getmetatable("")'],
    ['in the metatable of files', 'getmetatable(io.stdout)'],
    ['in the registry', 'debug.getregistry()'],
    ['in what debug.getinfo gives', 'debug.getinfo(print)'],
    ['in a date', 'os.date("*t")'],
  ])('%s', (_, value) =>
    nothing(`local value = ${value}
      for _, name in ipairs { ${NAMES.map((name) => `"${name}"`).join(', ')} } do
        local ok, found = pcall(function() return value[name] end)
        if ok and found ~= nil then print(name, found) end
      end`),
  )

  it('in the environment', () =>
    nothing(NAMES.map((name) => `if os.getenv("${name}") then print("${name}") end`).join('\n')))

  it('as keys, fields, globals, variables and labels they are ordinary names', () =>
    nothing(
      [
        'constructor',
        '__proto__',
        'toString',
        'this',
        'arguments',
        'await',
        'class',
        'S',
        'L',
        'ci',
        'cl',
        'va',
        'g',
        't',
        'undefined',
        'null',
        'NaN',
        'new',
        'var',
        'let',
      ]
        .map(
          (name) => `do
            local ${name} = 1 if ${name} ~= 1 then print("${name}") end
            local o = { ${name} = 2 } if o.${name} ~= 2 or next(o) ~= "${name}" then print("${name}") end
            o.${name} = nil if o.${name} ~= nil then print("${name}") end
            local function f(${name}, ...) return function() ${name} = ${name} + 1 return ${name} end end
            if f(3)() ~= 4 then print("${name}") end
            goto ${name}x
            print("${name}")
            ::${name}x::
          end
          ${name} = 5 if _G.${name} ~= 5 then print("${name}") end ${name} = nil`,
        )
        .join('\n'),
    ))

  it('as methods they are nil', () =>
    nothing(
      NAMES.filter((name) => name !== 'require')
        .map(
          (name) =>
            `if pcall(function() return ("x"):${name}() end) or pcall(function() return ({}):${name}() end) then print("${name}") end`,
        )
        .join('\n'),
    ))
})

describe('strings that look like JavaScript remain strings', () => {
  const TEXTS = [
    '"];process.exit(9);["',
    "'+process.exit(9)+'",
    '`${process.exit(9)}`',
    '\\\\',
    '*/process.exit(9)/*',
    '\u2028process.exit(9)\u2028',
    '</script>',
    '\\0\\n\\r',
  ]
  it.each(TEXTS)('%j', (text) => {
    const literal = `[==[${text}]==]`
    nothing(`local s = ${literal} local t = { [s] = s } if t[s] ~= s or #s ~= #(s .. "") then print("changed") end
      local f = load("return ...", s) if f(s) ~= s then print("changed") end
      t[s] = nil pcall(error, s) pcall(function() return t[s][s] end) string.format("%q", s) load("local x = " .. string.format("%q", s))`)
  })

  it('as names of chunks and in errors', () =>
    nothing(
      `local _, e = load("x = = 1", "=];process.exit(9);[") if not e:find("process.exit", 1, true) then print(e) end`,
    ))
})

describe('binary chunks are rejected', () => {
  it.each([
    ['load', 'print(select(2, load("\\27Lua\\x54\\0\\x19\\x93\\r\\n\\x1a\\n")))'],
    ['load in binary mode', 'print(select(2, load("\\27Lua", "c", "b")))'],
    ['load of pieces', 'local n = 0 print(select(2, load(function() n = n + 1 return ({ "\\27L", "ua" })[n] end)))'],
    ['loadfile', 'print(select(2, loadfile("binary.lua")))'],
    ['dofile', 'print(select(2, pcall(dofile, "binary.lua")))'],
    ['require', 'print(select(2, pcall(require, "binary")))'],
    [
      'what string.dump makes',
      'local ok, s = pcall(string.dump, function() end) print(ok and select(2, load(s)) or s)',
    ],
  ])('%s', (_, script) => {
    const { printed, messages } = runScript(script, { files: { 'binary.lua': '\x1bLuaT' } })
    expect(messages).toEqual([])
    expect(printed.join(' ')).toMatch(/binary chunk|unable to dump|unexpected symbol/)
  })
})

describe('access to the host is rejected with the necessary permission', () => {
  it.each([
    ...['os.execute("id")', 'io.popen("id")', 'os.exit()', 'os.exit(true, true)'].map(
      (call) => [call, '--allow-exec'] as const,
    ),
    ...[
      'os.remove("x.lua")',
      'os.rename("x.lua", "y")',
      'os.tmpname()',
      'io.tmpfile()',
      'io.open("x", "w")',
      'io.open("x.lua", "r+")',
      'io.open("x", "a")',
      'io.output("x")',
    ].map((call) => [call, '--allow-write'] as const),
  ])('%s: %s', (call, flag) => {
    const { printed } = runScript(`print(select(2, pcall(function() return ${call} end)))`)
    expect(printed[0]).toContain('is not permitted in a simulation without --allow-')
    expect(printed[0]).toContain(flag)
  })

  it.each([
    'package.loadlib("/lib/x86_64-linux-gnu/libc.so.6", "*")',
    'package.loadlib("x.so", "*")',
    'package.loadlib("x.so", "luaopen_x")',
  ])('%s', (call) => expect(runScript(`print((${call}))`, { files: { 'x.so': '\x7fELF' } }).printed).toEqual(['nil']))

  it('C modules', () => {
    const { printed } = runScript('print(select(2, pcall(require, "y")))', { files: { './y.so': '\x7fELF' } })
    expect(printed.join('\n')).toContain('hapsim does not support C modules')
  })

  it.each(['/etc/passwd', '../../../etc/passwd', '/proc/self/environ', '/dev/sda'])(
    'the disk, if disabled: %s',
    (path) => expect(runScript(`print(io.open("${path}"))`).printed[0]).toContain('No such file or directory'),
  )
})

describe('through the debug library', () => {
  it('the registry and everything reachable from it contains no function or object of JavaScript that Lua can use', () => {
    const { printed, messages } = runScript(`
      local seen, kinds = {}, {}
      local function walk(value)
        local kind = type(value)
        kinds[kind] = true
        if seen[value] or kind == "nil" then return end
        seen[value] = true
        local mt = debug.getmetatable(value)
        if mt then walk(mt) end
        if kind == "table" then for k, v in next, value do walk(k) walk(v) end end
        if kind == "function" then
          for i = 1, 255 do local name, v = debug.getupvalue(value, i) if not name then break end walk(v) end
          pcall(debug.setupvalue, value, 1, "spoiled")
        end
        if kind == "userdata" then
          pcall(function() return value.constructor end) pcall(function() value.x = 1 end) pcall(function() return value() end)
          walk((debug.getuservalue(value, 1)))
          tostring(value)
        end
      end
      local ok, e = pcall(walk, debug.getregistry())
      if not ok then print(e) end
      local names = {} for kind in pairs(kinds) do names[#names + 1] = kind end table.sort(names)
      print(table.concat(names, " "))`)
    expect(messages).toEqual([])
    expect(printed.at(-1)).toMatch(
      /^(boolean )?function nil number string table thread( userdata)?$|^boolean function number string table thread( userdata)?$/,
    )
  })

  it.each([
    [
      'metatables of basic types',
      'debug.setmetatable(nil, { __index = function() return 1 end }) local x = (nil).y debug.setmetatable(1, { __call = function() return 2 end }) local y = (5)() debug.setmetatable(print, { __index = _G }) local z = print.print debug.setmetatable(nil, nil) debug.setmetatable(1, nil) debug.setmetatable(print, nil)',
    ],
    [
      'the metatable of texts',
      'getmetatable("").__index = function(s, k) return k end local s = ("x").constructor getmetatable("").__index = string',
    ],
    [
      'objects of HAProxy with parts exchanged',
      'local q, c = core.queue(), core.concat() local kept = q[0] q[0] = c[0] pcall(function() q:push(1) end) pcall(function() q:size() end) q[0] = "x" pcall(function() q:push(1) end) q[0] = nil pcall(function() q:push(1) end)',
    ],
    [
      'methods on what they are not for',
      'local q = core.queue() for name, f in pairs(getmetatable(q).__index or q) do pcall(f) pcall(f, {}) pcall(f, 1) pcall(f, print) pcall(f, io.stdout) pcall(f, setmetatable({}, getmetatable(q))) end',
    ],
    [
      'metamethods of files',
      'local mt = getmetatable(io.stdout) for name, f in pairs(mt) do if type(f) == "function" then pcall(f) pcall(f, {}) pcall(f, 1, 2, 3) end end',
    ],
    [
      'the registry emptied',
      'core.register_task(function() local r = debug.getregistry() for k in pairs(r) do if type(k) == "string" then r[k] = nil end end pcall(io.write, "") pcall(io.read) pcall(require, "x") pcall(core.queue) end)',
    ],
    [
      'hooks of other coroutines',
      'local co = coroutine.create(function() coroutine.yield() end) debug.sethook(co, function() error("hook") end, "crl", 1) pcall(coroutine.resume, co) debug.sethook(co)',
    ],
    [
      'locals of running functions',
      'for level = 0, 5 do for i = -5, 20 do pcall(debug.setlocal, level, i, nil) pcall(debug.getlocal, level, i) end end local x = 1',
    ],
  ])('%s', (_, script) => {
    const world = runScript(`${script}`)
    expect([world.started, world.messages]).toEqual([true, []])
  })
})
