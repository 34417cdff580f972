/** The configuration that evaluates all fetches of the comparison with the real HAProxy. */
import { CONDITIONS, LOG_FETCHES, REQUEST_FETCHES, RESPONSE_FETCHES } from './fetch-cases.js'
import { BYTE_FETCHES, RESPONSE_BYTE_FETCHES } from './payload-cases.js'

/** One line for each expression: its value in hexadecimal digits and a full stop, nothing where it has none. */
const formatOf = (expressions: readonly string[]): string =>
  expressions.map((expression, i) => `${i}=%[${expression},hex,concat(.)]\n`).join('')

const GLOBAL = `global
  log stdout len 65535 format raw local0
  stats socket unix@sock level admin
  nbthread 1
  tune.bufsize 65536
userlist users
  group staff users joe,ann
  group other users bob
  user joe insecure-password secret
  user ann password $6$abcdefgh$idoXWLpluXirngpx9vAVhc6oZY0.qDGkWFoel8QgeaaAk6tikJpe3.5DiCMBOwX9i8JSiV/euhwpnOK7b0DbE1
  user bob password $5$rounds=1234$longsaltlongsalt$BGn.W.EPy53bMH5pomP2JzTkgsNZdTsI3qopx4k6Ps4
  user cat password $1$salty$7YuHJfuxh5.IxAvZWN2JE/
defaults
  mode http
  log global
  timeout client 5s
  timeout server 4s
  timeout connect 1s
  timeout tunnel 9s
`

/** The addresses of the frontends and of the server. */
export interface Addresses {
  readonly requests: string
  readonly responses: string
  readonly payloads: string
  readonly replies: string
  readonly failures: string
  readonly server: string
}

/** A log line of all values, written at the end of the stream for its size. */
const lineOf = (expressions: readonly string[]): string =>
  `"%B VALUES ${expressions.map((expression) => `|%[${expression},hex,concat(.)]`).join('')}"`

export const configOf = ({ requests, responses, payloads, replies, failures, server }: Addresses): string => `${GLOBAL}
frontend requests
  bind ${requests} name listener
  option http-buffer-request
  unique-id-format "id-%[src]-%HM"
  capture request header x-list len 5
  capture request header cookie len 30
${CONDITIONS.map((condition, i) => `  http-request set-var(txn.c${i}) bool(true) if { ${condition} }\n`)
  .join('')
  .replace(/{ ([A-Z][\w.]*) }/g, '$1')}
  http-request return status 200 content-type text/plain lf-file requests.lf
frontend responses
  bind ${responses}
  capture request header x-list len 5
  capture response header set-cookie len 9
  http-request set-priority-class int(-5)
  http-request set-priority-offset int(700)
  unique-id-format "id-%[path]"
  default_backend servers
  log-format ${lineOf(LOG_FETCHES)}
backend servers
  option http-server-close
  server s1 ${server}
${RESPONSE_FETCHES.map((fetch, i) => `  http-response set-var(txn.v${i}) ${fetch}\n`).join('')}
  http-response return status 200 content-type text/plain lf-file responses.lf
frontend failures
  bind ${failures}
  timeout server 500
  use_backend %[path,bytes(1)]
  log-format ${lineOf(LOG_FETCHES)}
backend refused
  server s1 ${server.replace(/:.*/, ':1')}
backend reset
  server s1 ${server}
backend close
  server s1 ${server}
backend none
frontend bytes
  mode tcp
  bind ${payloads}
  tcp-request inspect-delay 300ms
${BYTE_FETCHES.map((fetch, i) => `  tcp-request content set-var(sess.v${i}) ${fetch} if WAIT_END\n`).join('')}
  tcp-request content reject if WAIT_END
  log-format ${lineOf(BYTE_FETCHES.map((_, i) => `var(sess.v${i})`))}
frontend replies
  mode tcp
  bind ${replies}
  default_backend tcp
  log-format ${lineOf(RESPONSE_BYTE_FETCHES.map((_, i) => `var(sess.v${i})`))}
backend tcp
  mode tcp
  server s1 ${server}
  tcp-response inspect-delay 300ms
${RESPONSE_BYTE_FETCHES.map((fetch, i) => `  tcp-response content set-var(sess.v${i}) ${fetch} if WAIT_END\n`).join('')}
`

/** What the lines of the response to a request are about. */
export const REQUEST_LINES = [...REQUEST_FETCHES, ...CONDITIONS.map((_, i) => `var(txn.c${i})`)]

export const FILES = {
  'requests.lf': formatOf(REQUEST_LINES),
  'responses.lf': formatOf(RESPONSE_FETCHES.map((_, i) => `var(txn.v${i})`)),
}
