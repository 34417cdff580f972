/** The limit of file descriptors (`raise_rlim_nofile` and related code in src/haproxy.c). */
import { readFileSync } from 'node:fs'

/** HAProxy's upper limit (`fd-hard-limit`). */
const MAX_DESCRIPTORS = 1_048_576

/**
 * The limit, as machine options; empty if the system does not provide it.
 *
 * @param given overrides the system's limit
 */
export const descriptorLimit = (given: number | undefined): { readonly descriptors?: number } => {
  if (given !== undefined) return { descriptors: given }
  try {
    const hard = /^Max open files +\S+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    return hard === undefined ? {} : { descriptors: Math.min(Number(hard), MAX_DESCRIPTORS) }
  } catch {
    return {}
  }
}
