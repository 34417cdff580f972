/** Runs a Lua file in the built VM with its own libraries, for bench/lua.mjs. */
import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import '../dist/lua/fengari.js'
import * as libraries from '../dist/lua/stdlib/lua-libraries.js'
import { load } from '../dist/lua/vm/api/calls.js'
import { protectedCall } from '../dist/lua/vm/protect.js'
import { newState } from '../dist/lua/vm/state.js'
import { LuaFloat } from '../dist/lua/vm/value.js'

/** What the process has computed, its helping threads included. */
const processorSeconds = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

const CLOCKS = { CLOCK: () => performance.now() / 1000, PROCESSOR: processorSeconds }

export const Lua = (file) => {
  const L = newState('5.4')
  libraries.openBase(L)
  const globals = L.stack[--L.top]
  for (const [name, open] of Object.entries({
    coroutine: libraries.openCoroutine,
    table: libraries.openTable,
    string: libraries.openString,
    math: libraries.openMath(() => 1n),
  })) {
    open(L)
    globals.set(name, L.stack[--L.top])
  }
  for (const [name, seconds] of Object.entries(CLOCKS))
    globals.set(name, (L) => {
      L.stack[L.top++] = new LuaFloat(seconds())
      return 1
    })
  globals.set('print', (L) => {
    console.log(
      L.stack
        .slice(L.ci.base + 1, L.top)
        .map((value) => value?.n ?? value)
        .join('\t'),
    )
    return 0
  })
  if (load(L, readFileSync(file, 'latin1'), '=bench', 't') !== 0) throw new Error(L.stack[L.top - 1])
  const status = protectedCall(L, L.stack[L.top - 1], [], {
    at: L.top - 1,
    wanted: 0,
    handler: undefined,
    noYield: true,
  })
  if (status !== 0) throw new Error(String(L.stack[L.top - 1]))
}
