/**
 * Default responses of simulated servers to health checks, by kind of check.
 */
import type { HealthCheckConfig } from '../config/model/proxy.js'
import type { TcpServer } from './actors/index.js'

const bytes = (hex: string): string => hex.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)))

const SMTP_ANSWERS: readonly (readonly [RegExp, string])[] = [
  [/^QUIT/i, '221 bye\r\n'],
  [/^/, '250 hello\r\n'],
]

const MYSQL_GREETING = `${bytes('4a0000000a')}${'8.0.0-hapsim\0'.padEnd(0x49, '\x01')}`
const MYSQL_OK = bytes('0700000200000002000000')
const PGSQL_OK = bytes('520000000800000000')
const LDAP_SUCCESS = bytes('300c02010161070a010004000400')
const TLS_ALERT = bytes('15030000020228')

const SPOP_CONTENT = `${bytes('65000000010000')}\x07version\x08\x032.0\x0emax-frame-size\x03\xfc\xf0\x06\x0ccapabilities\x08\0`
const SPOP_HELLO = `\0\0\0${String.fromCharCode(SPOP_CONTENT.length)}${SPOP_CONTENT}`

/** Makes `server` pass checks of this kind. Servers with `tcp-check` rules are not changed. */
export const respondToChecks = (server: TcpServer, { kind }: HealthCheckConfig): TcpServer => {
  switch (kind) {
    case 'smtp':
      server.greet('220 hapsim\r\n')
      return server.respond((command) => SMTP_ANSWERS.find(([shape]) => shape.test(command))![1])
    case 'mysql':
      return server.greet(MYSQL_GREETING).respond(MYSQL_OK)
    case 'pgsql':
      return server.respond(PGSQL_OK)
    case 'redis':
      return server.respond('+PONG\r\n')
    case 'ldap':
      return server.respond(LDAP_SUCCESS)
    case 'ssl-hello':
      return server.respond(TLS_ALERT)
    case 'spop':
      return server.respond(SPOP_HELLO)
    default:
      return server
  }
}
