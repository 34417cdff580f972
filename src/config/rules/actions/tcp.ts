/**
 * The actions that are part of the parser of TCP rules: `accept`, `reject`, `close`, `expect-proxy`, `expect-netscaler-cip`, and by their
 * own files `capture` and `track-sc` (`tcp_parse_request_rule`, `tcp_parse_response_rule`, src/tcp_rules.c).
 */
import type { Action, RuleSetName } from '../../model/rules.js'
import { proxyTypeName } from '../../proxy/draft.js'
import type { RuleReader } from '../rule-reader.js'
import type { ActionKeyword } from './action.js'

/** Ends the evaluation: the connection is accepted, rejected, or closed after what has been received. */
export interface VerdictAction extends Action {
  readonly kind: 'accept' | 'reject' | 'close'
}

/** The client must send a header of the PROXY or NetScaler CIP protocol. */
export interface ExpectAddressAction extends Action {
  readonly kind: 'expect-proxy' | 'expect-netscaler-cip'
}

/** Actions of requests that are not registered, in the order of messages. */
export const TCP_REQUEST_ACTIONS = ['accept', 'reject', 'capture', 'track-sc', 'expect-proxy', 'expect-netscaler-cip']
export const TCP_RESPONSE_ACTIONS = ['accept', 'reject', 'close']

/** The action among these that a word names. */
export const findTcpAction = (ruleSet: RuleSetName, word: string): string | undefined =>
  ruleSet === 'tcp-response content'
    ? TCP_RESPONSE_ACTIONS.find((name) => name === word)
    : TCP_REQUEST_ACTIONS.find((name) => name === word || (name === 'track-sc' && word.startsWith(name)))

const TCP_RULE_SETS: readonly RuleSetName[] = [
  'tcp-request connection',
  'tcp-request session',
  'tcp-request content',
  'tcp-response content',
]

/** `'tcp-request content capture'`, as messages of these actions begin. */
export const ruleTitle = ({ ruleSet, name }: RuleReader): string => `'${ruleSet} ${name}'`

const verdict: ActionKeyword = {
  names: ['accept', 'reject', 'close'],
  ruleSets: TCP_RULE_SETS,
  read: (reader): VerdictAction => {
    reader.isFinal = true
    return { kind: reader.name as VerdictAction['kind'] }
  },
}

const expectAddress: ActionKeyword = {
  names: ['expect-proxy', 'expect-netscaler-cip'],
  ruleSets: TCP_RULE_SETS,
  read: (reader): ExpectAddressAction => {
    const { name, ruleSet, proxy } = reader
    const owner = `${proxyTypeName(proxy)} '${proxy.name}'`
    const layer = reader.next()
    if (layer !== 'layer4') reader.fail(`${ruleTitle(reader)} only supports 'layer4' in ${owner} (got '${layer}')`)
    if (ruleSet !== 'tcp-request connection')
      reader.fail(`'${name} ${layer}' is not allowed in '${ruleSet}' rules in ${owner}`)
    return { kind: name as ExpectAddressAction['kind'] }
  },
}

export const TCP_ACTIONS = [verdict, expectAddress]
