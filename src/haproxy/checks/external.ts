/**
 * `option external-check`: a command judges the server (src/extcheck.c). Whether commands may run, and how, is not decided
 * here: a process has a {@link CommandRunner} or it has not.
 */
import type { Micros } from '../../engine/clock.js'
import { isIp, type Address } from '../../net/address.js'
import type { Server } from '../server/server.js'
import type { Finding } from '../dialogue/finding.js'
import { STATUS } from '../dialogue/status.js'

export interface Command {
  readonly path: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** it is ended after so long */
  readonly limit: Micros
}

/** How a command ended. */
export interface CommandEnd {
  /** undefined: it was ended by a signal */
  readonly exitCode: number | undefined
  /** why it could not even be begun, in the system's words */
  readonly problem?: string
}

/** A command that was run to its end, or to its limit. */
export interface CommandOutcome extends CommandEnd {
  /** how long it took; more than the limit allows means that it was still running then */
  readonly duration: Micros
}

/** A command that goes on while time passes. */
export interface RunningCommand {
  readonly pid: number
  /** Asks it to end (SIGTERM). */
  terminate(): void
}

/**
 * Runs a command: at once, as in a simulation, or beside the process, which tells `ended` once it has ended (outside of this
 * call). The limit is its caller's to watch then.
 */
export type CommandRunner = (command: Command, ended: (end: CommandEnd) => void) => CommandOutcome | RunningCommand

/** `DEF_CHECK_PATH` */
const DEFAULT_PATH = ''
const NOT_USED = 'NOT_USED'

const addressParts = (address: Address | undefined): readonly [string, string] => {
  if (address === undefined) return [NOT_USED, NOT_USED]
  if (isIp(address)) return [address.ip, String(address.port)]
  return ['path' in address ? address.path : '', NOT_USED]
}

/** What is run for `server`. */
export const externalCommand = (server: Server, limit: Micros): Command => {
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

/** What the end of the command means. */
export const externalFinding = ({ exitCode }: CommandEnd): Finding =>
  exitCode === 0 ? { status: STATUS.PROCOK, code: 0 } : { status: STATUS.PROCERR, code: exitCode ?? -1 }
