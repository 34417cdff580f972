/** Validation of `global` keywords that are not emulated. */
import type { GlobalCheck } from './check.js'
import { FILE_CHECKS } from './files.js'
import { HTTP_CHECKS } from './http.js'
import { PROCESS_CHECKS } from './process.js'
import { PROCESSOR_CHECKS } from './processors.js'
import { QUIC_CHECKS } from './quic.js'
import { TLS_CHECKS } from './tls.js'

/** Keywords that `expose-experimental-directives` allows (`KWF_EXPERIMENTAL`). */
export const EXPERIMENTAL_GLOBAL: ReadonlySet<string> = new Set(['force-cfg-parser-pause', 'tune.fd.edge-triggered'])

/** Checks by keyword. */
export const GLOBAL_CHECKS: ReadonlyMap<string, GlobalCheck> = new Map([
  ...PROCESS_CHECKS,
  ...PROCESSOR_CHECKS,
  ...HTTP_CHECKS,
  ...QUIC_CHECKS,
  ...TLS_CHECKS,
  ...FILE_CHECKS,
])
