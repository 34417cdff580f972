/**
 * The check rules of a section, including implicit rules and order checks (`tcpcheck_add_http_rule` and
 * `check_proxy_tcpcheck` in src/tcpcheck.c).
 */
import { isIp } from '../../net/address.js'
import {
  IMPLICIT_CONNECT,
  defaultExpect,
  type CheckRule,
  type CommentRule,
  type ExpectRule,
  type HttpSendRule,
  type UnsupportedRule,
} from './rules.js'

type Rule = CheckRule | CommentRule | UnsupportedRule

/** Why a rule set does not provide a port to servers without one. */
export type PortGap = 'no rules' | 'first' | 'later'

/** The kind of a rule, which determines the order. */
const kindOf = (rule: Rule): CheckRule['action'] | 'comment' => (rule.action === 'left-out' ? rule.of : rule.action)

const isStep = (rule: Rule): boolean => kindOf(rule) !== 'comment' && kindOf(rule) !== 'variable'

/** `http-check expect status 200-399`, which HAProxy adds if the last rule is a request. */
const expectSuccessStatus = (index: number): ExpectRule =>
  defaultExpect(index, { type: 'http-status', ranges: [[200, 399]] })

/** A list of check rules. */
export class RuleSet<Kind extends 'tcp' | 'http' = 'tcp' | 'http'> {
  /** the final rules without comments; set by {@link finish} */
  rules: CheckRule[] = []
  private list: Rule[] = []
  private written: readonly Rule[] = []

  constructor(readonly kind: Kind) {}

  /** The index of the next rule. */
  get nextIndex(): number {
    const last = this.list.at(-1)
    return last === undefined || (last.action === 'http-send' && last.fromOption) ? 0 : last.index + 1
  }

  /** Whether a `connect` rule is allowed after the rules so far. */
  get mayConnect(): boolean {
    const first = this.list.find((rule) => isStep(rule) && !(rule.action === 'http-send' && rule.fromOption))
    return first === undefined || kindOf(first) === 'connect'
  }

  append(rule: Rule): void {
    this.list.push(rule)
  }

  /** Adds the request of `option httpchk`: as the first rule, or merged into the first request. */
  addOption(rule: HttpSendRule): void {
    const steps = this.list.filter(isStep)
    const first = steps[0]?.action === 'connect' ? steps[1] : steps[0]
    if (first?.action !== 'http-send') this.list.unshift(rule)
    else if (first.fromOption) {
      this.list.splice(this.list.indexOf(first), 1)
      this.list.unshift(rule)
    } else this.list[this.list.indexOf(first)] = merged(first, rule)
  }

  /** Adds an `http-check` rule; returns an error message if it is not allowed here. */
  addHttp(rule: Rule): string | undefined {
    const last = this.list.filter(isStep).at(-1)
    const missing = last && !(last.action === 'http-send' && last.fromOption) ? missingBefore(rule, last) : undefined
    if (missing !== undefined) {
      const name = kindOf(rule) === 'http-send' ? 'send' : kindOf(rule)
      return `unable to add http-check ${name} rule at step ${rule.index + 1} (missing ${missing} rule).`
    }
    const first = this.list.find(isStep)
    if (rule.action === 'http-send' && first?.action === 'http-send' && first.fromOption) {
      this.list.splice(this.list.indexOf(first), 1)
      this.list.push({ ...merged(first, rule), fromOption: false, index: first.index })
    } else this.list.push(rule)
    return undefined
  }

  /** Adds implicit rules, and attaches comments to the rules after them. */
  finish(): this {
    this.written = [...this.list]
    this.list = this.list.filter((rule) => rule.action !== 'left-out')
    if (this.kind === 'http') this.completeHttp()
    if (this.list.find(isStep)?.action !== 'connect') this.list.unshift(IMPLICIT_CONNECT)
    this.rules = withComments(this.list)
    return this
  }

  /** Why the rules do not provide a port, if so. @param isComplete consider implicit rules, too */
  portGap(isComplete: boolean): PortGap | undefined {
    const list = isComplete ? this.list : this.written
    if (list.length === 0) return 'no rules'
    const first = list.find(isStep)
    if (first?.action !== 'connect' || lacksPort(first)) return 'first'
    return list.some(lacksPort) ? 'later' : undefined
  }

  private completeHttp(): void {
    const first = this.list.findIndex(isStep)
    const send = this.list[first]
    if (send?.action === 'http-send' && send.fromOption) {
      const next = this.list.findIndex((rule, at) => at > first && isStep(rule))
      const connect = this.list[next]
      if (connect?.action === 'connect') {
        this.list.splice(first, 1)
        this.list.splice(next, 0, { ...send, index: connect.index + 1 })
      }
    }
    const last = this.list.filter(isStep).at(-1)
    if (last?.action === 'http-send') this.list.push(expectSuccessStatus(last.index + 1))
  }
}

const lacksPort = (rule: Rule): boolean =>
  rule.action === 'connect' && rule.port === 0 && !(rule.address && isIp(rule.address) && rule.address.port !== 0)

/** The kind of rule that is missing between `last` and `rule`. */
const missingBefore = (rule: Rule, last: Rule): string | undefined => {
  const [kind, before] = [kindOf(rule), kindOf(last)]
  if (kind === 'http-send') return before === 'connect' ? undefined : 'connect'
  if (kind === 'expect') return before === 'http-send' || before === 'expect' ? undefined : 'send'
  if (kind === 'connect') return before === 'expect' ? undefined : 'expect'
  return undefined
}

/** `old` overridden with the defined parts of `rule`. */
const merged = (old: HttpSendRule, rule: HttpSendRule): HttpSendRule => ({
  ...old,
  method: rule.method ?? old.method,
  uri: rule.uri ?? old.uri,
  version: rule.version ?? old.version,
  headers: rule.headers.length > 0 ? rule.headers : old.headers,
  body: rule.body ?? old.body,
})

const withComments = (list: readonly Rule[]): CheckRule[] => {
  const rules: CheckRule[] = []
  let comment: string | undefined
  let previous: Rule['action'] = 'comment'
  for (const rule of list) {
    if (rule.action !== previous && previous !== 'comment') comment = undefined
    previous = rule.action
    if (rule.action === 'comment') {
      comment = rule.comment
      continue
    }
    if (rule.action === 'left-out') continue
    rules.push(rule.comment === undefined && comment !== undefined && isStep(rule) ? { ...rule, comment } : rule)
    if (rule.action === 'connect' || rule.action === 'variable') comment = undefined
  }
  return rules
}
