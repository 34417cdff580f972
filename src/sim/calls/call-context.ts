/**
 * What the stream of a call uses of its process: all that other streams use, except that its proxy has one rule, which calls the function.
 */
import { parseConfig } from '../../config/index.js'
import type { ProxyConfig } from '../../config/model/proxy.js'
import type { Rule } from '../../config/model/rules.js'
import type { TrafficConfig } from '../../config/model/traffic.js'
import type { Micros } from '../../engine/clock.js'
import { makeListeners } from '../../haproxy/listeners/listener.js'
import { ProxyPlan } from '../../haproxy/proxy/plan.js'
import { Proxy, type ProxyContext } from '../../haproxy/proxy/proxy.js'
import type { ActionRegistry, StreamScripts } from '../../haproxy/rules/action.js'
import type { StreamContext } from '../../haproxy/streams/context.js'

/** The proxies of calls, which are no part of the configuration. */
const PROXIES = ['http', 'tcp']
  .map((mode) => `listen hapsim\n    mode ${mode}\n    bind 127.0.0.1:80 name call\n    option http-buffer-request\n`)
  .join('')

/** Their configurations, which all processes share. */
let configurations: readonly ProxyConfig[] | undefined

/** It logs to the targets of the section `global`. */
class CallProxy extends Proxy {
  override get logs(): Proxy['logs'] {
    return this.process.configuration.global.logs
  }
}

/** Makes the proxies in which functions are called, for HTTP and for TCP. */
export const makeCallProxies = (process: ProxyContext): Readonly<Record<'http' | 'tcp', Proxy>> => {
  configurations ??= parseConfig([{ name: 'hapsim', text: PROXIES }]).proxies
  const [http, tcp] = configurations.map((config) => {
    const proxy = new CallProxy(process, config)
    proxy.listeners = makeListeners(proxy)
    return proxy
  })
  return { http: http!, tcp: tcp! }
}

export class CallContext implements StreamContext {
  readonly #plan: ProxyPlan

  /**
   * @param rule the only one
   * @param actions what runs it
   */
  constructor(
    readonly traffic: StreamContext,
    proxy: Proxy,
    rule: Rule,
    readonly actions: ActionRegistry,
    inspectDelay: Micros,
  ) {
    this.#plan = new ProxyPlan(proxy.config, trafficOf(rule, inspectDelay))
  }

  plan(): ProxyPlan {
    return this.#plan
  }

  get process(): StreamContext['process'] {
    return this.traffic.process
  }

  get limits(): StreamContext['limits'] {
    return this.traffic.limits
  }

  get rulesAtOnce(): number {
    return this.traffic.rulesAtOnce
  }

  get scripts(): StreamScripts | undefined {
    return this.traffic.scripts
  }

  balancer(...args: Parameters<StreamContext['balancer']>): ReturnType<StreamContext['balancer']> {
    return this.traffic.balancer(...args)
  }

  isQueued(stream: object): boolean {
    return this.traffic.isQueued(stream)
  }

  leaveQueue(stream: object): void {
    this.traffic.leaveQueue(stream)
  }

  resolver(name: string): ReturnType<StreamContext['resolver']> {
    return this.traffic.resolver(name)
  }

  upgrade(): boolean {
    return false
  }

  remember(stream: object): void {
    this.traffic.remember(stream)
  }

  forget(stream: object): void {
    this.traffic.forget(stream)
  }
}

const trafficOf = (rule: Rule, inspectDelay: Micros): TrafficConfig => ({
  rules: (ruleSet) => (ruleSet === rule.ruleSet ? [rule] : []),
  redirects: [],
  switching: [],
  servers: [],
  sticking: [],
  storing: [],
  persistence: [],
  monitorFailures: [],
  filters: [],
  requestCaptures: [],
  responseCaptures: [],
  cookieCapture: undefined,
  requestInspectDelay: inspectDelay,
  responseInspectDelay: inspectDelay,
})
