/** lua: the host in which a process's scripts run. */

export { LuaCoverage, type CoverageRange, type IstanbulData, type ScriptCounts } from './host/coverage.js'
export { createLuaHost, LuaHost, type LuaHostOptions } from './host/host.js'
export type { ConnectionAttempt } from './host/script-socket.js'
export type { PrintRecord } from './host/output.js'
export { findUses, type ScriptUse } from './host/script-uses.js'
export type { ProgramResult, Programs, WritableFiles } from './host/permissions.js'
export type { StuckTask } from './host/stuck.js'
