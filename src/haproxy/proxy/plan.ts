/**
 * What a proxy does with traffic, worked out once: the analysers that its streams run (`check_config_validity` in src/cfgparse.c), and its
 * rules with those of its `defaults` section.
 */
import type { FilterConfig } from '../../config/model/filters.js'
import type { ProxyConfig } from '../../config/model/proxy.js'
import type { Rule, RuleSetName } from '../../config/model/rules.js'
import type { TrafficConfig } from '../../config/model/traffic.js'
import { LogWait } from '../../config/samples/log-waits.js'
import { RequestAnalyser as Request, ResponseAnalyser as Response } from '../streams/analysers.js'

const NO_RULES: readonly Rule[] = []

/** A list of rules: those of `defaults` first. */
export interface RuleLists {
  readonly defaults: readonly Rule[]
  readonly own: readonly Rule[]
  /** both lists, without an empty one of `defaults` */
  readonly all: readonly (readonly Rule[])[]
  readonly ownOnly: readonly (readonly Rule[])[]
}

export class ProxyPlan {
  readonly frontendRequest: number
  readonly frontendResponse: number
  readonly backendRequest: number
  readonly backendResponse: number
  /** what log lines wait for: bits of `LogWait` */
  readonly logWaits: number
  /** the steps at which a line is always written (`log-steps`); undefined: none, empty: all */
  readonly logSteps: ReadonlySet<string> | undefined
  /** in the order of declaration */
  readonly filters: readonly FilterConfig[]
  readonly #sets = new Map<RuleSetName, RuleLists>()

  constructor(
    readonly config: ProxyConfig,
    /** its rules */
    readonly traffic: TrafficConfig | undefined = config.rules,
  ) {
    const isHttp = config.mode === 'http'
    this.logWaits = this.#logWaits()
    this.logSteps = config.logSteps && new Set(config.logSteps)
    const inspects = this.#has('tcp-request content') || (traffic?.requestInspectDelay ?? 0) > 0
    const inspectsResponse = this.#has('tcp-response content')
    this.filters = traffic?.filters ?? []
    const filters = this.filters.length > 0
    this.frontendRequest =
      (inspects ? Request.INSPECT_FRONTEND : 0) |
      (isHttp ? Request.WAIT_HTTP | Request.PROCESS_FRONTEND : 0) |
      Request.SWITCHING_RULES |
      (filters ? Request.START_FRONTEND | Request.FILTER_DATA | Request.END : 0)
    this.frontendResponse =
      (isHttp ? Response.WAIT_HTTP | Response.PROCESS : 0) |
      (filters ? Response.START_FRONTEND | Response.FILTER_DATA | Response.END : 0)
    // without the capability of a backend, streams end where they would connect
    const isBackend = config.kind !== 'frontend'
    this.backendRequest = !isBackend
      ? 0
      : (inspects ? Request.INSPECT_BACKEND : 0) |
        (isHttp ? Request.WAIT_HTTP | Request.HTTP_INNER | Request.PROCESS_BACKEND : 0) |
        ((traffic?.servers.length ?? 0) > 0 ? Request.SERVER_RULES : 0) |
        ((traffic?.sticking.length ?? 0) > 0 ? Request.STICKING_RULES : 0) |
        (config.rdpCookie !== undefined ? Request.RDP_COOKIE : 0) |
        (filters ? Request.START_BACKEND | Request.FILTER_DATA | Request.END : 0)
    this.backendResponse =
      (inspectsResponse ? Response.INSPECT : 0) |
      (isHttp ? Response.WAIT_HTTP | Response.PROCESS : 0) |
      (this.#storesResponses ? Response.STORE_RULES : 0) |
      (filters ? Response.START_BACKEND | Response.FILTER_DATA | Response.END : 0)
  }

  /** `option logasap` does not wait for the end, where sizes and times are final. */
  #logWaits(): number {
    const { config, traffic } = this
    const captures =
      ((traffic?.requestCaptures.length ?? 0) > 0 ? LogWait.REQUEST_HEADERS : 0) |
      ((traffic?.responseCaptures.length ?? 0) > 0 ? LogWait.RESPONSE_HEADERS : 0) |
      (traffic?.cookieCapture !== undefined ? LogWait.COOKIE : 0)
    const request = config.mode === 'http' && config.logWaits & LogWait.EXPRESSION ? LogWait.REQUEST : 0
    const left = LogWait.EXPRESSION | (config.options.has('logasap') ? LogWait.BYTES : 0)
    return (config.logWaits | captures | request) & ~left
  }

  get #storesResponses(): boolean {
    const { traffic } = this
    return (traffic?.storing.length ?? 0) > 0 || traffic?.sticking.some(({ stores }) => stores) === true
  }

  #has(ruleSet: RuleSetName): boolean {
    const { own, defaults } = this.rules(ruleSet)
    return own.length + defaults.length > 0
  }

  rules(ruleSet: RuleSetName): RuleLists {
    let lists = this.#sets.get(ruleSet)
    if (!lists) {
      const { traffic, config } = this
      const defaults = config.defaultRules?.rules(ruleSet) ?? NO_RULES
      const own = traffic?.rules(ruleSet) ?? NO_RULES
      lists = { defaults, own, all: defaults.length > 0 ? [defaults, own] : [own], ownOnly: [own] }
      this.#sets.set(ruleSet, lists)
    }
    return lists
  }
}
