/** The resolution of one name for the servers that use it: its query, and the records known so far (`struct resolv_resolution`). */
import type { Micros } from '../../engine/clock.js'
import type { Server } from '../server/server.js'
import type { KnownRecord } from './choose.js'
import type { Services } from './services.js'
import type { AddressRecord, QueryType } from './message.js'

export type ResolutionStatus = 'none' | 'valid' | 'invalid' | 'nx' | 'refused' | 'timeout' | 'other'

export class Resolution {
  readonly servers: Server[] = []
  /** users of the SRV records of that name */
  readonly services: Services[] = []
  /** what is called when the query of a name ends that streams wait for (`do-resolve`) */
  readonly waiters = new Set<() => void>()
  status: ResolutionStatus = 'none'
  /** the id of the query in progress, if any */
  queryId: number | undefined
  type: QueryType
  triesLeft = 0
  queries = 0
  responses = 0
  lastQuery: Micros = 0
  /** when it ended last; undefined: never */
  lastResolution: Micros | undefined
  /** in the order of their keys */
  records: KnownRecord[] = []

  constructor(
    readonly hostname: string,
    readonly encoded: Uint8Array,
    readonly preferredType: QueryType,
    /** when the last good response was received; before that, the start of the process */
    public lastValid: Micros,
  ) {
    this.type = preferredType
  }

  /** Whether anything uses the name. */
  get isWanted(): boolean {
    return this.servers.length > 0 || this.services.length > 0 || this.waiters.size > 0
  }

  /** Ends the query. */
  reset(now: Micros): void {
    this.queryId = undefined
    this.triesLeft = 0
    this.lastResolution = now
  }

  /** Whether the other address family is to be queried next; SRV records have none. */
  get hasOtherType(): boolean {
    return this.type !== 'SRV' && this.type === this.preferredType
  }

  otherType(): void {
    this.type = this.preferredType === 'A' ? 'AAAA' : 'A'
  }

  /** Adds the records of a response. Records that are missing in it are removed after `hold`. */
  learn(found: readonly AddressRecord[], now: Micros, hold: Micros): void {
    for (const record of found) {
      const known = this.records.find((each) => each.ip === record.ip)
      if (known) known.lastSeen = now
      else this.records.push({ ...record, lastSeen: now, servers: new Set() })
    }
    this.records = this.records.filter((each) => each.lastSeen + hold >= now).sort((a, b) => a.key - b.key)
  }

  /** The record from which `server` has its address. */
  recordOf(server: Server): KnownRecord | undefined {
    return this.records.find((each) => each.servers.has(server))
  }

  detach(server: Server): void {
    this.recordOf(server)?.servers.delete(server)
  }
}
