/** All cases, by subject. */
import type { TrafficCase } from '../harness/case.js'
import { ABORTS } from './aborts.js'
import { ACTIONS } from './actions.js'
import { ANSWERS } from './answers.js'
import { CHANNELS } from './channels.js'
import { CONNECTIONS } from './connections.js'
import { COOKIES } from './cookies.js'
import { FIELD_NAMES } from './field-names.js'
import { HOSTILE_SERVICES } from './hostile-services.js'
import { FILTERED_BODIES, FILTER_RESULTS, HTTP_FILTERS } from './http-filters.js'
import { HTTP_SERVICE_MEMBERS } from './http-service-members.js'
import { HTTP_SERVICE_RESPONSES } from './http-service-responses.js'
import { HTTP_SERVICES } from './http-services.js'
import { HTTP_CLIENT } from './http-client.js'
import { END_EVENTS } from './end-events.js'
import { LOGS } from './logs.js'
import { LOG_TABLE } from './log-table.js'
import { RAW_REQUESTS, RAW_RESPONSES } from './malformed.js'
import { MESSAGE_MEMBERS } from './message-members.js'
import { NETSCALER } from './netscaler.js'
import { OBSERVED_TRAFFIC } from './observed-traffic.js'
import { PROXY_PROTOCOL } from './proxy-protocol.js'
import { RULES_OF_REQUESTS } from './rules-of-requests.js'
import { RULES_OF_RESPONSES } from './rules-of-responses.js'
import { TCP_FILTERS } from './tcp-filters.js'
import { TCP_RULES } from './tcp-rules.js'
import { REPLIES_OF_ACTIONS } from './replies.js'
import { TCP_SERVICES } from './tcp-services.js'
import { TCP } from './tcp.js'
import { TERMINATION } from './termination.js'
import { TIMEOUTS } from './timeouts.js'
import { UPGRADES } from './upgrades.js'

export const SUBJECTS = {
  termination: TERMINATION,
  tcp: TCP,
  'rules of TCP': TCP_RULES,
  'PROXY protocol': PROXY_PROTOCOL,
  NetScaler: NETSCALER,
  connections: CONNECTIONS,
  upgrades: UPGRADES,
  'names of fields': FIELD_NAMES,
  timeouts: TIMEOUTS,
  'rules of requests': RULES_OF_REQUESTS,
  'rules of responses': RULES_OF_RESPONSES,
  actions: ACTIONS,
  answers: ANSWERS,
  cookies: COOKIES,
  'replies of actions': REPLIES_OF_ACTIONS,
  logs: LOGS,
  'formats of log lines': LOG_TABLE,
  aborts: ABORTS,
  'channels in actions': CHANNELS,
  'members of HTTPMessage': MESSAGE_MEMBERS,
  'filters of HTTP': HTTP_FILTERS,
  'results of filters': FILTER_RESULTS,
  'bodies that filters change': FILTERED_BODIES,
  'filters of TCP': TCP_FILTERS,
  'observed traffic': OBSERVED_TRAFFIC,
  'services for HTTP': HTTP_SERVICES,
  'the HTTP client': HTTP_CLIENT,
  'members of AppletHTTP': HTTP_SERVICE_MEMBERS,
  'responses of services': HTTP_SERVICE_RESPONSES,
  'services for TCP': TCP_SERVICES,
  'events at the end': END_EVENTS,
  'hostile services': HOSTILE_SERVICES,
  'raw requests': RAW_REQUESTS,
  'raw responses': RAW_RESPONSES,
} as const satisfies Readonly<Record<string, readonly TrafficCase[]>>
