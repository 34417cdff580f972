/** A listening address of a frontend or of the runtime API. (`struct listener` in include/haproxy/listener-t.h.) */
import type { BindConfig } from '../config/model/bind.js'
import type { Proxy } from './proxy.js'

export class Listener {
  /** `name` of the bind line, else `sock-N`, N being its number within the proxy */
  readonly name: string
  readonly id: number

  constructor(
    /** undefined for a `stats socket` */
    readonly proxy: Proxy | undefined,
    readonly config: BindConfig,
    id: number,
  ) {
    this.id = id
    this.name = config.name ?? `sock-${id}`
  }
}
