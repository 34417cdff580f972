/**
 * Actions on start lines: `set-method`, `set-path`, `set-pathq`, `set-query`, `set-uri`, `replace-path`, `replace-pathq`, `replace-uri`,
 * `normalize-uri`, `set-status` (src/http_act.c).
 */
import type {
  NormalizeUriAction,
  ReplaceUriAction,
  SetRequestLineAction,
  SetStatusAction,
} from '../../../config/rules/actions/request-line.js'
import { normalizePath, parseUri, reasonOf, splitQuery, type RequestHead } from '../../../http/index.js'
import { expandReplacement } from '../../../regex/index.js'
import { formatText } from '../../samples/log-format.js'
import {
  replaceMethod,
  replacePath,
  replaceQuery,
  replaceStatus,
  replaceUri,
  type Rewritable,
} from '../../streams/http/rewriting.js'
import type { RunAction } from '../action.js'
import type { ActionGroup } from './group.js'
import { failRewrite, requestOf, responseOf } from './rewrites.js'

type Part = 'method' | 'path' | 'pathq' | 'query' | 'uri'

const replacePart = (target: Rewritable<RequestHead>, part: Part, text: string): boolean => {
  switch (part) {
    case 'method':
      return replaceMethod(target, text)
    case 'path':
    case 'pathq':
      return replacePath(target, text, part === 'pathq')
    case 'query':
      return replaceQuery(target, `?${text}`)
    case 'uri':
      return replaceUri(target, text)
  }
}

const setPart =
  (part: Part): RunAction =>
  (action, scope) => {
    const target = requestOf(scope)
    const text = formatText((action as SetRequestLineAction).value, scope.samples)
    return replacePart(target, part, text) ? 'continue' : failRewrite(scope, target.message)
  }

/** The part of a target that `replace-…` matches. */
const partOf = (uri: string, part: Part): string => {
  if (part === 'uri') return uri
  const path = parseUri(uri).path ?? ''
  return part === 'path' ? splitQuery(path).path : path
}

const replacePartByRegex =
  (part: Part): RunAction =>
  (action, scope) => {
    const { regex, value } = action as ReplaceUriAction
    const target = requestOf(scope)
    const text = partOf(target.message.head!.uri, part)
    const match = text === '' ? undefined : regex.exec(text)
    if (!match) return 'continue'
    const { samples } = scope
    const expanded = expandReplacement(formatText(value, samples), text, match, samples.bufsize)
    const isReplaced = expanded !== undefined && replacePart(target, part, expanded)
    return isReplaced ? 'continue' : failRewrite(scope, target.message)
  }

const normalizeUri: RunAction = (action, scope) => {
  const { normalizer, option } = action as NormalizeUriAction
  const target = requestOf(scope)
  const { path } = parseUri(target.message.head!.uri)
  if (path === undefined) return 'continue'
  const normalized = normalizePath(path, normalizer, option)
  if (normalized === undefined) return 'invalid'
  return replacePath(target, normalized, true) ? 'continue' : failRewrite(scope, target.message)
}

const setStatus: RunAction = (action, scope) => {
  const { status, reason } = action as SetStatusAction
  const target = responseOf(scope)
  const { transaction } = scope.stream!
  // HAProxy looks at the mode of the request here
  if (!replaceStatus(target, status, reason ?? reasonOf(status))) return failRewrite(scope, transaction!.request)
  transaction!.status = status
  return 'continue'
}

export const REQUEST_LINE_ACTIONS: ActionGroup = {
  'set-method': setPart('method'),
  'set-path': setPart('path'),
  'set-pathq': setPart('pathq'),
  'set-query': setPart('query'),
  'set-uri': setPart('uri'),
  'replace-path': replacePartByRegex('path'),
  'replace-pathq': replacePartByRegex('pathq'),
  'replace-uri': replacePartByRegex('uri'),
  'normalize-uri': normalizeUri,
  'set-status': setStatus,
}
