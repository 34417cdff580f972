/** The actions that are emulated: one file each for a group of them, listed here. */
import type { ActionRegistry } from '../action.js'
import { CAPTURE_ACTIONS } from './capture.js'
import { CONNECTION_ACTIONS } from './connection.js'
import { HEADER_ACTIONS } from './headers.js'
import { LUA_ACTIONS } from './lua.js'
import { PATTERN_ACTIONS } from './patterns.js'
import { REDIRECT_ACTIONS } from './redirect.js'
import { REPLY_ACTIONS } from './reply.js'
import { REQUEST_LINE_ACTIONS } from './request-line.js'
import { RESOLVE_ACTIONS } from './resolve.js'
import { SERVICE_ACTIONS } from './service.js'
import { STREAM_ACTIONS } from './stream.js'
import { VARIABLE_ACTIONS } from './variables.js'
import { VERDICT_ACTIONS } from './verdicts.js'
import { WAITING_ACTIONS } from './waiting.js'

const GROUPS = [
  CAPTURE_ACTIONS,
  CONNECTION_ACTIONS,
  HEADER_ACTIONS,
  LUA_ACTIONS,
  PATTERN_ACTIONS,
  REDIRECT_ACTIONS,
  REPLY_ACTIONS,
  REQUEST_LINE_ACTIONS,
  RESOLVE_ACTIONS,
  SERVICE_ACTIONS,
  STREAM_ACTIONS,
  VARIABLE_ACTIONS,
  VERDICT_ACTIONS,
  WAITING_ACTIONS,
]

export const ACTIONS: ActionRegistry = new Map(GROUPS.flatMap((group) => Object.entries(group)))
