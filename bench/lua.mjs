/**
 * How fast Lua runs: the VM beside stock Fengari and, where it is installed, the real lua5.4, one after the other for each
 * program, so that a busy machine slows all of them alike. There are two sets of programs: small ones, each for one thing that Lua does,
 * which take 1 to 60 ms in lua5.4, so that their cold figures show what V8 takes to compile; and scripts that work for 0.1 s or more there.
 *
 * Cold is the first run in a process, from the text of the program on (the start of the process is not counted), the best of three
 * processes. Warm is the best of six later rounds. Each run counts as the time that has passed or as the processor time of the process,
 * whichever is less: the one counts what else a busy machine does, the other V8's threads that compile and collect beside Lua.
 *
 *   node bench/lua.mjs [--json] [--fengari] [part of a program's name]
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PROGRAMS } from './lua-programs.mjs'
import { SCRIPTS } from './lua-scripts.mjs'
import { report, temporaryFolder } from './support.mjs'

const PROCESSES = 3
const ROUNDS = 6
/** Runs that last less than that are repeated within a round. */
const SHORTEST = 0.02

const MEASURED = (body) => `
local clock = CLOCK or os.clock
local processor = PROCESSOR or clock
local function time(f)
  local start, used = clock(), processor()
  f()
  return math.min(clock() - start, processor() - used)
end
local text = [==[${body}]==]
local run
local cold = time(function()
  run = load(text, "=program")
  run()
end)
local best = math.huge
for round = 1, ${ROUNDS} do
  local start = clock()
  repeat
    best = math.min(best, time(run))
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

/** The least of each figure in several processes. */
const best = (command, args) => {
  const runs = Array.from({ length: PROCESSES }, () => measure(command, args))
  return { cold: Math.min(...runs.map(({ cold }) => cold)), warm: Math.min(...runs.map(({ warm }) => warm)) }
}

const compare = (title, programs, withFengari) => {
  if (programs.length === 0) return
  const program = join(temporaryFolder('bench'), 'program.lua')
  const self = fileURLToPath(import.meta.url)
  const figures = {}
  const logs = { warm: 0, cold: 0 }
  for (const [name, body] of programs) {
    writeFileSync(program, MEASURED(body))
    const ours = best(process.execPath, [self, '--own', program])
    const real = best('lua5.4', [program])
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
  report(title, figures)
}

const [mode, file] = process.argv.slice(2)
if (mode === '--own') await own(file)
else if (mode === '--stock') await stock(file)
else {
  const wanted = process.argv.slice(2).find((each) => !each.startsWith('--')) ?? ''
  const named = (programs) => Object.entries(programs).filter(([name]) => name.includes(wanted))
  const withFengari = process.argv.includes('--fengari')
  compare('Lua, small programs: the VM beside lua5.4 (milliseconds)', named(PROGRAMS), withFengari)
  compare('Lua, scripts of 0.1 s: the VM beside lua5.4 (milliseconds)', named(SCRIPTS), withFengari)
}
