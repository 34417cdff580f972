/** Carries log lines to where the configuration says: standard output and error, descriptors, syslog over UDP and Unix sockets. */
import { systemErrorText } from '../bytes/errno.js'
import { createSocket, type Socket } from 'node:dgram'
import { hostname } from 'node:os'
import { SECOND } from '../engine/index.js'
import type { Address, IpAddress } from '../net/address.js'
import { UnixDatagrams } from '../net/node/index.js'
import type { OutgoingLine, ProcessContext } from '../haproxy/index.js'
import type { LogTarget } from '../config/index.js'
import { formatLogLine } from './log-format.js'
import { DescriptorWriter, type LineWriter } from './output.js'

export interface Terminals {
  readonly stdout: LineWriter
  readonly stderr: LineWriter
}

export class LogCarrier {
  readonly #sockets = new Map<'udp4' | 'udp6', Socket>()
  /** lines that are on their way over {@link #sockets} */
  #underWay = 0
  #isClosed = false
  #unix: UnixDatagrams | undefined
  readonly #descriptors = new Map<number, DescriptorWriter>()
  /** the operator has been told that a line could not be sent */
  #hasComplained = false

  constructor(
    readonly process: ProcessContext,
    readonly terminals: Terminals,
  ) {
    process.logger.deliver = (line) => this.#deliver(line)
  }

  /** The targets that lines cannot be carried to, as they are written. */
  static unreachable(targets: readonly LogTarget[]): readonly LogTarget[] {
    return targets.filter(
      ({ target }) =>
        !(isTerminal(target) || 'ip' in target || target.family === 'fd' || (hasUnixDatagrams && isUnix(target))),
    )
  }

  /** Prepares what some of its targets need. */
  async open(targets: readonly LogTarget[]): Promise<void> {
    const unix = hasUnixDatagrams ? targets.find(({ target }) => isUnix(target)) : undefined
    if (unix) await this.#loadUnixDatagrams(unix)
    for (const { target } of targets)
      if ('fd' in target) this.#descriptors.set(target.fd, new DescriptorWriter(target.fd))
  }

  async #loadUnixDatagrams({ place }: LogTarget): Promise<void> {
    const loaded = await UnixDatagrams.load()
    if ('problem' in loaded) {
      const where = `config : parsing [${place.file}:${place.line}]`
      const [why = ''] = loaded.problem.split('\n')
      this.process.logger.message('warning', `${where} : ${LOST_LINES} (${why}).`)
    } else this.#unix = loaded
  }

  close(): void {
    this.process.logger.deliver = undefined
    this.#isClosed = true
    this.#unix?.close()
    for (const each of this.#descriptors.values()) each.close()
    if (this.#underWay === 0) this.#closeSockets()
  }

  #deliver(line: OutgoingLine): void {
    const { target } = line.target
    const bytes = this.#bytesOf(line)
    const failed = (error: Error): void => this.#failed(line.logger, errnoOf(error), systemErrorText(error))
    if ('ip' in target) this.#send(target, bytes, failed)
    else if (isUnix(target)) {
      const problem = this.#unix?.send(target, bytes)
      if (problem?.isFull) this.process.logger.dropped++
      else if (problem) this.#failed(line.logger, problem.errno, problem.text)
    } else {
      const writer = isTerminal(target) ? this.terminals[target.family] : this.#descriptorOf(target)
      if (writer?.write(bytes, failed) === false) this.process.logger.dropped++
    }
  }

  #descriptorOf(target: Target): LineWriter | undefined {
    return 'fd' in target ? this.#descriptors.get(target.fd) : undefined
  }

  /** Node sends in a time of its own; the last lines are waited for. */
  #send(target: IpAddress, bytes: Uint8Array, failed: (error: Error) => void): void {
    this.#underWay++
    this.#socket(target).send(bytes, target.port, target.ip, (error) => {
      this.#underWay--
      if (error) failed(error)
      if (this.#isClosed && this.#underWay === 0) this.#closeSockets()
    })
  }

  #closeSockets(): void {
    for (const socket of this.#sockets.values()) socket.close()
    this.#sockets.clear()
  }

  #bytesOf({ target: where, level, message, source }: OutgoingLine): Uint8Array {
    const { configuration, clock, localTime, machine } = this.process
    const { global } = configuration
    const { wall } = clock
    return formatLogLine({
      format: where.format ?? (global.logSendHostname === undefined ? 'local' : 'rfc3164'),
      facility: where.facility,
      level,
      date: localTime.date(Math.floor(wall / SECOND)),
      micros: wall % SECOND,
      hostname: global.logSendHostname === '' ? hostname() : global.logSendHostname,
      tag: source?.logTag ?? global.logTag,
      pid: machine.pid,
      message,
      maxLength: where.maxLength,
    })
  }

  /** A line that does not arrive is lost; the operator hears of the first one. */
  #failed(logger: number, errno: number, text: string): void {
    if (this.#hasComplained || this.process.logger.deliver === undefined) return
    this.#hasComplained = true
    this.process.logger.message('alert', `sendmsg()/writev() failed in logger #${logger}: ${text} (errno=${errno})`)
  }

  #socket({ family }: IpAddress): Socket {
    const type = family === 'ipv4' ? 'udp4' : 'udp6'
    const known = this.#sockets.get(type)
    if (known) return known
    const socket = createSocket(type)
    socket.on('error', () => undefined)
    socket.unref()
    this.#sockets.set(type, socket)
    return socket
  }
}

const LOST_LINES =
  'log lines to Unix sockets are lost: the package koffi, which sends them, cannot be loaded on this machine'

const errnoOf = (error: Error): number => Math.abs('errno' in error ? Number(error.errno) : 0)

type Target = LogTarget['target']

const isTerminal = (target: Target): target is { readonly family: 'stdout' | 'stderr' } =>
  target.family === 'stdout' || target.family === 'stderr'

const isUnix = (target: Target): target is Extract<Address, { readonly path: string }> => 'path' in target

const hasUnixDatagrams = process.platform === 'linux'
