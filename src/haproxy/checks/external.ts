/**
 * `option external-check`: a command checks the server (src/extcheck.c). Commands run only if the process has a {@link CommandRunner}.
 */
import type { Micros } from '../../engine/clock.js'
import { isIp, type Address } from '../../net/address.js'
import type { Server } from '../server/server.js'
import type { Finding } from '../../config/checks/finding.js'
import { STATUS } from '../../config/checks/status.js'

export interface ExternalCommand {
  readonly path: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** it is killed after this time */
  readonly limit: Micros
}

/** How a command ended. */
export interface CommandEnd {
  /** undefined: it was killed by a signal */
  readonly exitCode: number | undefined
  /** the system's error if it could not be executed */
  readonly problem?: string
}

/** A command that has run to its end, or to its limit. */
export interface CommandOutcome extends CommandEnd {
  /** how long it took; at least the limit if it was still running then */
  readonly duration: Micros
}

/** A command that runs while time passes. */
export interface RunningCommand {
  readonly pid: number
  /** Sends it SIGTERM. */
  terminate(): void
}

/**
 * Runs a command: synchronously, as in a simulation, or concurrently; `ended` is called later then, and the caller enforces the limit.
 */
export type CommandRunner = (
  command: ExternalCommand,
  ended: (end: CommandEnd) => void,
) => CommandOutcome | RunningCommand

/** `DEF_CHECK_PATH` */
const DEFAULT_PATH = ''
const NOT_USED = 'NOT_USED'

const addressParts = (address: Address | undefined): readonly [string, string] => {
  if (address === undefined) return [NOT_USED, NOT_USED]
  if (isIp(address)) return [address.ip, String(address.port)]
  return ['path' in address ? address.path : '', NOT_USED]
}

/** The command that checks `server`. */
export const externalCommand = (server: Server, limit: Micros): ExternalCommand => {
  const { proxy } = server
  const { command, path } = proxy.config.externalCheck!
  const [proxyAddress, proxyPort] = addressParts(proxy.listeners[0]?.config.address)
  const [address, port] = addressParts(server.address)
  const unused = (text: string): string => (text === NOT_USED ? '' : text)
  const { environment, configuration } = proxy.process
  const own = {
    PATH: path ?? DEFAULT_PATH,
    HAPROXY_PROXY_NAME: proxy.name,
    HAPROXY_PROXY_ID: String(proxy.uuid),
    HAPROXY_PROXY_ADDR: unused(proxyAddress),
    HAPROXY_PROXY_PORT: unused(proxyPort),
    HAPROXY_SERVER_NAME: server.name,
    HAPROXY_SERVER_ID: String(server.puid),
    HAPROXY_SERVER_ADDR: unused(address),
    HAPROXY_SERVER_PORT: unused(port),
    HAPROXY_SERVER_MAXCONN: String(server.maxconn),
    HAPROXY_SERVER_CURCONN: String(server.currentSessions),
    HAPROXY_SERVER_SSL: server.config.ssl ? '1' : '0',
    HAPROXY_SERVER_PROTO: proxy.mode === 'http' ? 'h1' : proxy.mode,
  }
  return {
    path: command,
    args: [proxyAddress, proxyPort, address, port],
    environment:
      configuration.global.externalCheck === 'preserve-env' ? { ...Object.fromEntries(environment), ...own } : own,
    limit,
  }
}

/** The finding for the end of the command. */
export const externalFinding = ({ exitCode }: CommandEnd): Finding =>
  exitCode === 0 ? { status: STATUS.PROCOK, code: 0 } : { status: STATUS.PROCERR, code: exitCode ?? -1 }
