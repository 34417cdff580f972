/** A section `peers` while it is parsed. */
import { makeBindSettings, type BindSettings } from '../bind/line.js'
import type { BindConfig } from '../model/bind.js'
import type { PeerConfig, PeersConfig } from '../model/peers.js'
import { ProxyDraft } from '../proxy/draft.js'
import { SectionKey } from '../section-drafts.js'
import type { ServerDraft } from '../server/draft.js'
import type { Place } from '../syntax/place.js'
import type { TableDraft } from '../tables/table-draft.js'

/** A peer. That of a `bind` line has no name until its `server` line, and none without it. */
export class PeerDraft implements PeerConfig {
  server: ServerDraft | undefined
  shard = 0

  constructor(
    public name: string,
    readonly place: Place,
    readonly isLocal: boolean,
  ) {}

  get address(): PeerConfig['address'] {
    return this.server?.address
  }
}

/** The listener of a section: HAProxy has one for all `bind`, `default-bind` and `peer` lines. */
export interface PeersListener {
  readonly place: Place
  /** the address of the latest line */
  text: string
  binds: BindConfig[]
  readonly settings: BindSettings
}

/** HAProxy's text for the name of a proxy that has none. */
const NO_NAME = '(null)'

/** A section `peers` while it is parsed. */
export class PeersDraft implements PeersConfig {
  disabled = false
  shards = 0
  /** in the order of the text */
  readonly peers: PeerDraft[] = []
  readonly tables: TableDraft[] = []
  local: PeerDraft | undefined
  listener: PeersListener | undefined
  /** there is a `bind` line, or a `peer` line: they exclude each other */
  hasBindLine = false
  hasPeerLine = false
  /** its proxy, which has the name of the local peer; undefined until a line needs it */
  proxy: ProxyDraft | undefined
  /** the line that messages name as that of the proxy */
  proxyPlace: Place

  constructor(
    readonly name: string,
    readonly place: Place,
  ) {
    this.proxyPlace = place
  }

  get binds(): PeersConfig['binds'] {
    return this.listener?.binds ?? []
  }

  get logs(): PeersConfig['logs'] {
    return this.proxy?.logs ?? []
  }

  get isActive(): boolean {
    return !this.disabled && this.isComplete
  }

  /** Whether the local peer has been found. */
  get isComplete(): boolean {
    return this.proxy !== undefined && this.proxy.name !== NO_NAME
  }

  /** The proxy. @param place becomes that of the proxy @param name its name, if it has none yet (init_peers_frontend) */
  needProxy(place?: Place, name?: string): ProxyDraft {
    const proxy = (this.proxy ??= new ProxyDraft(NO_NAME, 'listen', this.place))
    if (place) this.proxyPlace = place
    if (name !== undefined && proxy.name === NO_NAME) proxy.name = name
    return proxy
  }

  /** Makes the section incomplete again. */
  forgetLocal(): void {
    this.local = undefined
    if (this.proxy) this.proxy.name = NO_NAME
  }

  /** The listener, whose place is that of its first line (bind_conf_uniq_alloc). */
  needListener(place: Place, text: string): PeersListener {
    const listener = (this.listener ??= { place, text, binds: [], settings: makeBindSettings() })
    listener.text = text
    return listener
  }
}

/** The sections `peers` of a configuration. */
export const PEERS = new SectionKey<PeersDraft>('peers')
