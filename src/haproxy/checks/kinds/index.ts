/** The program that a backend's servers are checked by. */
import type { CheckRule } from '../../../config/checks/rules.js'
import type { HealthCheckConfig } from '../../../config/model/proxy.js'
import { ldapProgram } from './ldap.js'
import { mysqlProgram } from './mysql.js'
import { pgsqlProgram } from './pgsql.js'
import { connect, makeProgram, type Program } from '../../dialogue/program.js'
import { redisProgram } from './redis.js'
import { smtpProgram } from './smtp.js'
import { spopProgram } from './spop.js'
import { sslHelloProgram } from './ssl-hello.js'

/** undefined for checks that are no dialogue. */
export const healthProgram = (config: HealthCheckConfig): Program | undefined => {
  switch (config.kind) {
    case 'connect':
      return makeProgram('connect', [connect()])
    case 'tcp':
    case 'http':
      return makeProgram(config.kind, config.rules satisfies readonly CheckRule[])
    case 'smtp':
      return smtpProgram(config.hello)
    case 'ssl-hello':
      return sslHelloProgram()
    case 'ldap':
      return ldapProgram()
    case 'mysql':
      return mysqlProgram(config.user, config.version)
    case 'pgsql':
      return pgsqlProgram(config.user)
    case 'redis':
      return redisProgram()
    case 'spop':
      return spopProgram()
    case 'external':
      return undefined
  }
}
