/** What a process runs on, and what extends it. */
import type { Diagnostic } from '../config/syntax/diagnostics.js'
import type { LuaLoad } from '../config/model/lua.js'

/** The machine that the process runs on, as far as it can see it. */
export interface Machine {
  readonly hostname: string
  /** processors: as many threads as this unless `nbthread` says otherwise */
  readonly cpus: number
  readonly pid: number
  /** what the process inherits */
  readonly environment: Readonly<Record<string, string>>
  /** the time zone where TZ is not set: a name of the time zone database, or one in POSIX's form (default: UTC) */
  readonly timezone?: string
  /** file descriptors that a process may open; as many as a service of systemd's unless given */
  readonly descriptors?: number
}

/** Something that lives in a process beside its own parts: the Lua host is one. */
export interface ProcessExtension {
  /** Runs the body of a script, while the configuration is read. Returns what HAProxy would say; an alert fails the start. */
  load(script: LuaLoad): readonly Diagnostic[]
  /** Called when the whole configuration is known to be good, before anything runs. Returns false to fail the start, having said why. */
  init(): boolean
  /** Ends the connections of scripts; the scripts go on. */
  closeConnections(): void
  /** Called when the process ends. */
  stop(): void
}
