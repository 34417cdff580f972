/** How a backend chooses servers, in the model of a configuration (`struct lbprm` in include/haproxy/backend-t.h). */
import type { SampleExpression } from '../samples/expression.js'

/** An algorithm of `balance` with its arguments. */
export type BalanceConfig =
  | { readonly algorithm: 'roundrobin' | 'static-rr' | 'first' | 'leastconn' | 'source' | 'sticky' }
  /** the least loaded of some servers that are drawn at random */
  | { readonly algorithm: 'random'; readonly draws: number }
  | {
      readonly algorithm: 'uri'
      /** with the query string */
      readonly whole: boolean
      /** without scheme and authority */
      readonly pathOnly: boolean
      /** number of bytes that count; 0: all */
      readonly length: number
      /** number of directories that count; 0: all */
      readonly depth: number
    }
  /** a parameter of the query string, or of the body of a POST request */
  | { readonly algorithm: 'url_param'; readonly parameter: string }
  | { readonly algorithm: 'hdr'; readonly header: string; readonly domainOnly: boolean }
  | { readonly algorithm: 'rdp-cookie'; readonly cookie: string }
  /** of requests; `log-hash`: of log messages, the fetch of the expression stands for the message */
  | {
      readonly algorithm: 'hash' | 'log-hash'
      readonly text: string
      /** undefined: it is invalid, and so is the configuration */
      readonly expression?: SampleExpression | undefined
    }

/** `hash-type`, and what belongs to it. */
export interface HashConfig {
  readonly method: 'map-based' | 'consistent'
  readonly function: 'sdbm' | 'djb2' | 'wt6' | 'crc32' | 'none'
  /** the result is mixed again */
  readonly avalanche: boolean
}

/** `hash-preserve-affinity`: when requests stay with a server that has no free connection: always (default), unless it has reached `maxconn`, unless its queue is full. */
export type HashAffinity = 'always' | 'maxconn' | 'maxqueue'
