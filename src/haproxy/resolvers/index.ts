/** resolvers: names of servers are asked for again and again while the process runs. */
import type { HaproxyProcess } from '../process.js'
import type { Server } from '../server.js'
import { ResolversSection } from './section.js'

export { COUNTERS, ResolversSection } from './section.js'

/** The sections of a process, by their names, and which server is with which. */
export class Resolvers {
  readonly sections = new Map<string, ResolversSection>()

  constructor(readonly process: HaproxyProcess) {}

  /** Sets them to work: called when the process begins to run. */
  start(): void {
    const { configuration, proxies } = this.process
    for (const config of configuration.resolvers)
      this.sections.set(config.name, new ResolversSection(this.process, config))
    if (this.sections.size === 0) return
    for (const proxy of proxies) {
      if (proxy.config.disabled) continue
      for (const server of proxy.servers)
        if (server.hostname !== undefined) this.of(server)?.add(server, server.hostname)
    }
  }

  /** The section that resolves the name of `server`; undefined where none does. */
  of(server: Server): ResolversSection | undefined {
    const { resolvers } = server.config.resolution
    return resolvers === undefined ? undefined : this.sections.get(resolvers)
  }

  stop(): void {
    for (const section of this.sections.values()) section.stop()
  }
}
