/** A section `log-forward` while it is parsed. */
import type { LogForwardConfig, LogForwardHost } from '../model/log-forwards.js'
import { ProxyDraft } from '../proxy/draft.js'
import { SectionKey } from '../section-drafts.js'
import type { Place } from '../syntax/place.js'

/** A section `log-forward`, and the proxy of its listeners. */
export class LogForwardDraft implements LogForwardConfig {
  maxconn = 10
  host: LogForwardHost = 'fill'
  dontParse = false
  assumesLineFeeds = false
  readonly proxy: ProxyDraft

  constructor(
    readonly name: string,
    readonly place: Place,
  ) {
    this.proxy = new ProxyDraft(name, 'frontend', place)
    this.proxy.change({ mode: 'log' })
  }

  get binds(): LogForwardConfig['binds'] {
    return this.proxy.binds
  }
  get logs(): LogForwardConfig['logs'] {
    return this.proxy.logs
  }
  get timeoutClient(): LogForwardConfig['timeoutClient'] {
    return this.proxy.timeouts.client
  }
}

/** The sections `log-forward` of a configuration. */
export const LOG_FORWARDS = new SectionKey<LogForwardDraft>('log-forward')
