/** `proto` of `bind` lines, which is checked when the modes of proxies are known. */
import type { Place } from '../syntax/place.js'

/** A `bind` line with `proto`, or with QUIC. */
export interface MultiplexedBind {
  readonly mux: string
  /** the addresses, as written */
  readonly text: string
  readonly place: Place
  /** whether it has stream sockets, and datagram sockets */
  readonly stream: boolean
  readonly datagram: boolean
}
