/** What a configuration does with the variables of the process, in the order of the text (src/vars.c). */
import type { VariableAction } from '../rules/actions/set-var.js'
import type { VariableName } from '../samples/variables.js'
import type { Variables as Environment } from '../syntax/environment.js'
import type { Place } from '../syntax/place.js'

/** `tune.vars.<name>-max-size` */
export const LIMITED_VARIABLES = ['global', 'proc', 'sess', 'txn', 'reqres', 'check'] as const
export type LimitedVariables = (typeof LIMITED_VARIABLES)[number]

export type VariableStep =
  /** the first mention of a variable: it exists from here on, without a value */
  | { readonly type: 'declare'; readonly variable: VariableName }
  /** the memory that variables may take, in bytes; 0: no limit */
  | { readonly type: 'limit'; readonly of: LimitedVariables; readonly bytes: number }
  /** `set-var` or `set-var-fmt` in `global`, which is evaluated when it is read */
  | {
      readonly type: 'set'
      readonly action: VariableAction
      readonly environment: Environment
      readonly place: Place
    }
