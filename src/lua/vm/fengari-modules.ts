/**
 * The inner modules of Fengari that its parser consists of. They are loaded here and nowhere else, because `lstring` must be changed
 * first: the others take its functions out of it when they are loaded.
 */
import type coreModule from 'fengari/src/fengaricore.js'
import type lcodeModule from 'fengari/src/lcode.js'
import type ldoModule from 'fengari/src/ldo.js'
import type llexModule from 'fengari/src/llex.js'
import type lobjectModule from 'fengari/src/lobject.js'
import type lopcodesModule from 'fengari/src/lopcodes.js'
import type lstateModule from 'fengari/src/lstate.js'
import type lstringModule from 'fengari/src/lstring.js'
import type luaModule from 'fengari/src/lua.js'
import type lvmModule from 'fengari/src/lvm.js'
import type lzioModule from 'fengari/src/lzio.js'
import { binary } from './bytes.js'
import { loadLate } from './late.js'

// Fengari's key of a string joins its bytes in hexadecimal without leading zeros, so that '\1\17' and '\17\1' are the same constant
const lstring = loadLate('fengari/src/lstring.js') as typeof lstringModule
lstring.luaS_hash = (text) => `|${binary(text)}`
lstring.luaS_hashlongstr = (text) => (text.hash ??= `|${binary(text.getstr())}`)

/** Fengari's C API, before it is replaced. */
// before the others, which import one another in a circle
export const fengariApi = loadLate('fengari/src/lua.js') as typeof luaModule
export const fengariCore = loadLate('fengari/src/fengaricore.js') as typeof coreModule
export const lcode = loadLate('fengari/src/lcode.js') as typeof lcodeModule
export const ldo = loadLate('fengari/src/ldo.js') as typeof ldoModule
export const llex = loadLate('fengari/src/llex.js') as typeof llexModule
export const lobject = loadLate('fengari/src/lobject.js') as typeof lobjectModule
export const lopcodes = loadLate('fengari/src/lopcodes.js') as typeof lopcodesModule
export const lstate = loadLate('fengari/src/lstate.js') as typeof lstateModule
export const lvm = loadLate('fengari/src/lvm.js') as typeof lvmModule
export const lzio = loadLate('fengari/src/lzio.js') as typeof lzioModule
