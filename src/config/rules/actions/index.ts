/** The actions whose arguments are read: one file for each or for a family, listed here. */
import type { RuleSetName } from '../../model/rules.js'
import type { ActionKeyword } from './action.js'
import { ALLOW } from './allow.js'
import { AUTH_ACTIONS } from './auth.js'
import { BANDWIDTH_LIMIT } from './bandwidth.js'
import { CAPTURE_ACTIONS } from './capture.js'
import { CONNECTION_ACTIONS } from './connection.js'
import { FILTER_ACTIONS } from './filters.js'
import { HEADER_ACTIONS } from './headers.js'
import { CHANGE_PATTERNS } from './pattern-files.js'
import { REDIRECT } from './redirect.js'
import { REPLY_ACTIONS } from './reply.js'
import { REQUEST_LINE_ACTIONS } from './request-line.js'
import { RESOLVE } from './resolve.js'
import { USE_SERVICE } from './service.js'
import { STREAM_ACTIONS } from './stream.js'
import { TABLE_COUNTER_ACTIONS } from './table-counters.js'
import { TCP_ACTIONS } from './tcp.js'
import { TIMING_ACTIONS } from './timing.js'
import { TRACK } from './track.js'
import { SET_VARIABLE } from './variables.js'

const ALL: readonly ActionKeyword[] = [
  ALLOW,
  ...AUTH_ACTIONS,
  BANDWIDTH_LIMIT,
  ...CAPTURE_ACTIONS,
  CHANGE_PATTERNS,
  ...CONNECTION_ACTIONS,
  ...FILTER_ACTIONS,
  ...HEADER_ACTIONS,
  REDIRECT,
  ...REPLY_ACTIONS,
  ...REQUEST_LINE_ACTIONS,
  RESOLVE,
  SET_VARIABLE,
  ...STREAM_ACTIONS,
  ...TABLE_COUNTER_ACTIONS,
  ...TCP_ACTIONS,
  ...TIMING_ACTIONS,
  TRACK,
  USE_SERVICE,
]

const byName = new Map<string, ActionKeyword[]>()
for (const keyword of ALL) for (const name of keyword.names) byName.set(name, [...(byName.get(name) ?? []), keyword])

/** What reads an action in a rule set; undefined: hapsim does not read it yet. */
export const actionKeyword = (ruleSet: RuleSetName, name: string): ActionKeyword | undefined =>
  byName.get(name)?.find(({ ruleSets }) => ruleSets === undefined || ruleSets.includes(ruleSet))
