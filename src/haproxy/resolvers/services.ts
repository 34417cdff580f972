/**
 * SRV records: assigns the records of a name to the servers of a proxy
 * (resolv_check_response and resolv_srvrq_cleanup_srv in src/resolvers.c).
 */
import type { Micros } from '../../engine/clock.js'
import { isIp, type IpAddress } from '../../net/address.js'
import type { Ip } from '../../net/ip.js'
import { LOG_NOTICE } from '../logs/logger.js'
import type { Proxy } from '../proxy/proxy.js'
import { portName, setWeight } from '../server/control.js'
import { setAdminFlag } from '../server/state.js'
import type { Server } from '../server/server.js'
import { ServerAdmin } from '../server/status.js'
import type { ServiceAnswer, ServiceRecord } from './message.js'
import type { ResolversConfig } from '../../config/model/resolvers.js'
import type { ProcessContext } from '../context.js'

/** The `resolvers` section by which the names in the records are resolved. */
export interface NameResolution {
  readonly process: ProcessContext
  readonly config: ResolversConfig
  /** Whether the name of `server` is being resolved. */
  has(server: Server): boolean
  /** Resolves the name of `server` from now on. Returns false for an invalid name. */
  add(server: Server, hostname: string): boolean
  /** Stops resolving the name of `server`. */
  remove(server: Server): void
}

/** A record, and the server that has its place. */
interface Entry {
  record: ServiceRecord
  lastSeen: Micros
  address: { readonly ip: Ip; lastSeen: Micros } | undefined
  server: Server | undefined
}

/** Scales the weight of a record, 0 … 65535, to 0 … 256; only 0 becomes 0. */
const weightOf = ({ weight }: ServiceRecord): number => Math.floor((weight + 255) / 256)

export class Services {
  /** servers without a record, in the order in which they are assigned */
  readonly free: Server[] = []
  /** servers whose name and port come from a state file: they wait for that record */
  readonly #named = new Set<Server>()
  /** in the order of their keys */
  #entries: Entry[] = []

  constructor(
    readonly name: string,
    readonly proxy: Proxy,
    readonly section: NameResolution,
  ) {}

  /** Assigns a server to each record as long as there are any, and frees those whose record is gone. */
  follow(answer: ServiceAnswer, now: Micros): void {
    this.#learn(answer, now)
    const { obsolete } = this.section.config.hold
    for (const entry of [...this.#entries]) {
      if (entry.address && entry.address.lastSeen + obsolete < now) entry.address = undefined
      if (entry.lastSeen + obsolete < now) {
        this.#release(entry)
        this.#entries.splice(this.#entries.indexOf(entry), 1)
      } else {
        entry.server ??= this.#namedLike(entry.record) ?? this.free.shift()
        if (entry.server) this.#update(entry.server, entry)
      }
    }
  }

  /**
   * Adds a server. One that has a name, from a state file, waits for its record for as long as a resolution may take.
   */
  add(server: Server): void {
    if (server.hostname === undefined) {
      this.free.push(server)
      return
    }
    this.#named.add(server)
    const { timeoutResolve, timeoutRetry, resolveRetries } = this.section.config
    const { process } = this.section
    process.threads
      .spawn({ name: `record of ${server.path}`, run: () => this.#named.delete(server) && this.#free(server) })
      .wakeAt(process.clock.now + timeoutResolve + resolveRetries * timeoutRetry)
  }

  #namedLike({ target, port }: ServiceRecord): Server | undefined {
    for (const server of this.#named)
      if (server.hostname?.toLowerCase() === target.toLowerCase() && portOf(server) === port) {
        this.#named.delete(server)
        return server
      }
    return undefined
  }

  /** Removes all records: there has been no good response for too long. */
  forget(): void {
    for (const entry of this.#entries) this.#release(entry)
    this.#entries = []
  }

  #learn({ services, additional }: ServiceAnswer, now: Micros): void {
    for (const record of services) {
      const known = this.#entries.find(
        (each) => each.record.target === record.target && each.record.port === record.port,
      )
      if (known) {
        known.lastSeen = now
        known.record = { ...known.record, weight: record.weight }
      } else this.#entries.push({ record, lastSeen: now, address: undefined, server: undefined })
    }
    this.#entries.sort((a, b) => a.record.key - b.record.key)
    for (const { name, family, ip } of additional) {
      const named = this.#entries.filter(({ record }) => record.target === name)
      const same = named.find(({ address }) => address && address.ip.ip === ip && address.lastSeen !== now)
      if (same) same.address!.lastSeen = now
      else {
        const without = named.find(({ address }) => address === undefined)
        if (without) without.address = { ip: { family, ip }, lastSeen: now }
      }
    }
  }

  #update(server: Server, { record, address }: Entry): void {
    if (address) {
      this.section.remove(server)
      changeAddress(server, { ...address.ip, port: record.port })
    } else changePort(server, record.port)
    if (server.hostname === undefined) {
      const text = `${server.path} changed its FQDN from (null) to ${record.target} by 'SRV record'`
      server.proxy.process.logger.send(server.proxy, LOG_NOTICE, text)
      server.hostname = record.target
      server.nextAdmin |= ServerAdmin.FQDN_CHANGED
    }
    if (!address && !this.section.has(server)) this.section.add(server, server.hostname)
    if (!server.config.resolution.ignoreWeight) setWeight(server, String(weightOf(record)))
  }

  /** Frees the server of a record. */
  #release(entry: Entry): void {
    const { server } = entry
    if (server === undefined) return
    entry.server = undefined
    this.#free(server)
  }

  #free(server: Server): void {
    this.section.remove(server)
    setAdminFlag(server, ServerAdmin.RMAINT, 'entry removed from SRV record')
    server.hostname = undefined
    server.proxy.process.addressChanges.add(server, undefined, false, false, 0)
    this.free.push(server)
  }
}

const portOf = ({ address }: Server): number => (isIp(address) ? address.port : 0)

/** Sets address and port from the records (server_set_inetaddr_warn in src/server.c). */
const changeAddress = (server: Server, next: IpAddress): void => {
  const ip = server.hasAddress && isIp(server.address) ? server.address.ip : '(none)'
  const changes = ip === next.ip ? [] : [`IP changed from '${ip}' to '${next.ip}'`]
  const port = portName(portOf(server), server.mapPorts)
  if (port !== String(next.port)) changes.push(`port changed from '${port}' to '${next.port}'`)
  if (changes.length === 0) return
  const text = `${server.path}: ${changes.join(', ')} by 'DNS additional record'.`
  server.proxy.process.logger.report(server.proxy, LOG_NOTICE, text)
  server.proxy.process.addressChanges.add(server, next, false, true)
}

/** Sets the port from the record without a report; the address is resolved. */
const changePort = (server: Server, port: number): void => {
  if (portOf(server) === port && !server.mapPorts) return
  const address = server.hasAddress && isIp(server.address) ? { ...server.address, port } : undefined
  server.proxy.process.addressChanges.add(server, address, false, false, port)
}
