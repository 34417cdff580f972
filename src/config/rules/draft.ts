/** The rules of a proxy while the configuration is parsed. */
import type { Condition } from '../model/acl.js'
import type { FilterConfig } from '../model/filters.js'
import type { Action, Rule, RuleSetName } from '../model/rules.js'
import type { SampleExpression } from '../samples/expression.js'
import type { Place } from '../syntax/place.js'

/** `use_backend` and `use-server`. */
export interface TargetRule {
  readonly name: string
  readonly condition: Condition | undefined
  readonly place: Place
}

/** A line of `stick`. */
export interface StickRule {
  readonly expression: SampleExpression
  readonly stores: boolean
  readonly matches: boolean
  readonly table: string | undefined
  readonly condition: Condition | undefined
}

/** A slot for a part of logs: the value of a header field, or what a rule puts there. */
export interface CaptureSlot {
  /** a byte string */
  readonly name: string | undefined
  /** bytes that are kept */
  readonly length: number
}

/** What lines of a proxy say of traffic. */
export class TrafficDraft {
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
