/** What streams use of their process. */
import type { MessageLimits } from '../../http/index.js'
import type { Balancer } from '../balance/balancer.js'
import type { ProcessContext } from '../context.js'
import type { ProxyDirectory } from '../proxy/directory.js'
import type { ProxyPlan } from '../proxy/plan.js'
import type { Proxy } from '../proxy/proxy.js'
import type { NameResolver } from '../resolvers/index.js'
import type { ActionRegistry, StreamScripts } from '../rules/action.js'
import type { Endpoint, EndpointOwner } from './endpoint.js'

/** A stream whose connection to the client is replaced. */
export interface UpgradedStream extends EndpointOwner {
  readonly front: { endpoint: Endpoint | undefined }
}

export interface StreamContext {
  readonly process: ProcessContext & Pick<ProxyDirectory, 'backendNamed' | 'frontendNamed'>
  readonly limits: MessageLimits
  /** how many rules a stream evaluates before it lets other tasks run (`tune.max-rules-at-once`) */
  readonly rulesAtOnce: number
  /** what scripts have registered; undefined without scripts */
  readonly scripts: StreamScripts | undefined
  /** what runs the actions of rules */
  readonly actions: ActionRegistry
  /** What a proxy does with traffic. */
  plan(proxy: Proxy): ProxyPlan
  /** What chooses the servers of a backend. */
  balancer(backend: Proxy): Balancer
  /** Whether the stream waits in a queue, and the end of waiting. */
  isQueued(stream: object): boolean
  leaveQueue(stream: object): void
  /** The section of `resolvers` of that name. */
  resolver(name: string): NameResolver | undefined
  /**
   * Has the client's connection of a TCP stream parsed as HTTP/1 from now on (`conn_upgrade_mux_fe`, src/connection.c). The stream waits
   * until the head of a request is complete.
   * @param received bytes of the connection that were read already
   * @param protocol the name of what is to parse it, as `proto` takes it; undefined: chosen by what the client sends
   * @returns false if the connection cannot be upgraded
   */
  upgrade(stream: UpgradedStream, received: string, protocol: string | undefined): boolean
  /** The stream exists from now on. */
  remember(stream: object): void
  /** The stream is over. */
  forget(stream: object): void
}
