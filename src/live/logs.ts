/** Carries log lines to where the configuration says: standard output and error, descriptors, syslog over UDP. */
import { createSocket, type Socket } from 'node:dgram'
import { write } from 'node:fs'
import { hostname } from 'node:os'
import type { IpAddress } from '../net/address.js'
import type { HaproxyProcess, OutgoingLine } from '../haproxy/index.js'
import type { LogTarget } from '../config/index.js'
import { formatLogLine } from './log-format.js'
import type { LineWriter } from './output.js'

export interface Terminals {
  readonly stdout: LineWriter
  readonly stderr: LineWriter
}

export class LogCarrier {
  readonly #sockets = new Map<'udp4' | 'udp6', Socket>()

  constructor(
    readonly process: HaproxyProcess,
    readonly terminals: Terminals,
  ) {
    process.logger.deliver = (line) => this.#deliver(line)
  }

  /** The targets that lines cannot be carried to, as they are written. */
  static unreachable(targets: readonly LogTarget[]): readonly LogTarget[] {
    return targets.filter(({ target }) => !(isTerminal(target) || 'ip' in target || target.family === 'fd'))
  }

  close(): void {
    this.process.logger.deliver = undefined
    for (const socket of this.#sockets.values()) socket.close()
    this.#sockets.clear()
  }

  #deliver({ target: where, level, message, source }: OutgoingLine): void {
    const { configuration, clock, machine } = this.process
    const { global } = configuration
    const tag = this.process.proxies.find((each) => each === source)?.config.logTag ?? global.logTag
    const { target, format, facility, maxLength } = where
    const bytes = formatLogLine({
      format: format ?? 'local',
      facility,
      level,
      time: clock.wall,
      hostname: global.logSendHostname === '' ? hostname() : global.logSendHostname,
      tag,
      pid: machine.pid,
      message,
      maxLength,
    })
    if (isTerminal(target)) this.terminals[target.family].write(bytes)
    else if ('ip' in target) this.#send(target, bytes)
    // a descriptor that takes nothing loses the line, as HAProxy's does
    else if ('fd' in target) write(target.fd, bytes, () => undefined)
  }

  /** A line that does not arrive is lost, as syslog has it. */
  #send({ family, ip, port }: IpAddress, bytes: Uint8Array): void {
    this.#socket(family === 'ipv4' ? 'udp4' : 'udp6').send(bytes, port, ip, () => undefined)
  }

  #socket(type: 'udp4' | 'udp6'): Socket {
    const known = this.#sockets.get(type)
    if (known) return known
    const socket = createSocket(type)
    socket.on('error', () => undefined)
    socket.unref()
    this.#sockets.set(type, socket)
    return socket
  }
}

const isTerminal = (target: LogTarget['target']): target is { readonly family: 'stdout' | 'stderr' } =>
  target.family === 'stdout' || target.family === 'stderr'
