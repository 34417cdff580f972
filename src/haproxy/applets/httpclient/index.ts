/** The HTTP client of a process, which scripts (`core.httpclient`) and the runtime API (`httpclient`) use (src/http_client.c). */
import type { ProxyContext } from '../../proxy/proxy.js'
import type { StreamContext } from '../../streams/context.js'
import { HttpClient } from './client.js'
import { ClientProxy } from './proxy.js'
import type { ProcessPart } from '../../world.js'

export { HttpClient, type ClientProgress, type StartProblem } from './client.js'
export type { ClientField, ClientRequest } from './request.js'

/** Makes requests; its proxy exists from the first one on. */
export class HttpClients implements ProcessPart {
  #proxy: ClientProxy | undefined

  constructor(
    readonly process: ProxyContext,
    readonly context: StreamContext,
  ) {}

  /** Idle connections are closed. */
  drain(): void {
    this.#proxy?.closeIdle()
  }

  /** Prepares a request (`httpclient_new`); undefined if the proxy could not be set up, which was reported at the start. */
  create(): HttpClient | undefined {
    const { httpClient: config } = this.process.configuration
    if (config?.hasTlsSettings === true && config.lacksTls()) return undefined
    return new HttpClient((this.#proxy ??= new ClientProxy(this.process, this.context)))
  }
}
