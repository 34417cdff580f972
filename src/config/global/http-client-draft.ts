/** The settings `httpclient.*` of `global` while they are parsed. */
import { SECOND, type Micros } from '../../engine/clock.js'

export interface HttpClientDraft {
  /** `httpclient.resolvers.id`; undefined: `default`, which need not exist */
  resolvers: string | undefined
  /** without `httpclient.resolvers.disabled` */
  resolves: boolean
  /** `httpclient.resolvers.prefer` */
  prefer: 'ipv4' | 'ipv6' | undefined
  retries: number
  connectTimeout: Micros
  caFile: string | undefined
  verify: 'none' | 'required'
  /** `httpclient.ssl.ca-file` or `httpclient.ssl.verify` is in the configuration: CA certificates that cannot be loaded are reported */
  hasTlsSettings: boolean
}

/** HAProxy's defaults. */
export const makeHttpClientDraft = (): HttpClientDraft => ({
  resolvers: undefined,
  resolves: true,
  prefer: undefined,
  retries: 3,
  connectTimeout: 5 * SECOND,
  caFile: undefined,
  verify: 'required',
  hasTlsSettings: false,
})
