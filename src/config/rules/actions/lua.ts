/**
 * Actions that scripts register: `lua.NAME` (`action_register_lua`, src/hlua.c). How many words are arguments is only known once the
 * scripts are loaded, so that neither they nor the condition are looked at here.
 */
import type { Action, RuleSetName } from '../../model/rules.js'

export interface LuaAction extends Action {
  readonly kind: 'lua'
  readonly name: string
  /** the words after the name: arguments, and the condition */
  readonly words: readonly string[]
}

/** The rule sets as scripts name them. */
export const LUA_ENVIRONMENTS: Readonly<Partial<Record<RuleSetName, string>>> = {
  'tcp-request content': 'tcp-req',
  'tcp-response content': 'tcp-res',
  'http-request': 'http-req',
  'http-response': 'http-res',
  'http-after-response': 'http-after-res',
}

/** Whether a script may register an action of this name. */
export const isLuaAction = (name: string): boolean => name.startsWith('lua.')
