/** What the Lua host, classes and the standard library use of the process. */
import type { HttpClients } from '../../haproxy/applets/httpclient/index.js'
import type { ProcessContext } from '../../haproxy/context.js'
import type { PatternReferences } from '../../haproxy/patterns/index.js'
import type { ProxyDirectory, ServerIdentity } from '../../haproxy/proxy/directory.js'
import type { Registry } from '../../haproxy/runtime/index.js'
import type { Server } from '../../haproxy/server/server.js'
import type { InfoSource } from '../../haproxy/stats/index.js'

/** The process that scripts run in. */
export interface ScriptedProcess extends ProcessContext, ProxyDirectory, InfoSource {
  readonly httpClients: HttpClients
  /** maps and ACL files */
  readonly patterns: PatternReferences
  /** the runtime API, to which scripts add commands */
  readonly runtime: { readonly registry: Registry }
  /** whether the built-in mailer is off (`core.disable_legacy_mailers`) */
  legacyMailersDisabled: boolean
  /** The server that an event is about; undefined once it is gone. */
  serverOf(identity: ServerIdentity): Server | undefined
  /** Reads TZ again, as `mktime` does. */
  refreshTimeZone(): void
  /** Ends the process like a crash. */
  crash(reason: string): void
  /** Ends the process immediately. */
  stop(): void
}
