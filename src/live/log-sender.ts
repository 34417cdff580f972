/** Sends log lines to the configured targets: stdout, stderr, file descriptors, and syslog over UDP and Unix sockets. */
import { systemErrorText } from '../bytes/errno.js'
import { createSocket, type Socket } from 'node:dgram'
import type { Address, IpAddress } from '../net/address.js'
import { UnixDatagrams } from '../net/node/index.js'
import { formatOutgoing, type OutgoingLine, type ProcessContext } from '../haproxy/index.js'
import type { LogTarget } from '../config/index.js'
import { DescriptorWriter, type LineWriter } from './output.js'

/** The standard output streams. */
export interface OutputStreams {
  readonly stdout: LineWriter
  readonly stderr: LineWriter
}

export class LogSender {
  readonly #sockets = new Map<'udp4' | 'udp6', Socket>()
  /** number of pending sends on {@link #sockets} */
  #pendingSends = 0
  #isClosed = false
  #unix: UnixDatagrams | undefined
  readonly #descriptors = new Map<number, DescriptorWriter>()
  /** whether a send failure was reported */
  #hasReportedFailure = false

  constructor(
    readonly process: ProcessContext,
    readonly streams: OutputStreams,
  ) {
    process.logger.deliver = (line) => this.#deliver(line)
  }

  /** The targets that lines cannot be sent to. */
  static unreachable(targets: readonly LogTarget[]): readonly LogTarget[] {
    return targets.filter(
      ({ target }) =>
        !(isTerminal(target) || 'ip' in target || target.family === 'fd' || (hasUnixDatagrams && isUnix(target))),
    )
  }

  /** Opens what the targets need in advance. */
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
      this.process.logger.message('warning', `${where} : ${NO_UNIX_DATAGRAMS} (${why}).`)
    } else this.#unix = loaded
  }

  close(): void {
    this.process.logger.deliver = undefined
    this.#isClosed = true
    this.#unix?.close()
    for (const each of this.#descriptors.values()) each.close()
    if (this.#pendingSends === 0) this.#closeSockets()
  }

  #deliver(line: OutgoingLine): void {
    const { target } = line.target
    const bytes = formatOutgoing(this.process, line)
    const onError = (error: Error): void => this.#sendFailed(line.logger, errnoOf(error), systemErrorText(error))
    if ('ip' in target) this.#send(target, bytes, onError)
    else if (isUnix(target)) {
      const problem = this.#unix?.send(target, bytes)
      if (problem?.isFull) this.process.logger.dropped++
      else if (problem) this.#sendFailed(line.logger, problem.errno, problem.text)
    } else {
      const writer = isTerminal(target) ? this.streams[target.family] : this.#descriptorWriter(target)
      if (writer?.write(bytes, onError) === false) this.process.logger.dropped++
    }
  }

  #descriptorWriter(target: Target): LineWriter | undefined {
    return 'fd' in target ? this.#descriptors.get(target.fd) : undefined
  }

  /** Sends over UDP; pending sends complete before the sockets are closed. */
  #send(target: IpAddress, bytes: Uint8Array, onError: (error: Error) => void): void {
    this.#pendingSends++
    this.#socket(target).send(bytes, target.port, target.ip, (error) => {
      this.#pendingSends--
      if (error) onError(error)
      if (this.#isClosed && this.#pendingSends === 0) this.#closeSockets()
    })
  }

  #closeSockets(): void {
    for (const socket of this.#sockets.values()) socket.close()
    this.#sockets.clear()
  }

  /** Reports the first line that could not be sent; it is lost. */
  #sendFailed(logger: number, errno: number, text: string): void {
    if (this.#hasReportedFailure || this.process.logger.deliver === undefined) return
    this.#hasReportedFailure = true
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

const NO_UNIX_DATAGRAMS =
  'log lines to Unix sockets are lost: the koffi package, which is needed to send them, cannot be loaded'

const errnoOf = (error: Error): number => Math.abs('errno' in error ? Number(error.errno) : 0)

type Target = LogTarget['target']

const isTerminal = (target: Target): target is { readonly family: 'stdout' | 'stderr' } =>
  target.family === 'stdout' || target.family === 'stderr'

const isUnix = (target: Target): target is Extract<Address, { readonly path: string }> => 'path' in target

const hasUnixDatagrams = process.platform === 'linux'
