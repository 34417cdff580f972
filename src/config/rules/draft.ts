/** The rules of a proxy while the configuration is parsed. */
import type { Condition } from '../model/acl.js'
import type { FilterConfig } from '../model/filters.js'
import type { Action, Rule, RuleSetName } from '../model/rules.js'
import type { CaptureSlot, StickRule, TargetRule, TrafficConfig } from '../model/traffic.js'

/** What lines of a proxy say of traffic. */
export class TrafficDraft implements TrafficConfig {
  readonly #sets = new Map<RuleSetName, Rule[]>()
  readonly redirects: { readonly action: Action; readonly condition: Condition | undefined }[] = []
  readonly switching: TargetRule[] = []
  readonly servers: TargetRule[] = []
  readonly sticking: StickRule[] = []
  readonly storing: StickRule[] = []
  readonly persistence: { readonly force: boolean; readonly condition: Condition }[] = []
  /** `monitor fail` */
  readonly monitorFailures: Condition[] = []
  /** in the order of declaration */
  readonly filters: FilterConfig[] = []
  /** `switch-mode` */
  switchesMode = false
  /** slots for what is captured for logs, and how many bytes each holds */
  readonly requestCaptures: CaptureSlot[] = []
  readonly responseCaptures: CaptureSlot[] = []
  /** `capture cookie` */
  cookieCapture: { readonly name: string; readonly length: number } | undefined
  requestInspectDelay: number | undefined
  responseInspectDelay: number | undefined

  get hasCaptures(): boolean {
    return this.requestCaptures.length + this.responseCaptures.length > 0
  }

  /** Takes the slots that a `defaults` section declares. */
  inheritCaptures({ requestCaptures, responseCaptures }: TrafficDraft): void {
    this.requestCaptures.push(...requestCaptures)
    this.responseCaptures.push(...responseCaptures)
  }

  rules(ruleSet: RuleSetName): readonly Rule[] {
    return this.#sets.get(ruleSet) ?? NONE
  }

  addRule(rule: Rule): void {
    const rules = this.#sets.get(rule.ruleSet)
    if (rules) rules.push(rule)
    else this.#sets.set(rule.ruleSet, [rule])
  }

  /** Declares a slot; returns its number. */
  addRequestCapture(length: number): number {
    return this.requestCaptures.push({ name: undefined, length }) - 1
  }

  get hasRules(): boolean {
    return this.#sets.size > 0
  }

  has(ruleSet: RuleSetName): boolean {
    return this.#sets.has(ruleSet)
  }
}

const NONE: readonly never[] = []
