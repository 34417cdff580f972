/** `option pgsql-check`: a start-up message of protocol 3.0 (`proxy_parse_pgsql_check_opt` in src/tcpcheck.c). */
import { toByteString } from '../../../bytes/text.js'
import { connect, expect, format, makeProgram, regex, sendFormat, type Program } from '../program.js'
import { hexBytes, type CheckKind } from './kind.js'

/** Bytes of the start-up message besides the user's name. */
const OVERHEAD = 15

const pgsqlProgram = (user: string): Program =>
  makeProgram(
    'pgsql',
    [
      connect(true),
      sendFormat(1, '%[var(check.plen),htonl,hex]00030000' + '7573657200' + '%[var(check.username),hex]0000', true),
      expect(
        2,
        { type: 'rstring', regex: regex('^E') },
        { inverse: true, minRecv: 5, errorStatus: 'L7RSP', onError: format('%[res.payload(6,0)]') },
      ),
      expect(
        3,
        { type: 'rbinary', regex: regex('^52000000[A-Z0-9]{2}000000(00|02|03|04|05|06|07|09|0A)') },
        {
          minRecv: 9,
          errorStatus: 'L7STS',
          onSuccess: format('PostgreSQL server is ok'),
          onError: format('PostgreSQL unknown error'),
        },
      ),
    ],
    { username: user, plen: OVERHEAD + user.length },
  )

export const pgsqlCheck: CheckKind = {
  option: 'pgsql-check',
  maxArguments: 2,
  parse: ([word = '', user = '']) => {
    if (word === '' || user === '') return { error: "'option pgsql-check' expects 'user <username>' as argument." }
    if (word !== 'user') return { error: "'option pgsql-check' only supports optional values: 'user'." }
    return pgsqlProgram(toByteString(user))
  },
  example: { response: hexBytes('520000000800000000') },
}
