/**
 * The rules of checks as the configuration says them (include/haproxy/tcpcheck-t.h). Data are byte strings: one character
 * for each byte.
 */
import type { Address } from '../../net/address.js'
import type { LogFormat, SampleExpression } from '../samples/log-format.js'

/** Names of check statuses that rules may ask for. */
export type RuleStatus =
  'L4OK' | 'L4CON' | 'L4TOUT' | 'L6OK' | 'L6RSP' | 'L6TOUT' | 'L7OK' | 'L7OKC' | 'L7RSP' | 'L7STS' | 'L7TOUT'

interface RuleBase {
  /** counted from 0, as messages count steps from 1; changes when rules are inserted */
  readonly index: number
  readonly comment: string | undefined
}

export interface ConnectRule extends RuleBase {
  readonly action: 'connect'
  readonly address: Address | undefined
  /** 0: none */
  readonly port: number
  readonly portExpression: SampleExpression | undefined
  /** nobody wrote it */
  readonly implicit: boolean
  /** what the server line says of TLS, PROXY and SOCKS holds */
  readonly useServerOptions: boolean
  readonly ssl: boolean
  /** the name that TLS asks for, and the protocols that it offers */
  readonly sni: string | undefined
  readonly alpn: readonly string[] | undefined
  readonly sendProxy: boolean
  readonly viaSocks4: boolean
  readonly linger: boolean
}

export interface SendRule extends RuleBase {
  readonly action: 'send'
  /** bytes, or a log-format whose result is bytes, or hexadecimal digits of them */
  readonly data: string | { readonly format: LogFormat; readonly binary: boolean }
}

/** The request of an HTTP check; what is undefined has HAProxy's default. */
export interface HttpSendRule extends RuleBase {
  readonly action: 'http-send'
  /** it comes from `option httpchk` */
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
  readonly pattern: string | LogFormat | RegExp
}

/** What the server must say. */
export type ExpectPattern =
  | { readonly type: 'string' | 'binary' | 'http-body'; readonly data: string }
  | { readonly type: 'rstring' | 'rbinary' | 'http-rstatus' | 'http-rbody'; readonly regex: RegExp }
  | { readonly type: 'string-lf' | 'binary-lf' | 'http-body-lf'; readonly format: LogFormat }
  | { readonly type: 'http-status'; readonly ranges: readonly (readonly [number, number])[] }
  | {
      readonly type: 'http-header'
      readonly name: HeaderPattern
      /** undefined: any */
      readonly value: HeaderPattern | undefined
      /** the whole value, not what commas separate */
      readonly full: boolean
    }

export interface ExpectRule<Pattern = ExpectPattern> extends RuleBase {
  readonly action: 'expect'
  readonly pattern: Pattern
  readonly inverse: boolean
  /** bytes; -1: wait until it matches, or the end */
  readonly minRecv: number
  readonly okStatus: RuleStatus | undefined
  readonly errorStatus: RuleStatus | undefined
  readonly timeoutStatus: RuleStatus | undefined
  readonly statusCode: SampleExpression | undefined
  readonly onSuccess: LogFormat | undefined
  readonly onError: LogFormat | undefined
}

export interface VariableRule extends RuleBase {
  readonly action: 'variable'
  readonly name: string
  /** undefined: it is unset */
  readonly value: SampleExpression | LogFormat | undefined
}

export type CheckRule = ConnectRule | SendRule | HttpSendRule | ExpectRule | VariableRule

/** A rule that is left out: the order of the others, and their numbers, count it. */
export interface UnsupportedRule extends RuleBase {
  readonly action: 'left-out'
  /** what it would be */
  readonly of: CheckRule['action']
}

/** A comment goes over to the rules behind it. */
export interface CommentRule extends RuleBase {
  readonly action: 'comment'
}

/** An expect rule with nothing said but its pattern; it waits for as many bytes as it needs. */
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

/** A connect rule that nobody wrote. */
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
