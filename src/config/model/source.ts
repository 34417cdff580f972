/** Addresses that connections to servers come from, in the model of a configuration (`struct conn_src` in include/haproxy/connection-t.h). */
import type { Address } from '../../net/address.js'

/** `source`. */
export interface SourceConfig {
  readonly address: Address
  /** the last port of a range that begins with that of the address; undefined: a single port */
  readonly lastPort: number | undefined
  /** the network interface */
  readonly interface: string | undefined
  /** `usesrc`: the address that servers see; undefined: the same */
  readonly client: ForeignSource | undefined
}

/**
 * What servers see: the client's address, with its port (`client`) or without, another address, or the one in a header field, of which
 * `occurrence` counts from the first (positive) or from the last (negative).
 */
export type ForeignSource =
  'client' | 'clientip' | { readonly address: Address } | { readonly header: string; readonly occurrence: number }

/** The header of `usesrc hdr_ip()`; undefined if absent, or if its occurrence is 0, which disables it. */
export const sourceHeader = (source: SourceConfig | undefined): string | undefined => {
  const client = source?.client
  return typeof client === 'object' && 'header' in client && client.occurrence !== 0 ? client.header : undefined
}
