/**
 * Actions on the start line: `set-method`, `set-path`, `set-pathq`, `set-query`, `set-uri`, `replace-path`, `replace-pathq`, `replace-uri`,
 * `normalize-uri`, and `set-status` of responses (`parse_set_req_line`, `parse_replace_uri`, `parse_http_normalize_uri`,
 * `parse_http_set_status`, src/http_act.c).
 */
import { strtol } from '../../../bytes/integers.js'
import { toByteString } from '../../../bytes/text.js'
import type { Regex } from '../../../regex/index.js'
import type { Action } from '../../model/rules.js'
import type { LogFormat } from '../../samples/log-format.js'
import { RuleProblem, type RuleReader } from '../rule-reader.js'
import type { ActionKeyword } from './action.js'

export interface SetRequestLineAction extends Action {
  readonly kind: 'set-method' | 'set-path' | 'set-pathq' | 'set-query' | 'set-uri'
  readonly value: LogFormat
}

export interface ReplaceUriAction extends Action {
  readonly kind: 'replace-path' | 'replace-pathq' | 'replace-uri'
  readonly regex: Regex
  readonly value: LogFormat
}

export interface NormalizeUriAction extends Action {
  readonly kind: 'normalize-uri'
  readonly normalizer: Normalizer
  /** `full` or `strict` */
  readonly option: boolean
}

export interface SetStatusAction extends Action {
  readonly kind: 'set-status'
  readonly status: number
  /** a byte string; undefined: the one of the status */
  readonly reason: string | undefined
}

/** Normalizers, and the option that they take. */
const NORMALIZERS = {
  'path-merge-slashes': undefined,
  'path-strip-dot': undefined,
  'path-strip-dotdot': 'full',
  'query-sort-by-name': undefined,
  'percent-to-uppercase': 'strict',
  'percent-decode-unreserved': 'strict',
  'fragment-strip': undefined,
  'fragment-encode': undefined,
} as const
type Normalizer = keyof typeof NORMALIZERS

const isNormalizer = (name: string): name is Normalizer => name in NORMALIZERS

const requireEndAfter = (reader: RuleReader, count: number, problem: string): void => {
  const { line, at } = reader
  const after = line.at(at + count)
  if (line.from(at).length < count || (after !== '' && after !== 'if' && after !== 'unless')) reader.fail(problem)
}

const setRequestLine: ActionKeyword = {
  names: ['set-method', 'set-path', 'set-pathq', 'set-query', 'set-uri'],
  read: (reader): SetRequestLineAction => {
    requireEndAfter(reader, 1, 'expects exactly 1 argument <format>')
    return {
      kind: reader.name as SetRequestLineAction['kind'],
      value: reader.logFormat(reader.next(), { http: true }),
    }
  },
}

const replaceUri: ActionKeyword = {
  names: ['replace-path', 'replace-pathq', 'replace-uri'],
  read: (reader): ReplaceUriAction => {
    requireEndAfter(reader, 2, 'expects exactly 2 arguments <match-regex> and <replace-format>')
    return {
      kind: reader.name as ReplaceUriAction['kind'],
      regex: readRegex(reader),
      value: reader.logFormat(reader.next(), { http: true }),
    }
  },
}

const readRegex = (reader: RuleReader): Regex => {
  try {
    return reader.regex(reader.next())
  } catch (error) {
    if (error instanceof RuleProblem) reader.fail(`failed to parse the regex : ${error.message}`)
    throw error
  }
}

const normalizeUri: ActionKeyword = {
  names: ['normalize-uri'],
  read: (reader): NormalizeUriAction => {
    const name = reader.next()
    if (name === '') reader.fail('missing argument <normalizer>')
    if (!isNormalizer(name)) return reader.fail(`unknown normalizer '${name}'`)
    const known = NORMALIZERS[name]
    if (known === undefined) return { kind: 'normalize-uri', normalizer: name, option: false }
    const option = reader.word === known
    if (option) reader.next()
    else if (!reader.isEnd) reader.fail(`unknown argument '${reader.word}' for '${name}' normalizer`)
    return { kind: 'normalize-uri', normalizer: name, option }
  },
}

const setStatus: ActionKeyword = {
  names: ['set-status'],
  read: (reader): SetStatusAction => {
    const text = reader.next()
    if (text === '') reader.fail('expects 1 argument: <status>; or 3 arguments: <status> reason <fmt>')
    const { value, rest } = strtol(text)
    if (rest !== '' || value < 100 || value > 999) reader.fail('expects an integer status code between 100 and 999')
    const after = reader.line.at(reader.at + 1)
    if (reader.word !== 'reason' || after === '' || after === 'if' || after === 'unless')
      return { kind: 'set-status', status: value, reason: undefined }
    reader.next()
    return { kind: 'set-status', status: value, reason: toByteString(reader.next()) }
  },
}

export const REQUEST_LINE_ACTIONS = [setRequestLine, replaceUri, normalizeUri, setStatus]
