/** A group of actions that are emulated, by their kind. */
import type { RunAction } from '../action.js'

export type ActionGroup = Readonly<Record<string, RunAction>>
