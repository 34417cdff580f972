/**
 * How fast Lua runs: the VM beside stock Fengari and, where it is installed, the real lua5.4, one after the other for each
 * program, so that a busy machine slows all of them alike. Each runs in a process of its own.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { report, temporaryFolder } from './support.mjs'

const PROGRAMS = {
  recursion: 'local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end fib(22)',
  loops: 'local s = 0 for i = 1, 300000 do s = s + i % 7 end',
  floats: 'local s = 0.0 for i = 1, 200000 do s = s + i * 0.5 end',
  'string building': 'local t = {} for i = 1, 20000 do t[#t + 1] = "x" .. i end local s = table.concat(t)',
  'string.format': 'for i = 1, 10000 do local s = string.format("%d %s %5.2f %x", i, "abc", i / 3, i) end',
  gmatch: 'local s = ("hello world "):rep(2000) local n = 0 for w in s:gmatch("%a+") do n = n + 1 end',
  gsub: 'local s = ("hello world "):rep(1000) for i = 1, 3 do s:gsub("%a+", string.upper) end',
  'table.insert': 'local t = {} for i = 1, 50000 do table.insert(t, i) end',
  'table.sort':
    'local t, x = {}, 42 for i = 1, 5000 do x = (x * 16807) % 30011 t[i] = x end table.sort(t) table.sort(t, function(a, b) return a > b end)',
  'coroutine switches':
    'local c = coroutine.wrap(function() for i = 1, 20000 do coroutine.yield(i) end end) for i = 1, 20000 do c() end',
  'method calls':
    'local C = {} C.__index = C function C:add(n) self.x = self.x + n end local o = setmetatable({ x = 0 }, C) for i = 1, 100000 do o:add(i) end',
  objects: 'for i = 1, 30000 do local o = { x = i, y = 2 } local s = o.x + o.y end',
  pairs: 'local t = {} for i = 1, 1000 do t["k" .. i] = i end for j = 1, 20 do for k, v in pairs(t) do end end',
  pcall: 'for i = 1, 20000 do pcall(function() end) end',
}

/** Runs the program again and again for a while; the fastest run counts. */
const MEASURED = (body) => `
local clock = CLOCK or os.clock
local function run() ${body} end
local best, stop = math.huge, clock() + 0.7
repeat
  local start = clock()
  run()
  best = math.min(best, clock() - start)
until clock() > stop
print(best * 1000)`

const own = async (file) => {
  const { Lua } = await import('./lua-own.mjs')
  Lua(file)
}

const stock = async (file) => {
  const { default: fengari } = await import('fengari')
  const { lua, lauxlib, lualib, to_luastring } = fengari
  const L = lauxlib.luaL_newstate()
  lualib.luaL_openlibs(L)
  lua.lua_pushcfunction(L, (L) => {
    lua.lua_pushnumber(L, Number(process.hrtime.bigint()) / 1e9)
    return 1
  })
  lua.lua_setglobal(L, to_luastring('CLOCK'))
  if (lauxlib.luaL_dofile(L, to_luastring(file))) throw new Error(lua.lua_tojsstring(L, -1))
}

const [mode, file] = process.argv.slice(2)
if (mode === '--own') await own(file)
else if (mode === '--stock') await stock(file)
else {
  const directory = temporaryFolder('bench')
  const self = fileURLToPath(import.meta.url)
  const measure = (command, args) => {
    try {
      return Number(execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
    } catch {
      return NaN
    }
  }
  const figures = {}
  const logs = { stock: 0, real: 0 }
  for (const [name, body] of Object.entries(PROGRAMS)) {
    const program = join(directory, 'program.lua')
    writeFileSync(program, MEASURED(body))
    const ours = measure(process.execPath, [self, '--own', program])
    const fengari = measure(process.execPath, [self, '--stock', program])
    const real = measure('lua5.4', [program])
    figures[name] = {
      'hapsim ms': ours,
      'fengari ms': fengari,
      'lua5.4 ms': real,
      'times fengari': fengari / ours,
      'of lua5.4': ours / real,
    }
    logs.stock += Math.log(fengari / ours)
    logs.real += Math.log(ours / real)
  }
  const count = Object.keys(PROGRAMS).length
  figures['geometric mean'] = {
    'times fengari': Math.exp(logs.stock / count),
    'of lua5.4': Math.exp(logs.real / count),
  }
  report('Lua: the VM beside stock Fengari and lua5.4 (fastest run of each)', figures)
}
