/** What a process runs on, and what extends it. */
import type { Diagnostic } from '../config/syntax/diagnostics.js'
import type { LuaLoad, LuaNames } from '../config/model/lua.js'

/** The machine that the process runs on. */
export interface Machine {
  readonly hostname: string
  /** processors; the number of threads unless `nbthread` is set */
  readonly cpus: number
  readonly pid: number
  /** the environment variables that the process inherits */
  readonly environment: Readonly<Record<string, string>>
  /** the time zone where TZ is not set: a name of the time zone database, or one in POSIX's form (default: UTC) */
  readonly timezone?: string
  /** the limit of file descriptors (default: that of a systemd service) */
  readonly descriptors?: number
}

/** A part that follows the life of its process. Parts are called in the order in which the process lists them. */
export interface ProcessPart {
  /** The listeners are open: the process begins to run. */
  start?(): void
  /** A soft stop: nothing new begins, what is in progress continues. */
  drain?(): void
  /** Closes its connections. */
  closeConnections?(): void
  /** The process ends. */
  stop?(): void
}

/** Extends a process, as the Lua host does. */
export interface ProcessExtension extends ProcessPart {
  /** Runs the body of a script while the configuration is read. Returns its diagnostics; an alert fails the start. */
  load(script: LuaLoad): readonly Diagnostic[]
  /** what the scripts that have been loaded register */
  readonly names: LuaNames
  /** Called when the configuration is valid, before anything runs. Returns false to fail the start; it has reported the reason then. */
  init(): boolean
}
