/** `cookie`: persistence by a cookie of the server (`PR_CK_*`, include/haproxy/proxy-t.h). Texts are byte strings. */
import type { Micros } from '../../engine/clock.js'

export interface CookieConfig {
  readonly name: string
  readonly options: ReadonlySet<CookieOption>
  /** `; domain=` values, already joined */
  readonly domain: string | undefined
  readonly maxIdle: Micros
  readonly maxLife: Micros
  /** joined with `; ` */
  readonly attributes: string | undefined
}

export type CookieOption =
  'rewrite' | 'indirect' | 'insert' | 'nocache' | 'postonly' | 'preserve' | 'prefix' | 'httponly' | 'secure' | 'dynamic'
