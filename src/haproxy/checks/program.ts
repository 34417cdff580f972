/** The program by which the servers of a backend are checked. */
import { connect, makeProgram, type Program } from '../../config/checks/program.js'
import type { CheckRule } from '../../config/checks/rules.js'
import type { HealthCheckConfig } from '../../config/model/proxy.js'

/** The rules of a health check; undefined for `option external-check`, which has none. */
export const healthProgram = (config: HealthCheckConfig): Program | undefined => {
  switch (config.kind) {
    case 'connect':
      return makeProgram('connect', [connect()])
    case 'tcp':
    case 'http':
      return makeProgram(config.kind, config.rules satisfies readonly CheckRule[])
    case 'built-in':
      return config.program
    case 'external':
      return undefined
  }
}
