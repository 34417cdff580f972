/** The HTTP client of scripts and of the runtime API in the model of a configuration (src/http_client.c). */
import type { ProxyConfig } from './proxy.js'
import type { ResolversConfig } from './resolvers.js'

export interface HttpClientConfig {
  /** its proxy, with the servers `<HTTPCLIENT>` and `<HTTPSCLIENT>`, which have no addresses; made when it is asked for first */
  readonly proxy: ProxyConfig
  /**
   * Whether the CA certificates cannot be loaded, so that there is no TLS; if settings name them, there is no client at all. They are loaded
   * when that is asked first.
   */
  readonly lacksTls: () => boolean
  /** the proxy has rules that resolve the hosts of URLs */
  readonly resolves: boolean
  /** settings of TLS are in the configuration */
  readonly hasTlsSettings: boolean
  /** the section `default` that resolves names as the configuration has none: that of the machine */
  readonly resolvers: ResolversConfig | undefined
}
