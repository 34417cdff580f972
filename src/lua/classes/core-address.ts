/** Addresses and text in `core`: parse_addr, match_addr, tokenize (src/hlua_fcn.c; str2net and str62net in src/tools.c). */
import ipaddr from 'ipaddr.js'
import { parseIp, parseLegacyIpv4, type IpFamily } from '../../net/ip.js'
import type { Network } from '../../net/network.js'
import { stringArgument } from '../binding/arguments.js'
import { functionTable } from '../binding/function-table.js'
import { lauxlib, lua, type LuaFunction, type lua_State } from '../fengari.js'
import { stateOf } from '../host/script-state.js'
import { charge } from '../vm/hook.js'
import type { ApiPart } from './api-part.js'

const {
  lua_createtable,
  lua_gettop,
  lua_isboolean,
  lua_newuserdata,
  lua_pushboolean,
  lua_pushlstring,
  lua_pushnil,
  lua_rawseti,
  lua_toboolean,
  lua_touserdata,
} = lua
const { luaL_argerror, luaL_checkstring } = lauxlib

/** An address with its mask, as bytes (`struct net_addr`). */
interface NetAddress {
  readonly family: IpFamily
  readonly ip: readonly number[]
  readonly mask: readonly number[]
}

/** A mask of `size` bytes with the first `bits` bits set. */
const maskOf = (bits: number, size: number): number[] =>
  Array.from({ length: size }, (_, i) => (0xff00 >> Math.min(8, Math.max(0, bits - i * 8))) & 0xff)

const bytesOf = (ip: string): number[] => ipaddr.parse(ip).toByteArray()

/** Parses a number of bits or a dotted mask (`str2mask`). */
const parseMask = (text: string): number[] | undefined => {
  if (text.includes('.')) {
    const ip = parseIp(text, 'ipv4')
    return ip && bytesOf(ip.ip)
  }
  const bits = text === '' ? NaN : Number(/^\d+$/.test(text) ? text : NaN)
  return bits <= 32 ? maskOf(bits, 4) : undefined
}

const parseNetwork = (text: string, network: Network): NetAddress | undefined => {
  const slash = text.lastIndexOf('/')
  const host = slash < 0 ? text : text.slice(0, slash)
  const suffix = slash < 0 ? undefined : text.slice(slash + 1)
  return parseNetwork4(host, suffix, network) ?? parseNetwork6(host, suffix)
}

const parseNetwork4 = (host: string, suffix: string | undefined, network: Network): NetAddress | undefined => {
  const mask = suffix === undefined ? maskOf(32, 4) : parseMask(suffix)
  if (!mask) return undefined
  const ip =
    parseIp(host, 'ipv4') ?? (host.includes(':') ? undefined : (parseLegacyIpv4(host) ?? resolve(host, network)))
  return ip && { family: 'ipv4', ip: bytesOf(ip.ip), mask }
}

const resolve = (host: string, network: Network): { readonly ip: string } | undefined =>
  network
    .resolve(host)
    .map((address) => parseIp(address, 'ipv4'))
    .find((ip) => ip !== undefined)

const parseNetwork6 = (host: string, suffix: string | undefined): NetAddress | undefined => {
  const bits = suffix === undefined ? 128 : /^\d+$/.test(suffix) ? Number(suffix) : NaN
  const ip = bits <= 128 ? parseIp(host, 'ipv6') : undefined
  return ip && { family: 'ipv6', ip: bytesOf(ip.ip), mask: maskOf(bits, 16) }
}

/** The property of a userdata that holds the network it represents. */
const NETWORK = 'hapsim.network'

const parseAddr: LuaFunction = (L) => {
  const network = parseNetwork(stringArgument(L, 1), stateOf(L).host.process.network)
  if (network) lua_newuserdata(L, 0)[NETWORK] = network
  else lua_pushnil(L)
  return 1
}

const networkAt = (L: lua_State, index: number): NetAddress | undefined => {
  const data = lua_touserdata(L, index) as Record<string, unknown> | null | undefined
  return data?.[NETWORK] as NetAddress | undefined
}

const matchAddr: LuaFunction = (L) => {
  const a = networkAt(L, 1)
  const b = networkAt(L, 2)
  lua_pushboolean(
    L,
    a !== undefined &&
      b !== undefined &&
      a.family === b.family &&
      a.ip.every((byte, i) => (byte & b.mask[i]!) === (b.ip[i]! & a.mask[i]!)),
  )
  return 1
}

/** The part before the first zero byte, where a C string ends. */
/** Bytes that are processed in the time of an instruction. */
const BYTES_PER_INSTRUCTION = 4

const tokenize: LuaFunction = (L) => {
  const text = luaL_checkstring(L, 1)
  charge(L, text.length, BYTES_PER_INSTRUCTION)
  const separators = new Set(luaL_checkstring(L, 2))
  let noBlank = false
  if (lua_gettop(L) === 3) {
    if (!lua_isboolean(L, 3)) luaL_argerror(L, 3, 'boolean expected')
    noBlank = lua_toboolean(L, 3)
  }
  lua_createtable(L, 0, 0)
  let index = 1
  let start = 0
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && !separators.has(text[i]!)) continue
    if (!noBlank || i > start) {
      charge(L, 1, 1)
      lua_pushlstring(L, text.slice(start, i), i - start)
      lua_rawseti(L, -2, index++)
    }
    start = i + 1
  }
  return 1
}

export const CORE_ADDRESS: ApiPart = {
  coreFunctions: functionTable({ parse_addr: parseAddr, match_addr: matchAddr, tokenize }),
}
