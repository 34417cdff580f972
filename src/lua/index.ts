/** lua: the host in which a process's scripts run. */

export { LuaCoverage, type CoverageRange, type IstanbulData, type ScriptCounts } from './coverage.js'
export { createLuaHost, LuaHost, type LuaHostOptions } from './host.js'
export type { PrintRecord } from './output.js'
export type { Registration, RegistrationKind } from './registrations.js'
export type { ProgramResult, Programs, WritableFiles } from './doors.js'
