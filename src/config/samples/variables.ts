/**
 * Names of variables, with the scope that they begin with, and the conditions of `set-var` (`vars_fill_desc` and `vars_parse_cond_param`,
 * src/vars.c).
 */
import { firstByte } from '../../bytes/text.js'

export const VARIABLE_SCOPES = ['proc', 'sess', 'txn', 'req', 'res', 'check'] as const
export type VariableScope = (typeof VARIABLE_SCOPES)[number]

export interface VariableName {
  readonly scope: VariableScope
  /** `psess.`, `ptxn.`, `preq.`, `pres.`: of the parent stream */
  readonly ofParent: boolean
  /** the name after the scope */
  readonly name: string
}

const SCOPED_NAME = /^(p(?=sess|txn|req|res))?(proc|sess|txn|req|res|check)\.(.+)$/s

/** @returns the parsed name, or HAProxy's error message */
export const parseVariableName = (text: string): VariableName | { readonly error: string } => {
  if (text === '') return { error: 'Empty variable name cannot be accepted' }
  const [, parent, scope, name] = SCOPED_NAME.exec(text) ?? []
  if (name === undefined)
    return {
      error:
        `invalid variable name '${text}'. A variable name must start with its scope. ` +
        "The scope can be 'proc', '(p)sess', '(p)txn', '(p)req', '(p)res' or 'check'",
    }
  const invalid = name.search(/[^A-Za-z0-9_.]/)
  if (invalid >= 0) return { error: `invalid syntax at char '${firstByte(name.slice(invalid))}'` }
  return { scope: scope as VariableScope, ofParent: parent !== undefined, name }
}

/** HAProxy's error message for an invalid name. */
export const variableProblem = (text: string): string | undefined => {
  const parsed = parseVariableName(text)
  return 'error' in parsed ? parsed.error : undefined
}

export const SET_CONDITIONS = [
  'ifexists',
  'ifnotexists',
  'ifempty',
  'ifnotempty',
  'ifset',
  'ifnotset',
  'ifgt',
  'iflt',
] as const

/** When `set-var` sets a variable. Several can be combined. */
export type SetCondition = (typeof SET_CONDITIONS)[number]

export const isSetCondition = (word: string): word is SetCondition =>
  (SET_CONDITIONS as readonly string[]).includes(word)

/** HAProxy's error message for a word that is no condition. */
export const setConditionProblem = (word: string): string | undefined =>
  isSetCondition(word) ? undefined : `unknown condition "${word}"`
