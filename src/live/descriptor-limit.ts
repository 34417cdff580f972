/** How many descriptors the process reckons with (`raise_rlim_nofile` and its neighbours in src/haproxy.c). */
import { readFileSync } from 'node:fs'

/** HAProxy asks for no more (`fd-hard-limit`). */
const MOST_DESCRIPTORS = 1_048_576

/** @param given the number where it is not asked for. Returns nothing where the system does not say. */
export const descriptorLimit = (given: number | undefined): { readonly descriptors?: number } => {
  if (given !== undefined) return { descriptors: given }
  try {
    const hard = /^Max open files +\S+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    return hard === undefined ? {} : { descriptors: Math.min(Number(hard), MOST_DESCRIPTORS) }
  } catch {
    return {}
  }
}
