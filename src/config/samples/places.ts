/** Where sample expressions are evaluated, and what fetches extract their values from (include/haproxy/sample-t.h). */

/** Places where expressions are, in the order of the columns that `haproxy -dKall` prints (`SMP_CKP_*`). */
export const PLACES = [
  'frontend tcp-request connection rule',
  'frontend tcp-request session rule',
  'frontend tcp-request content rule',
  'frontend http-request header rule',
  'frontend http-request body rule',
  'frontend use-backend rule',
  'backend tcp-request content rule',
  'backend http-request header rule',
  'backend http-request body rule',
  'backend use-server, balance or stick-match rule',
  'server source selection',
  'backend tcp-response content rule',
  'backend http-response header rule',
  'backend http-response body rule',
  'backend stick-store rule',
  'frontend tcp-response content rule',
  'frontend http-response header rule',
  'frontend http-response body rule',
  'logs',
  'backend tcp-check rule',
  'configuration parser',
  'CLI parser',
] as const
export type SamplePlace = (typeof PLACES)[number]

/** The bits of places. */
export const placesMask = (...places: readonly SamplePlace[]): number =>
  places.reduce((mask, place) => mask | (1 << PLACES.indexOf(place)), 0)

/** The name of the first place of a mask, the only one that messages have (`sample_ckp_names`). */
export const placeName = (mask: number): string =>
  PLACES.find((_, bit) => mask & (1 << bit)) ?? 'unknown sample check place, please report this bug'

/** What fetches extract their values from (`SMP_SRC_*`); constants have none of these. */
export const SOURCES = [
  'internal state',
  'listener',
  'frontend',
  'client address',
  'client-side connection',
  'track counters',
  'request buffer',
  'HTTP request headers',
  'HTTP request',
  'HTTP request body',
  'backend',
  'server',
  'server address',
  'server-side connection',
  'response buffer',
  'HTTP response headers',
  'HTTP response',
  'HTTP response body',
  'request buffer statistics',
  'response buffer statistics',
  'transaction statistics',
  'session statistics',
] as const
export type SampleSource = (typeof SOURCES)[number]

/** Those of HTTP messages. */
export const MESSAGE_SOURCES = [
  'HTTP request headers',
  'HTTP request',
  'HTTP request body',
  'HTTP response headers',
  'HTTP response',
  'HTTP response body',
] as const

/** The bits of sources. */
export const sourcesMask = (...sources: readonly SampleSource[]): number =>
  sources.reduce((mask, source) => mask | (1 << SOURCES.indexOf(source)), 0)

/** The names of the sources of a mask, as messages have them (`sample_src_names`). */
export const sourceNames = (mask: number): string => SOURCES.filter((_, bit) => mask & (1 << bit)).join(',')
