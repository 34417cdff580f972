/** Built-in kinds of health check (`proxy_parse_*_check_opt` in src/tcpcheck.c): what a file of this directory declares. */
import type { Program } from '../program.js'

/** What a server sends so that a check passes. Texts are byte strings. */
export interface ExampleServer {
  /** sent on each new connection */
  readonly greeting?: string
  /** sent for each message of the check */
  readonly response: string | ((message: string) => string)
}

/** A kind of check that an `option` selects. */
export interface CheckKind {
  /** the option's name: `redis-check` */
  readonly option: string
  readonly maxArguments: number
  /** Parses the option's arguments; returns the rules of the check, or HAProxy's error message. */
  readonly parse: (words: readonly string[]) => Program | { readonly error: string }
  /** the behaviour of simulated servers that nothing else is configured for */
  readonly example: ExampleServer
}

/** The byte string of hexadecimal digits. */
export const hexBytes = (hex: string): string =>
  hex.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)))
