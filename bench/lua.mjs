/**
 * How fast Lua runs: the VM beside stock Fengari and, where it is installed, the real lua5.4, one after the other for each
 * program, so that a busy machine slows all of them alike. Each runs in a process of its own: cold is the first run in it, from the
 * text of the program on (its start is not counted), warm the best of six later ones.
 *
 *   node bench/lua.mjs [--json] [--fengari] [part of a program's name]
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PROGRAMS } from './lua-programs.mjs'
import { report, temporaryFolder } from './support.mjs'

const ROUNDS = 6
/** Runs that last less than that are repeated within a round. */
const SHORTEST = 0.02

const MEASURED = (body) => `
local clock = CLOCK or os.clock
local text = [==[${body}]==]
local start = clock()
local run = load(text, "=program")
run()
local cold = clock() - start
local best = math.huge
for round = 1, ${ROUNDS} do
  local start, runs = clock(), 0
  repeat
    local one = clock()
    run()
    best = math.min(best, clock() - one)
  until clock() - start > ${SHORTEST}
end
print(cold * 1000)
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

const measure = (command, args) => {
  try {
    const output = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    const [cold, warm] = output.trim().split('\n').map(Number)
    return { cold, warm }
  } catch {
    return { cold: NaN, warm: NaN }
  }
}

const compare = (withFengari, wanted) => {
  const program = join(temporaryFolder('bench'), 'program.lua')
  const self = fileURLToPath(import.meta.url)
  const figures = {}
  const logs = { warm: 0, cold: 0 }
  const programs = Object.entries(PROGRAMS).filter(([name]) => name.includes(wanted))
  for (const [name, body] of programs) {
    writeFileSync(program, MEASURED(body))
    const ours = measure(process.execPath, [self, '--own', program])
    const real = measure('lua5.4', [program])
    figures[name] = {
      'cold ms': ours.cold,
      'lua5.4 cold': real.cold,
      'times cold': ours.cold / real.cold,
      'warm ms': ours.warm,
      'lua5.4 warm': real.warm,
      'times warm': ours.warm / real.warm,
    }
    if (withFengari) figures[name]['fengari warm'] = measure(process.execPath, [self, '--stock', program]).warm
    logs.cold += Math.log(ours.cold / real.cold)
    logs.warm += Math.log(ours.warm / real.warm)
  }
  figures['geometric mean'] = {
    'times cold': Math.exp(logs.cold / programs.length),
    'times warm': Math.exp(logs.warm / programs.length),
  }
  report('Lua: the VM beside lua5.4 (milliseconds)', figures)
}

const [mode, file] = process.argv.slice(2)
if (mode === '--own') await own(file)
else if (mode === '--stock') await stock(file)
else compare(process.argv.includes('--fengari'), process.argv.slice(2).find((each) => !each.startsWith('--')) ?? '')
