/**
 * The C API: running functions, and hooks (ldebug.c). Registers of running Lua functions are accessible in their inspected form
 * (translate/inspected.ts), and after a coroutine has yielded or died.
 */
import { bytes, fromUser } from '../bytes.js'
import { chunkId } from '../errors.js'
import { MASK_COUNT, setHook } from '../hook.js'
import { countUpvalues, variableNumber } from '../constants.js'
import { calledName, isTailCall } from '../names.js'
import { OK, type Call, type Hook, type LuaThread } from '../state.js'
import { LuaTable } from '../table.js'
import { LuaClosure, UpValue, type LuaValue } from '../value.js'
import { push } from './push.js'

/** `lua_Debug`. */
export interface LuaDebug {
  event: number
  name: Uint8Array | null
  namewhat: Uint8Array | null
  what: Uint8Array | null
  source: Uint8Array | null
  currentline: number
  linedefined: number
  lastlinedefined: number
  nups: number
  nparams: number
  isvararg: boolean
  istailcall: boolean
  short_src: Uint8Array | null
  ftransfer: number
  ntransfer: number
  i_ci: Call | null
}

export const lua_sethook = (L: LuaThread, hook: Hook | null, mask: number, count: number): void =>
  setHook(L, hook, mask, count)
export const lua_gethook = (L: LuaThread): Hook | null => L.hook
export const lua_gethookmask = (L: LuaThread): number => L.hookmask
export const lua_gethookcount = (L: LuaThread): number => (L.hookmask & MASK_COUNT ? L.basehookcount : 0)

export const lua_getstack = (L: LuaThread, level: number, ar: LuaDebug): number => {
  let ci: Call | null = L.ci
  for (let left = level; left > 0 && ci !== L.base_ci; left--) ci = ci!.previous
  if (level < 0 || ci === L.base_ci) return 0
  ar.i_ci = ci
  return 1
}

export const lua_getinfo = (L: LuaThread, what: string | Uint8Array, ar: LuaDebug): number => {
  let options = fromUser(what)
  let ci: Call | null = ar.i_ci
  let f: LuaValue
  if (options.startsWith('>')) {
    ci = null
    f = L.stack[--L.top]
    options = options.slice(1)
  } else f = ci!.func
  let status = 1
  for (const option of options) if (!fill(L, option, ar, f, ci)) status = 0
  if (options.includes('f')) push(L, f)
  if (options.includes('L')) push(L, validLines(f))
  return status
}

const fill = (L: LuaThread, option: string, ar: LuaDebug, f: LuaValue, ci: Call | null): boolean => {
  const proto = f instanceof LuaClosure ? f.p : undefined
  switch (option) {
    case 'S':
      ar.source = bytes(proto ? proto.source : '=[C]')
      ar.short_src = bytes(chunkId(proto ? proto.source : '=[C]'))
      ar.linedefined = proto?.linedefined ?? -1
      ar.lastlinedefined = proto?.lastlinedefined ?? -1
      ar.what = bytes(proto ? (proto.linedefined === 0 ? 'main' : 'Lua') : 'C')
      return true
    case 'l':
      ar.currentline = ci?.isLua ? (proto?.lineinfo[ci.pc] ?? -1) : -1
      return true
    case 'u':
      ar.nups =
        f instanceof LuaClosure ? countUpvalues(f.p) : typeof f === 'object' && 'upvalues' in f ? f.upvalues.length : 0
      ar.isvararg = proto?.is_vararg ?? true
      ar.nparams = proto?.numparams ?? 0
      return true
    case 't':
      ar.istailcall = ci !== null && isTailCall(ci)
      return true
    case 'n': {
      const { previous } = ci ?? { previous: null }
      const name = ci && previous?.isLua && !isTailCall(ci) ? calledName(previous, L.l_G.lua54) : undefined
      ar.name = name ? bytes(name.name) : null
      ar.namewhat = bytes(name?.kind ?? '')
      return true
    }
    case 'r': {
      if (!L.l_G.lua54) return false
      const { transfer } = L
      ar.ftransfer = transfer?.ci === ci ? transfer.transfer.first : 0
      ar.ntransfer = transfer?.ci === ci ? transfer.transfer.count : 0
      return true
    }
    case 'f':
    case 'L':
      return true
  }
  return false
}

const validLines = (f: LuaValue): LuaValue => {
  if (!(f instanceof LuaClosure)) return undefined
  const lines = new LuaTable()
  for (const line of f.p.lineinfo) lines.setInt(line, true)
  return lines
}

/**
 * Returns the registers and variable arguments of a running Lua function, or of one whose coroutine died in it; null if they are not
 * accessible.
 */
export const variablesOf = (
  L: LuaThread,
  ci: Call,
): { readonly registers: unknown[] | null; readonly rest: LuaValue[] | null } => {
  if (L.status !== OK && ci.regs) return { registers: ci.regs, rest: ci.va }
  return L.l_G.inspected ? { registers: ci.live, rest: ci.rest } : { registers: null, rest: null }
}

/** Finds a local variable, numbered from 1, or a variable argument, numbered from -1: its name and where its value is stored. */
const local = (
  L: LuaThread,
  ci: Call,
  n: number,
): { name: string; values: unknown[] | undefined; at: number } | undefined => {
  if (!ci.isLua) {
    const end = ci === L.ci ? L.top : ci.next?.isLua === false ? ci.next.base : L.top
    return n > 0 && ci.base + n < end
      ? { name: L.l_G.lua54 ? '(C temporary)' : '(*temporary)', values: L.stack, at: ci.base + n }
      : undefined
  }
  const { p } = ci.func as LuaClosure
  const { registers, rest } = variablesOf(L, ci)
  if (n < 0) {
    if (!rest || -n > rest.length) return undefined
    return { name: L.l_G.lua54 ? '(vararg)' : '(*vararg)', values: rest, at: -n - 1 }
  }
  const found = variableNumber(p, n, ci.pc)
  if (!found) return undefined
  const shown = L.l_G.lua54 && found.name.startsWith('(for ') ? '(for state)' : found.name
  return { name: shown, values: registers ?? undefined, at: found.register }
}

/** The value is nil if it is not accessible. */
export const lua_getlocal = (L: LuaThread, ar: LuaDebug | null, n: number): Uint8Array | null => {
  if (ar === null) {
    const f = L.stack[L.top - 1]
    const name = f instanceof LuaClosure ? variableNumber(f.p, n, 0)?.name : undefined
    return name === undefined ? null : bytes(name)
  }
  const found = local(L, ar.i_ci!, n)
  if (!found) return null
  const value = found.values?.[found.at]
  push(L, (value instanceof UpValue ? value.v : value) as LuaValue)
  return bytes(found.name)
}

export const lua_setlocal = (L: LuaThread, ar: LuaDebug, n: number): Uint8Array | null => {
  // the value to be set counts as a temporary of the top call
  const found = local(L, ar.i_ci!, n)
  const value = L.stack[--L.top]
  if (!found) return null
  // scripts must not change the internal state of a loop
  if (found.values && !found.name.startsWith('(for ')) {
    const old = found.values[found.at]
    if (old instanceof UpValue) old.v = value
    else found.values[found.at] = value
  }
  return bytes(found.name)
}
