/**
 * Actions on header fields: `set-header`, `add-header`, `early-hint`, `replace-header`, `replace-value`, `del-header`
 * (`parse_http_set_header`, `parse_http_replace_header`, `parse_http_del_header`, src/http_act.c).
 */
import { toByteString } from '../../../bytes/text.js'
import type { Regex } from '../../../regex/index.js'
import type { Action } from '../../model/rules.js'
import type { LogFormat } from '../../samples/log-format.js'
import type { RuleReader } from '../rule-reader.js'
import type { ActionKeyword } from './action.js'

/** Sets or adds a field, or adds one to a response 103 that is sent at once. The name is a byte string. */
export interface SetHeaderAction extends Action {
  readonly kind: 'set-header' | 'add-header' | 'early-hint'
  readonly field: string
  readonly value: LogFormat
}

/** Replaces what matches in whole values (`replace-header`) or in each of their comma-separated parts (`replace-value`). */
export interface ReplaceHeaderAction extends Action {
  readonly kind: 'replace-header' | 'replace-value'
  readonly field: string
  readonly regex: Regex
  readonly value: LogFormat
}

export interface DeleteHeaderAction extends Action {
  readonly kind: 'del-header'
  /** the name, or what names are matched with */
  readonly field: string
  readonly method: 'str' | 'beg' | 'end' | 'sub' | 'reg'
  /** for `reg` */
  readonly regex: Regex | undefined
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]$/

/** A name with a character that is not allowed is accepted with a warning. */
const checkFieldName = (reader: RuleReader, name: string): void => {
  const bad = [...name].find((char, index) => !TOKEN.test(char) && !(index === 0 && char === ':'))
  if (bad !== undefined) reader.remark(`header name '${name}' contains forbidden character '${bad}'`)
}

const setHeader: ActionKeyword = {
  names: ['set-header', 'add-header', 'early-hint'],
  read: (reader): SetHeaderAction => {
    const kind = reader.name as SetHeaderAction['kind']
    const [field, value] = [reader.next(), reader.next()]
    if (value === '') reader.fail('expects exactly 2 arguments')
    const format = reader.logFormat(value, { http: true })
    checkFieldName(reader, field)
    return { kind, field: toByteString(field), value: format }
  },
}

const replaceHeader: ActionKeyword = {
  names: ['replace-header', 'replace-value'],
  read: (reader): ReplaceHeaderAction => {
    const kind = reader.name as ReplaceHeaderAction['kind']
    const [field, pattern, value] = [reader.next(), reader.next(), reader.next()]
    if (value === '') reader.fail('expects exactly 3 arguments')
    return {
      kind,
      field: toByteString(field),
      regex: reader.regex(pattern),
      value: reader.logFormat(value, { http: true }),
    }
  },
}

const METHODS: readonly string[] = ['str', 'beg', 'end', 'sub', 'reg']

const deleteHeader: ActionKeyword = {
  names: ['del-header'],
  read: (reader): DeleteHeaderAction => {
    const field = reader.next()
    if (field === '') reader.fail('expects at least 1 argument')
    let method = 'str'
    if (reader.word === '-m') {
      reader.next()
      method = reader.next()
      if (method === '') reader.fail('-m flag expects exactly 1 argument')
      if (!METHODS.includes(method)) reader.fail(`-m with unsupported matching method '${method}'`)
    }
    return {
      kind: 'del-header',
      field: toByteString(field),
      method: method as DeleteHeaderAction['method'],
      regex: method === 'reg' ? reader.regex(field) : undefined,
    }
  },
}

export const HEADER_ACTIONS = [setHeader, replaceHeader, deleteHeader]
