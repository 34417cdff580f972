/** The built-in kinds of health check. */
import type { CheckKind } from './kind.js'
import { ldapCheck } from './ldap.js'
import { mysqlCheck } from './mysql.js'
import { pgsqlCheck } from './pgsql.js'
import { redisCheck } from './redis.js'
import { smtpCheck } from './smtp.js'
import { spopCheck } from './spop.js'
import { sslHelloCheck } from './ssl-hello.js'

const CHECK_KINDS: readonly CheckKind[] = [
  smtpCheck,
  sslHelloCheck,
  ldapCheck,
  redisCheck,
  spopCheck,
  pgsqlCheck,
  mysqlCheck,
]

const BY_OPTION: ReadonlyMap<string, CheckKind> = new Map(CHECK_KINDS.map((kind) => [kind.option, kind]))

/** The kind of check that `option <name>` selects. */
export const checkKind = (name: string): CheckKind | undefined => BY_OPTION.get(name)
