/** The actions that are emulated: one file each for a group of them, listed here. */
import type { ActionRegistry } from '../action.js'
import { REPLY_ACTIONS } from './reply.js'
import { VARIABLE_ACTIONS } from './variables.js'
import { VERDICT_ACTIONS } from './verdicts.js'

export const ACTIONS: ActionRegistry = new Map(
  [REPLY_ACTIONS, VARIABLE_ACTIONS, VERDICT_ACTIONS].flatMap((group) => Object.entries(group)),
)
