/** What chooses servers for the streams of a backend: one file each for the algorithms of `balance`. */
import type { Server } from '../server/server.js'

export interface Balancer {
  /** The next server; undefined if none is usable. @param avoided the one that has just failed */
  next(avoided: Server | undefined): Server | undefined
  /** A server has become usable or unusable, or has another weight. */
  changed(server: Server): void
}
