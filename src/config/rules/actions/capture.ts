/**
 * `capture`: a sample that becomes part of logs (`parse_http_req_capture`, `parse_http_res_capture`, src/http_act.c;
 * `tcp_parse_request_rule`, src/tcp_rules.c).
 */
import { atoi, strtol } from '../../../bytes/integers.js'
import type { Action } from '../../model/rules.js'
import { hasFrontend, proxyTypeName } from '../../proxy/draft.js'
import type { SampleExpression } from '../../samples/expression.js'
import { placesMask, sourceNames, type SamplePlace } from '../../samples/places.js'
import { RuleProblem, type RuleReader } from '../rule-reader.js'
import type { ActionKeyword, RuleCheck } from './action.js'
import { ruleTitle } from './tcp.js'
import { WITHOUT_DELAY } from './track.js'

export interface CaptureAction extends Action {
  readonly kind: 'capture'
  readonly expression: SampleExpression
  /** the slot, and how many bytes it holds if this rule declares it */
  readonly slot: number
  readonly length: number | undefined
}

const httpRequest: ActionKeyword = {
  names: ['capture'],
  ruleSets: ['http-request'],
  read: (reader): CaptureAction => {
    requireThreeWords(reader, "expects <expression> [ 'len' <length> | id <idx> ]")
    const expression = availableIn(reader, 'frontend http-request header rule')
    const word = reader.next()
    if (word === '') reader.fail("expects 'len or 'id'")
    if (word === 'id') return { kind: 'capture', expression, slot: readSlot(reader), length: undefined }
    if (word !== 'len') reader.fail(`expects 'len' or 'id', found '${word}'`)
    if (!hasFrontend(reader.proxy)) reader.fail(`proxy '${reader.proxy.name}' has no frontend capability`)
    const length = atoi(reader.next())
    if (length <= 0) reader.fail('length must be > 0')
    return { kind: 'capture', expression, slot: reader.proxy.traffic.addRequestCapture(length), length }
  },
  check: (...args) => checkSlot(...args),
}

const httpResponse: ActionKeyword = {
  names: ['capture'],
  ruleSets: ['http-response', 'http-after-response'],
  read: (reader): CaptureAction => {
    requireThreeWords(reader, 'expects <expression> id <idx>')
    const expression = availableIn(reader, 'frontend http-response header rule')
    const word = reader.next()
    if (word === '') reader.fail("expects 'id'")
    if (word !== 'id') reader.fail(`expects 'id', found '${word}'`)
    return { kind: 'capture', expression, slot: readSlot(reader), length: undefined }
  },
  check: (...args) => checkSlot(...args),
}

const tcpRequest: ActionKeyword = {
  names: ['capture'],
  ruleSets: ['tcp-request connection', 'tcp-request session', 'tcp-request content'],
  read: (reader): CaptureAction => {
    const { proxy, ruleSet, line } = reader
    const title = ruleTitle(reader)
    if (!hasFrontend(proxy)) reader.fail(`${title} : proxy '${proxy.name}' has no frontend capability`)
    if (ruleSet !== 'tcp-request content') {
      const owner = `${proxyTypeName(proxy)} '${proxy.name}'`
      reader.fail(`'capture ${line.at(3)}' is not allowed in '${ruleSet}' rules in ${owner}`)
    }
    try {
      const expression = reader.availableExpression({ use: 'capture' })
      let length = 0
      if (reader.word === 'len') {
        reader.next()
        length = atoi(reader.next())
        if (length <= 0) reader.fail('length must be > 0')
      }
      if (length === 0) reader.fail("a positive 'len' argument is mandatory")
      return { kind: 'capture', expression, slot: proxy.traffic.addRequestCapture(length), length }
    } catch (error) {
      if (error instanceof RuleProblem) reader.fail(`${title} : ${error.message}`)
      throw error
    }
  },
  check: (...args) => checkDelay(...args),
}

const requireThreeWords = (reader: RuleReader, problem: string): void => {
  const { line, at } = reader
  const words = line.from(at).slice(0, 3)
  if (words.length < 3 || words.includes('if') || words.includes('unless')) reader.fail(problem)
}

const availableIn = (reader: RuleReader, place: SamplePlace): SampleExpression => {
  const expression = reader.expression()
  if ((expression.places & placesMask(place)) === 0)
    reader.fail(
      `fetch method '${reader.line.at(reader.at - 1)}' extracts information from '${sourceNames(expression.sources)}', ` +
        'none of which is available here',
    )
  return expression
}

const readSlot = (reader: RuleReader): number => {
  const text = reader.next()
  const { value, rest } = strtol(text)
  if (rest !== '') reader.fail(`cannot parse id '${text}'`)
  return value
}

/** Slots are declared in frontends, so that they cannot be checked in backends. */
const checkSlot: RuleCheck = ({ action, ruleSet }, _context, proxy) => {
  const { slot, length } = action as CaptureAction
  const { requestCaptures, responseCaptures } = proxy.traffic
  const declared = ruleSet === 'http-request' ? requestCaptures : responseCaptures
  if (length !== undefined || !hasFrontend(proxy) || slot < declared.length) return undefined
  const direction = ruleSet === 'http-request' ? 'http-request' : 'http-response'
  return `unable to find capture id '${slot}' referenced by ${direction} capture rule`
}

const SESSION = placesMask('frontend tcp-request session rule')

/** `check_capture`, src/action.c */
const checkDelay: RuleCheck = ({ action }, _context, proxy, diagnostics) => {
  const { expression } = action as CaptureAction
  if (hasFrontend(proxy) && !proxy.traffic.requestInspectDelay && (expression.places & SESSION) === 0)
    diagnostics.add(
      'warning',
      `${proxyTypeName(proxy)} '${proxy.name}' : a 'tcp-request capture' ${WITHOUT_DELAY}`,
      proxy.place,
    )
  return undefined
}

export const CAPTURE_ACTIONS = [httpRequest, httpResponse, tcpRequest]
