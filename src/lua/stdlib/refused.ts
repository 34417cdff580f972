/** What a script may not do unless it is allowed: reaching beyond the simulation. */
import { throwLuaError } from '../binding/errors.js'
import type { lua_State } from '../fengari.js'
import type { Permissions } from '../host/permissions.js'
import { libraryStateOf } from './library-state.js'

const FLAGS = {
  programs: '--allow-exec (in TypeScript allow: { exec: true })',
  disk: '--allow-write (in TypeScript allow: { write: true })',
} as const

/** The door to the host's programs or disk; throws an error that names the flag which opens it. */
export const allowed = <What extends keyof typeof FLAGS>(
  L: lua_State,
  what: What,
  wanted: string,
): NonNullable<Permissions[What]> =>
  libraryStateOf(L).host.allow[what] ??
  throwLuaError(L, `${wanted} is refused: it reaches beyond the simulation; ${FLAGS[what]} allows it`)

/** Throws the error of reading what a simulation does not read: devices, pipes, and what the kernel makes up. */
export const refuseReading = (L: lua_State, name: string): never =>
  throwLuaError(
    L,
    `reading '${name}' is refused: it shows the host, not the simulation; a simulation can be given a file of that name`,
  )
