/**
 * The proxy of the HTTP client in a process: a frontend without listeners, whose backend reaches the hosts of URLs. It is not among the
 * proxies that statistics and scripts see (`PR_CAP_INT`).
 */
import type { MessageLimits, RequestHead } from '../../../http/index.js'
import type { Micros } from '../../../engine/clock.js'
import type { Address } from '../../../net/address.js'
import { ServerStreams } from '../../balance/server-streams.js'
import { Proxy, type ProxyContext } from '../../proxy/proxy.js'
import { initialiseServer } from '../../server/initial.js'
import { Server } from '../../server/server.js'
import { SideFlag } from '../../streams/connector.js'
import type { StreamContext } from '../../streams/context.js'
import { newStream } from '../../streams/new-stream.js'
import { Session } from '../../streams/session.js'
import type { Stream } from '../../streams/stream.js'
import type { ClientUrl } from './url.js'

export class ClientProxy {
  readonly proxy: Proxy

  /** The configuration must be valid. */
  constructor(
    readonly process: ProxyContext,
    readonly context: StreamContext,
  ) {
    const { proxy: config } = process.configuration.httpClient!
    this.proxy = new Proxy(process, config)
    this.proxy.setServers(config.servers.map((server) => new Server(this.proxy, server)))
    this.proxy.endLoading()
    for (const server of this.proxy.servers) initialiseServer(server)
  }

  get limits(): MessageLimits {
    return this.context.limits
  }

  closeIdle(): void {
    for (const { traffic } of this.proxy.servers) if (traffic instanceof ServerStreams) traffic.closeIdle()
  }

  alert(text: string): void {
    this.process.logger.message('alert', text)
  }

  /**
   * Makes the stream of a request (`httpclient_applet_init`); undefined if that is not possible.
   * @param address undefined: the host of the URL is a name, which is resolved by the rules of the proxy
   * @param timeout for the server; 0: none
   */
  open(url: ClientUrl, address: Address | undefined, timeout: Micros, head: RequestHead): Stream | undefined {
    const { process, context, proxy } = this
    if (url.isTls && process.configuration.httpClient!.lacksTls()) {
      this.alert('httpclient: SSL was disabled (wrong verify/ca-file)!')
      return undefined
    }
    process.counters.sessionBegins()
    const session = new Session(process, proxy, undefined, undefined, undefined)
    const stream = newStream(context, session, true)
    if (!stream) return undefined
    stream.target = proxy.server(url.isTls ? '<HTTPSCLIENT>' : '<HTTPCLIENT>')
    stream.isAssigned = true
    if (timeout !== 0) stream.back.timeout = timeout
    if (address) stream.serverAddress = address
    else stream.destinationOverride = { family: 'ipv4', ip: '0.0.0.0', port: url.port }
    stream.back.flags |= SideFlag.RCV_ONCE | SideFlag.NOLINGER
    stream.request.receive({ kind: 'head', head })
    return stream
  }
}
