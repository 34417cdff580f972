/**
 * Fengari's internal modules that its parser consists of. They are loaded only here, because `lstring` must be modified first: other
 * modules take its functions when they are loaded.
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

// Fengari's hash key of a string concatenates its bytes in hexadecimal without leading zeros, so that '\1\17' and '\17\1' would be the same
// constant
const lstring = loadLate('fengari/src/lstring.js') as typeof lstringModule
lstring.luaS_hash = (text) => `|${binary(text)}`
lstring.luaS_hashlongstr = (text) => (text.hash ??= `|${binary(text.getstr())}`)

/** Fengari's C API; install.ts replaces its functions. */
// before the others, which import each other in a cycle
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
