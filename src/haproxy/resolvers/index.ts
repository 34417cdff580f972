/** resolvers: names of servers are resolved periodically while the process runs. */
import type { Random } from '../../engine/random.js'
import type { ProcessContext } from '../context.js'
import type { ProxyDirectory } from '../proxy/directory.js'
import type { Server } from '../server/server.js'
import { HostNames } from './host-names.js'
import { ResolversSection } from './section.js'
import { Services } from './services.js'
import type { ProcessPart } from '../world.js'

export { COUNTERS } from './section.js'

/** What resolves names for `do-resolve`. */
export type NameResolver = Pick<ResolversSection, 'resolve'>

/** The `resolvers` sections of a process, and which one a server uses. */
export class Resolvers implements ProcessPart {
  readonly sections = new Map<string, ResolversSection>()

  /** the section `default` that is not configured, once it is used */
  #machine: ResolversSection | HostNames | undefined
  /** draws the numbers of queries */
  readonly #random: Random

  constructor(
    readonly process: ProcessContext,
    readonly directory: ProxyDirectory,
  ) {
    this.#random = process.random.stream('resolvers')
  }

  /** Starts them: called when the process begins to run. */
  start(): void {
    for (const config of this.process.configuration.resolvers)
      this.sections.set(config.name, new ResolversSection(this.process, config, this.#random))
    if (this.sections.size === 0) return
    for (const proxy of this.directory.proxies) {
      if (proxy.config.disabled) continue
      const services = new Map<string, Services>()
      for (const server of proxy.servers)
        if (server.config.srvRecord !== undefined) this.#addService(server, server.config.srvRecord, services)
        else if (server.hostname !== undefined) this.of(server)?.add(server, server.hostname)
    }
  }

  /**
   * What resolves names for `do-resolve`: the section of that name. The HTTP client has a section `default` without any being configured
   * (`resolvers_create_default`).
   */
  named(name: string): NameResolver | undefined {
    const section = this.sections.get(name)
    if (section) return section
    const config = this.process.configuration.httpClient?.resolvers
    if (config?.name !== name) return undefined
    return (this.#machine ??=
      config.nameservers.length > 0
        ? new ResolversSection(this.process, config, this.#random)
        : new HostNames(this.process.network))
  }

  /** The section that resolves the name of `server`, if any. */
  of(server: Server): ResolversSection | undefined {
    const { resolvers } = server.config.resolution
    return resolvers === undefined ? undefined : this.sections.get(resolvers)
  }

  /** Adds `server` to those of its proxy that use the same SRV records. @param services by name */
  #addService(server: Server, name: string, services: Map<string, Services>): void {
    const section = this.of(server)
    if (section === undefined) return
    let known = services.get(name)
    if (known === undefined) {
      known = new Services(name, server.proxy, section)
      services.set(name, known)
      section.addServices(known)
    }
    known.add(server)
  }

  /** `clear counters all` */
  clearCounters(): void {
    for (const section of this.sections.values()) section.clearCounters()
  }

  stop(): void {
    for (const section of this.sections.values()) section.stop()
    if (this.#machine instanceof ResolversSection) this.#machine.stop()
  }
}
