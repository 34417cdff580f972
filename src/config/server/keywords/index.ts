/** The keywords of `server` lines. */
import type { ServerKeyword } from '../keyword.js'
import { CHECK_KEYWORDS } from './check.js'
import { GENERAL_KEYWORDS } from './general.js'
import { RESOLUTION_KEYWORDS } from './resolution.js'
import { TLS_KEYWORDS } from './tls.js'

/** In the order in which HAProxy registers those that `add server` accepts. */
const ALL: readonly ServerKeyword[] = [...TLS_KEYWORDS, ...GENERAL_KEYWORDS, ...CHECK_KEYWORDS, ...RESOLUTION_KEYWORDS]

const compare = (a: ServerKeyword, b: ServerKeyword): number => (a.name < b.name ? -1 : 1)

/** All keywords, in alphabetical order. */
export const SERVER_KEYWORDS: ReadonlyMap<string, ServerKeyword> = new Map(
  [...ALL].sort(compare).map((keyword) => [keyword.name, keyword]),
)

/** Keywords that `add server` accepts, in the order in which `add server help` lists them. */
export const DYNAMIC_SERVER_KEYWORDS: readonly string[] = ALL.filter(({ dynamic }) => dynamic).map(({ name }) => name)
