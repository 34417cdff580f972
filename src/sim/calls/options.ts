/** Options of calls: what functions of scripts are called for. */
import { toByteString } from '../../bytes/text.js'
import { fromBytes } from '../../bytes/latin1.js'
import { LUA_RULE_SETS } from '../../config/rules/actions/lua.js'
import { parseVariableName, type VariableName } from '../../config/samples/variables.js'
import type { Sample } from '../../haproxy/samples/sample.js'
import { parseAddress, type Address } from '../../net/address.js'
import type { BodyData } from '../actors/body-pieces.js'
import type { Duration } from '../duration.js'
import { checkOptions, type CallRequest, type CallResponse } from './messages.js'
import { toSample, type CallValue } from './values.js'

/** A rule set as scripts name it in `core.register_action`: `tcp-req`, `tcp-res`, `http-req`, `http-res`, `http-after-res`. */
export type CallRuleSet = keyof typeof LUA_RULE_SETS

/** What a function of a script is called for. */
export interface CallOptions {
  /** the request (default: `GET /`) */
  readonly request?: CallRequest
  /** the response of the server, for functions called in rules on responses; bytes for TCP (default: an empty one, of status 200) */
  readonly response?: CallResponse | BodyData
  /** what the client of a TCP connection sends, in place of a request */
  readonly data?: BodyData
  /** the arguments of an action, a fetch or a converter in the configuration */
  readonly arguments?: readonly (string | number)[]
  /** variables set before, by name: `txn.user` */
  readonly variables?: Readonly<Record<string, CallValue>>
  /**
   * the rules in which it is called (default: those that an action is registered for, if there is only one; otherwise `http-req`, or
   * `http-res` with a response, or those of TCP with `data`)
   */
  readonly ruleSet?: CallRuleSet
  /** the address of the client, `192.0.2.7` or `192.0.2.7:4000` (default: 127.0.0.1:40000) */
  readonly from?: string
  /** the address that the client has connected to (default: 127.0.0.1:80) */
  readonly to?: string
  /** `tcp-request inspect-delay` and `tcp-response inspect-delay`, while which an action for TCP may wait (default: none) */
  readonly inspectDelay?: Duration
  /** how long it may take, in virtual time (default 1m) */
  readonly limit?: Duration
}

/** Options of services, which rules do not evaluate. */
export type ServiceOptions = Omit<CallOptions, 'response' | 'arguments' | 'ruleSet' | 'inspectDelay'>

const SERVICE_OPTIONS = ['request', 'data', 'variables', 'from', 'to', 'limit'] as const
const ALL_OPTIONS = [...SERVICE_OPTIONS, 'response', 'arguments', 'ruleSet', 'inspectDelay'] as const

const KNOWN: Readonly<Record<'service' | 'other', ReadonlySet<string>>> = {
  service: new Set(SERVICE_OPTIONS),
  other: new Set(ALL_OPTIONS),
}

/** Throws a RangeError for options that do not exist, rule sets that do not exist, and options that exclude each other. */
export const checkCallOptions = (call: string, options: CallOptions): void => {
  checkOptions(call, options, call === 'service' ? KNOWN.service : KNOWN.other)
  const { ruleSet } = options
  if (ruleSet !== undefined && !Object.hasOwn(LUA_RULE_SETS, ruleSet))
    throw new RangeError(
      `'${String(ruleSet)}' is not a rule set; rule sets are ${Object.keys(LUA_RULE_SETS).join(', ')}`,
    )
  if (options.request !== undefined && options.data !== undefined)
    throw new RangeError(`${call}: 'data' is what a client of TCP sends, in place of a request`)
}

/** Throws a RangeError if they are no list of text and numbers. */
export const argumentTexts = ({ arguments: given = [] }: CallOptions): string[] => {
  // an empty table of Lua
  if (!Array.isArray(given) && typeof given === 'object' && Object.keys(given).length === 0) return []
  if (!Array.isArray(given)) throw new RangeError("'arguments' must be a list")
  return given.map((each: unknown) => {
    if (typeof each !== 'string' && typeof each !== 'number')
      throw new RangeError(`an argument must be text or a number, not ${typeof each}`)
    return toByteString(String(each))
  })
}

/** Throws a RangeError for an invalid name, with HAProxy's message, and for a scope that the rules do not have. */
export const givenVariables = (
  { variables = {} }: CallOptions,
  ruleSet: CallRuleSet,
): (readonly [VariableName, Sample])[] =>
  Object.entries(variables).map(([text, value]) => {
    const name = parseVariableName(text)
    if ('error' in name) throw new RangeError(`variable '${text}': ${name.error}`)
    const { scope } = name
    const isAbsent = name.ofParent || scope === 'check' || scope === (ruleSet.endsWith('res') ? 'req' : 'res')
    if (isAbsent) throw new RangeError(`variable '${text}': there is no such scope in ${ruleSet} rules`)
    return [name, toSample(`variable '${text}'`, value)] as const
  })

/** An address with a port, which may be left out. Throws a RangeError for an invalid one. */
export const addressOption = (text: string, port: number): Address => {
  const parsed = parseAddress(text, { portOk: true })
  if ('error' in parsed) throw new RangeError(parsed.error)
  const { address } = parsed
  return 'port' in address && address.port === 0 ? { ...address, port } : address
}

/** Text or bytes as a byte string. */
export const dataBytes = (data: BodyData): string => {
  if (typeof data === 'string') return toByteString(data)
  if (data instanceof Uint8Array) return fromBytes(data)
  throw new RangeError(`data must be text, not a ${typeof data}`)
}
