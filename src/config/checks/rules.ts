/**
 * Check rules in the model of a configuration (include/haproxy/tcpcheck-t.h). Data are byte strings: one character per byte.
 */
import type { Regex } from '../../regex/index.js'
import type { Address } from '../../net/address.js'
import type { SampleExpression } from '../samples/expression.js'
import type { LogFormat } from '../samples/log-format.js'
import type { VariableAction } from '../rules/actions/set-var.js'

/** Check statuses that rules may set. */
export type RuleStatus =
  'L4OK' | 'L4CON' | 'L4TOUT' | 'L6OK' | 'L6RSP' | 'L6TOUT' | 'L7OK' | 'L7OKC' | 'L7RSP' | 'L7STS' | 'L7TOUT'

interface RuleBase {
  /** step index, counted from 0; messages count from 1. Changes when rules are inserted. */
  readonly index: number
  readonly comment: string | undefined
}

/** `connect` */
export interface ConnectRule extends RuleBase {
  readonly action: 'connect'
  readonly address: Address | undefined
  /** 0: none */
  readonly port: number
  readonly portExpression: SampleExpression | undefined
  /** added by HAProxy */
  readonly implicit: boolean
  /** `default`: uses the TLS, PROXY and SOCKS settings of the server */
  readonly useServerOptions: boolean
  readonly ssl: boolean
  /** SNI and ALPN of the connection */
  readonly sni: string | undefined
  readonly alpn: readonly string[] | undefined
  readonly sendProxy: boolean
  readonly viaSocks4: boolean
  readonly linger: boolean
}

/** `send`, `send-lf`, `send-binary` and `send-binary-lf` */
export interface SendRule extends RuleBase {
  readonly action: 'send'
  /** bytes, or a log-format that yields bytes or their hexadecimal digits */
  readonly data: string | { readonly format: LogFormat; readonly binary: boolean }
}

/** The request of an HTTP check; undefined parts have HAProxy's defaults. */
export interface HttpSendRule extends RuleBase {
  readonly action: 'http-send'
  /** set by `option httpchk` */
  readonly fromOption: boolean
  readonly method: string | undefined
  readonly uri: string | LogFormat | undefined
  readonly version: string | undefined
  readonly headers: readonly { readonly name: string; readonly value: LogFormat }[]
  readonly body: string | LogFormat | undefined
}

/** How a header's name or value is compared. */
export interface HeaderPattern {
  readonly method: 'str' | 'beg' | 'end' | 'sub' | 'reg'
  readonly pattern: string | LogFormat | Regex
}

/** The expected response. */
export type ExpectPattern =
  | { readonly type: 'string' | 'binary' | 'http-body'; readonly data: string }
  | { readonly type: 'rstring' | 'rbinary' | 'http-rstatus' | 'http-rbody'; readonly regex: Regex }
  | { readonly type: 'string-lf' | 'binary-lf' | 'http-body-lf'; readonly format: LogFormat }
  | { readonly type: 'http-status'; readonly ranges: readonly (readonly [number, number])[] }
  | {
      readonly type: 'http-header'
      readonly name: HeaderPattern
      /** undefined: any */
      readonly value: HeaderPattern | undefined
      /** match the whole value instead of comma-separated items */
      readonly full: boolean
    }

/** `expect` */
export interface ExpectRule<Pattern = ExpectPattern> extends RuleBase {
  readonly action: 'expect'
  readonly pattern: Pattern
  readonly inverse: boolean
  /** bytes; -1: wait for a match or the end of the data */
  readonly minRecv: number
  readonly okStatus: RuleStatus | undefined
  readonly errorStatus: RuleStatus | undefined
  readonly timeoutStatus: RuleStatus | undefined
  readonly statusCode: SampleExpression | undefined
  readonly onSuccess: LogFormat | undefined
  readonly onError: LogFormat | undefined
}

/** `set-var`, `set-var-fmt` and `unset-var` */
export interface VariableRule extends RuleBase {
  readonly action: 'variable'
  readonly change: VariableAction
}

/** A rule of a check. */
export type CheckRule = ConnectRule | SendRule | HttpSendRule | ExpectRule | VariableRule

/** A placeholder for a rule that hapsim does not emulate; it counts for the order and numbering of rules. */
export interface UnsupportedRule extends RuleBase {
  readonly action: 'left-out'
  /** its kind */
  readonly of: CheckRule['action']
}

/** `comment`, which applies to the rules after it. */
export interface CommentRule extends RuleBase {
  readonly action: 'comment'
}

/** An `expect` rule with HAProxy's defaults. */
export const defaultExpect = <Pattern>(index: number, pattern: Pattern): ExpectRule<Pattern> => ({
  action: 'expect',
  index,
  comment: undefined,
  pattern,
  inverse: false,
  minRecv: -1,
  okStatus: undefined,
  errorStatus: undefined,
  timeoutStatus: undefined,
  statusCode: undefined,
  onSuccess: undefined,
  onError: undefined,
})

/** The `connect` rule that HAProxy adds. */
export const IMPLICIT_CONNECT: ConnectRule = {
  action: 'connect',
  index: 0,
  comment: undefined,
  address: undefined,
  port: 0,
  portExpression: undefined,
  implicit: true,
  useServerOptions: true,
  ssl: false,
  sni: undefined,
  alpn: undefined,
  sendProxy: false,
  viaSocks4: false,
  linger: false,
}
