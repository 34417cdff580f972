/** What log lines wait for: a line is written once everything in its format is known (`LW_*`, include/haproxy/log-t.h). */
import type { LogNeed } from '../known/log-aliases.js'
import type { SampleExpression } from './expression.js'
import type { LogFormat } from './log-format.js'
import { sourcesMask } from './places.js'

/** Bits for what is waited for. */
export const LogWait = {
  /** anything at all */
  INIT: 0x1,
  CLIENT_ADDRESS: 0x2,
  SERVER_ADDRESS: 0x4,
  SERVER: 0x8,
  REQUEST: 0x10,
  RESPONSE: 0x20,
  BYTES: 0x100,
  COOKIE: 0x200,
  REQUEST_HEADERS: 0x400,
  RESPONSE_HEADERS: 0x800,
  BACKEND_ADDRESS: 0x1000,
  FRONTEND_ADDRESS: 0x2000,
  TRANSPORT: 0x4000,
  /** no bit of HAProxy's: the format has an expression, for which HTTP proxies wait for the request */
  EXPRESSION: 0x1000000,
} as const

const BITS: Readonly<Record<LogNeed, number>> = {
  'client address': LogWait.CLIENT_ADDRESS,
  'frontend address': LogWait.FRONTEND_ADDRESS,
  'backend address': LogWait.BACKEND_ADDRESS,
  'server address': LogWait.SERVER_ADDRESS,
  server: LogWait.SERVER,
  transport: LogWait.TRANSPORT,
  request: LogWait.REQUEST,
  response: LogWait.RESPONSE,
  'request headers': LogWait.REQUEST_HEADERS,
  'response headers': LogWait.RESPONSE_HEADERS,
  bytes: LogWait.BYTES,
}

const STATISTICS = sourcesMask('transaction statistics', 'session statistics')

/** Whether a value is known at the end only. HAProxy 3.2.26 says so of the sizes too, which it had not done in 3.2.0. */
const needsEnd = ({ sources, fetch: { name } }: SampleExpression): boolean =>
  (sources & STATISTICS) !== 0 || name === 'bytes_in' || name === 'bytes_out'

/** What the items of a format wait for (`lf_expr_postcheck`, src/log.c). Bits of {@link LogWait}. */
export const logWaitsOf = ({ items }: LogFormat): number => {
  let waits: number = LogWait.INIT
  for (const item of items)
    if (item.kind === 'expression')
      waits |= LogWait.TRANSPORT | LogWait.EXPRESSION | (needsEnd(item.expression) ? LogWait.BYTES : 0)
    else if (item.kind === 'alias') for (const need of item.alias.needs) waits |= BITS[need]
  return waits
}
