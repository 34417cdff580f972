/**
 * Replaces functions of Fengari's auxiliary library: those that depend on this VM (conversion of 64-bit integers to text, names of functions,
 * tracebacks), and those that return C strings, which Fengari does not end at the first zero byte.
 */
import './install.js'
import type auxiliaryLibrary from 'fengari/src/lauxlib.js'
import { displayText } from '../stdlib/display.js'
import { argument, checkCString, globalName, throwArgumentError, where } from './arguments.js'
import { fromUser, bytes } from './bytes.js'
import { get } from './api/values.js'
import { chunkId, throwValue } from './errors.js'
import { calledName, isTailCall } from './names.js'
import { lua_pushvfstring } from './api/push.js'
import { newState, type Call, type LuaThread } from './state.js'
import { loadLate } from './late.js'
import { LuaClosure } from './value.js'

// after install.ts, because it takes functions of the C API when it is loaded
const lauxlib = loadLate('fengari/src/lauxlib.js') as typeof auxiliaryLibrary

const FIRST_LEVELS = 10
const LAST_LEVELS = 11

const describe = (L: LuaThread, ci: Call): string => {
  const { previous, func } = ci
  const global = globalName(L, func)
  if (global !== undefined) return `function '${global}'`
  const name = previous?.isLua && !isTailCall(ci) ? calledName(previous, L.l_G.lua54) : undefined
  if (name) return `${name.kind} '${name.name}'`
  if (!(func instanceof LuaClosure)) return '?'
  return func.p.linedefined === 0 ? 'main chunk' : `function <${chunkId(func.p.source)}:${func.p.linedefined}>`
}

const frame = (L: LuaThread, ci: Call): string => {
  const { func } = ci
  const place = func instanceof LuaClosure ? `${chunkId(func.p.source)}:${func.p.lineinfo[ci.pc] ?? '?'}` : '[C]'
  return `\n\t${place}: in ${describe(L, ci)}${isTailCall(ci) ? '\n\t(...tail calls...)' : ''}`
}

/** Describes the calls of `L1` from `level` on (`luaL_traceback`); a negative level describes none. */
export const traceback = (L: LuaThread, L1: LuaThread, message: string | undefined, level: number): string => {
  const calls: Call[] = []
  for (let ci: Call | null = L1.ci; ci !== null && ci !== L1.base_ci; ci = ci.previous) calls.push(ci)
  const shown = level < 0 ? [] : calls.slice(level)
  let text = message === undefined ? '' : `${message}\n`
  text += 'stack traceback:'
  // PUC Lua reports one level less than it omits
  const skipped = shown.length - FIRST_LEVELS - LAST_LEVELS - 1
  shown.forEach((ci, i) => {
    if (skipped <= 0 || i < FIRST_LEVELS || i >= shown.length - LAST_LEVELS) text += frame(L, ci)
    else if (i === FIRST_LEVELS) text += L.l_G.lua54 ? `\n\t...\t(skipping ${skipped} levels)` : '\n\t...'
  })
  return text
}

const untilZero = (text: Uint8Array): Uint8Array => {
  const end = text.indexOf(0)
  return end < 0 ? text : text.subarray(0, end)
}

Object.assign(lauxlib, {
  luaL_checkstring: (L: LuaThread, n: number): Uint8Array => untilZero(lauxlib.luaL_checklstring(L, n)),
  luaL_optstring: (L: LuaThread, n: number, defaultText: string | Uint8Array | null): Uint8Array | null => {
    const text = lauxlib.luaL_optlstring(L, n, defaultText)
    return text === null ? null : untilZero(text)
  },
  luaL_checkoption: (
    L: LuaThread,
    n: number,
    defaultOption: string | Uint8Array | null,
    options: readonly (string | Uint8Array)[],
  ): number => {
    const isDefault = defaultOption !== null && argument(L, n) === undefined
    const name = isDefault ? fromUser(defaultOption) : checkCString(L, n)
    const index = options.findIndex((option) => fromUser(option) === name)
    return index >= 0 ? index : throwArgumentError(L, n, `invalid option '${name}'`)
  },
  luaL_newstate: () => newState(),
  luaL_tolstring: (L: LuaThread, index: number): Uint8Array => {
    const text = displayText(L, get(L, index))
    L.stack[L.top++] = text
    return bytes(text)
  },
  luaL_where: (L: LuaThread, level: number): void => {
    L.stack[L.top++] = where(L, level)
  },
  luaL_error: (L: LuaThread, format: string | Uint8Array, ...args: unknown[]): never => {
    const place = where(L, 1)
    lua_pushvfstring(L, format, args)
    return throwValue(L, place + (L.stack[--L.top] as string))
  },
  luaL_argerror: (L: LuaThread, n: number, message: string | Uint8Array | null): never =>
    throwArgumentError(L, n, message === null ? '(null)' : fromUser(message)),
  luaL_traceback: (L: LuaThread, L1: LuaThread, message: string | Uint8Array | null, level: number): void => {
    L.stack[L.top++] = traceback(L, L1, message === null ? undefined : fromUser(message), level)
  },
})
