/** The C API: conversion of host values to Lua (lapi.c, `luaO_pushvfstring`). */
import { toByteString } from '../../../bytes/text.js'
import { binary, bytes, cString, fromUser } from '../bytes.js'
import { charge } from '../hook.js'
import { normal, wrap } from '../integer.js'
import { floatText } from '../number-text.js'
import { objectAddress, type LuaThread } from '../state.js'
import { LuaFloat, NativeClosure, type LuaValue, type NativeFunction } from '../value.js'
import type { Integer } from '../integer.js'

type Text = string | Uint8Array

export const push = (L: LuaThread, value: LuaValue): void => {
  L.stack[L.top++] = value
}

export const lua_pushnil = (L: LuaThread): void => push(L, undefined)

export const lua_pushnumber = (L: LuaThread, n: number): void => push(L, new LuaFloat(n))

/** @param n an integer; a bigint unless it is a safe integer */
export const lua_pushinteger = (L: LuaThread, n: number | bigint): void => push(L, integerFrom(n))

export const integerFrom = (n: number | bigint): Integer => {
  if (Number.isSafeInteger(n)) return (n as number) + 0
  if (typeof n === 'bigint') return wrap(n)
  if (!Number.isInteger(n)) throw new TypeError(`not an integer: ${n}`)
  return normal(BigInt.asIntN(64, BigInt(n)))
}

export const lua_pushstring = (L: LuaThread, text: Text | null | undefined): Uint8Array | null => {
  if (text === null || text === undefined) {
    push(L, undefined)
    return null
  }
  charge(L, text.length)
  push(L, fromUser(text))
  return typeof text === 'string' ? bytes(toByteString(text)) : text
}

/** `lua_pushstring` of a byte string, without a copy. */
export const pushByteString = (L: LuaThread, text: string): void => {
  charge(L, text.length)
  push(L, text)
}

export const lua_pushliteral = lua_pushstring

export const lua_pushlstring = (L: LuaThread, text: Text, length: number): Uint8Array => {
  const value = fromUser(text).slice(0, length)
  charge(L, length)
  push(L, value)
  return bytes(value)
}

export const lua_pushcclosure = (L: LuaThread, f: NativeFunction, n: number): void => {
  if (typeof f !== 'function') throw new TypeError('not a function')
  if (n === 0) return push(L, f)
  L.top -= n
  push(L, new NativeClosure(f, L.stack.slice(L.top, L.top + n)))
}

export const lua_pushcfunction = (L: LuaThread, f: NativeFunction): void => lua_pushcclosure(L, f, 0)

export const lua_pushboolean = (L: LuaThread, b: unknown): void => push(L, !!b)

export const lua_pushlightuserdata = (L: LuaThread, p: unknown): void => push(L, L.l_G.light(p))

export const lua_pushthread = (L: LuaThread): boolean => {
  push(L, L)
  return L.l_G.mainthread === L
}

export const lua_pushfstring = (L: LuaThread, format: Text, ...args: unknown[]): Uint8Array =>
  lua_pushvfstring(L, format, args)

export const lua_pushvfstring = (L: LuaThread, format: Text, args: readonly unknown[]): Uint8Array => {
  let used = 0
  const text = fromUser(format).replace(/%(.)/gs, (_, option: string) =>
    option === '%' ? '%' : formatted(L, option, args[used++]),
  )
  push(L, text)
  return bytes(text)
}

const formatted = (L: LuaThread, option: string, value: unknown): string => {
  switch (option) {
    case 's':
      return value === null || value === undefined ? '(null)' : cString(fromUser(value as Text))
    case 'c': {
      const code = value as number
      return code >= 32 && code < 127 ? String.fromCharCode(code) : `<\\${code}>`
    }
    case 'd':
    case 'I':
      return String(value)
    case 'f':
      return floatText(new LuaFloat(value as number))
    case 'p':
      return typeof value === 'object' || typeof value === 'function' ? pointerText(L, value) : String(value)
    case 'U':
      return binary(Buffer.from(String.fromCodePoint(value as number)))
  }
  throw new Error(`invalid option '%${option}' to 'lua_pushfstring'`)
}

const pointerText = (L: LuaThread, value: object | null): string =>
  value === null ? 'null' : objectAddress(L.l_G, value)
