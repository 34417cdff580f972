/**
 * What the stream of a call uses of its process: all that other streams use, except that its proxy has one rule, which calls the function.
 */
import type { ProxyConfig } from '../../config/model/proxy.js'
import type { Rule } from '../../config/model/rules.js'
import type { TrafficConfig } from '../../config/model/traffic.js'
import { ProxyDraft } from '../../config/proxy/draft.js'
import type { Micros } from '../../engine/clock.js'
import { ProxyPlan } from '../../haproxy/proxy/plan.js'
import { Proxy, type ProxyContext } from '../../haproxy/proxy/proxy.js'
import type { ActionRegistry, StreamScripts } from '../../haproxy/rules/action.js'
import type { StreamContext } from '../../haproxy/streams/context.js'
import { NO_PLACE } from './called-process.js'

/**
 * Makes the proxy in which functions are called. It is no part of the configuration, and logs to the targets of the section `global`.
 */
export const makeCallProxy = (process: ProxyContext, mode: 'http' | 'tcp'): Proxy => {
  const draft = new ProxyDraft('hapsim', 'listen', NO_PLACE)
  draft.uuid = -1
  draft.change({ mode, options: new Set(['http-buffer-request']), logs: process.configuration.global.logs })
  return new Proxy(process, draft as ProxyConfig)
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
