/**
 * Adds and removes servers at run time: `add server` and `del server` (`cli_parse_add_server` and `cli_parse_delete_server` in
 * src/server.c). A new server is in maintenance, with its checks switched off.
 */
import { readDynamicServer } from '../../config/server/dynamic.js'
import type { Diagnostic } from '../../config/syntax/diagnostics.js'
import type { ServerConfig } from '../../config/model/server.js'
import { isIp } from '../../net/address.js'
import type { Checks } from '../checks/checks.js'
import { publish } from '../events/server-events.js'
import type { ProxyDirectory } from '../proxy/directory.js'
import type { Proxy } from '../proxy/proxy.js'
import { Server } from './server.js'
import { ServerAdmin } from './status.js'
import { initialiseDynamicServer } from './initial.js'
import { link } from './track.js'

/** A message about a command, logged and returned to the client that sent it. */
export interface CommandMessage {
  readonly severity: 'alert' | 'warning' | 'notice'
  readonly text: string
}

/**
 * Revisions distinguish servers that have the same number one after another: a server that is added after any removal has a higher
 * one (`srv_id_reuse_cnt`).
 */
class Revisions {
  #current = 0
  #removedSince = false

  removed(): void {
    this.#removedSince = true
  }

  /** The revision of the next server. */
  get next(): number {
    return this.#current + (this.#removedSince ? 1 : 0)
  }

  added(): void {
    this.#current = this.next
    this.#removedSince = false
  }
}

/** Servers that were added have no file, for which HAProxy prints what C's printf does. */
const NO_FILE = { file: '(null)', line: 0 }

/** Adds and removes the servers of a process. */
export class DynamicServers {
  readonly #revisions = new Revisions()

  constructor(
    readonly directory: ProxyDirectory,
    readonly checks: Checks,
  ) {}

  /**
   * Adds a server to a backend.
   * @param words the server's name and the arguments after it
   * @returns what is reported; the last is a notice when the server was added
   */
  add(proxy: Proxy, words: readonly string[]): readonly CommandMessage[] {
    const withId = (puid: number) => {
      const same = proxy.serverWithNumber(puid)
      return same && { name: same.name, puid, place: same.dynamic ? NO_FILE : same.config.place }
    }
    const { env, global } = proxy.process.configuration
    const read = readDynamicServer(words, proxy.config, withId, env, global)
    const { server: config } = read
    const diagnostics = this.#withoutRemarks(proxy, read.diagnostics)
    if (config === undefined) return diagnostics
    const missing = missingPort(proxy, config)
    if (missing !== undefined) return [alert(missing)]
    const puid = config.puid || proxy.freeNumber()
    const server = new Server(proxy, config, { rid: this.#revisions.next, dynamic: true, puid })
    const problem = config.track === undefined ? undefined : link(server, config.track, this.directory)
    if (problem !== undefined) return [alert(problem)]
    if (proxy.server(server.name)) {
      unlink(server)
      return [alert('Already exists a server with the same name in backend.')]
    }
    this.#revisions.added()
    this.checks.create(server)
    initialiseDynamicServer(server)
    proxy.addServer(server)
    publish(server, 'SERVER_ADD')
    this.checks.scheduleDynamic(server)
    const warning = config.cookie !== undefined && proxy.mode !== 'http'
    return [
      ...diagnostics,
      ...(warning ? [{ severity: 'warning' as const, text: 'Ignoring cookie as HTTP mode is disabled.' }] : []),
      { severity: 'notice', text: 'New server registered.' },
    ]
  }

  /** Warnings of hapsim's, which are not part of the answer of a command, are reported as such. */
  #withoutRemarks({ process }: Proxy, diagnostics: readonly Diagnostic[]): readonly CommandMessage[] {
    for (const { text, fromHapsim } of diagnostics) if (fromHapsim) process.logger.hapsimWarning(text)
    return diagnostics.filter(({ fromHapsim }) => !fromHapsim) as readonly CommandMessage[]
  }

  /** Removes a server for which there is no {@link obstacleToRemoval}. */
  remove(server: Server): void {
    publish(server, 'SERVER_DEL')
    unlink(server)
    this.checks.end(server)
    server.warmup?.kill()
    server.proxy.removeServer(server)
    server.deleted = true
    server.existingSubscriptions?.clear()
    this.#revisions.removed()
  }
}

const alert = (text: string): CommandMessage => ({ severity: 'alert', text })

/** The error of a server whose check has no port. */
const missingPort = (proxy: Proxy, { name, address, check }: ServerConfig): string | undefined => {
  const hasPort = !isIp(address) || address.port !== 0 || check.port !== undefined
  if (!check.enabled || hasPort || (check.addr && isIp(check.addr) && check.addr.port !== 0)) return undefined
  return (
    `config: ${proxy.kindText} '${proxy.name}': server '${name}' has neither service port nor check port nor tcp_check ` +
    "rule 'connect' with port information."
  )
}

/** Why a server cannot be removed, and whether waiting may help (`srv_check_for_deletion`). */
export interface Obstacle {
  readonly text: string
  readonly mayPass: boolean
}

export const obstacleToRemoval = (server: Server): Obstacle | undefined => {
  if (server.nonPurgeable)
    return {
      text: 'This server cannot be removed at runtime due to other configuration elements pointing to it.',
      mayPass: false,
    }
  if (!(server.admin & ServerAdmin.MAINT))
    return { text: 'Only servers in maintenance mode can be deleted.', mayPass: false }
  return server.currentSessions + server.pendingConnections > 0
    ? { text: 'Server still has connections attached to it, cannot remove it.', mayPass: true }
    : undefined
}

const unlink = (server: Server): void => {
  const { track } = server
  if (track) track.trackers = track.trackers.filter((each) => each !== server)
  server.track = undefined
}
