/**
 * `option mysql-check`: the server's greeting and, with a user, the answer to a login (`proxy_parse_mysql_check_opt` and
 * `tcpcheck_mysql_expect_packet` in src/tcpcheck.c).
 */
import { toByteString } from '../../../bytes/text.js'
import {
  connect,
  expect,
  makeProgram,
  sendFormat,
  type CustomPattern,
  type CustomVerdict,
  type Program,
} from '../program.js'
import { STATUS } from '../status.js'
import { hexBytes, type CheckKind } from './kind.js'

const HEADER = 4

/** The payload of the login packet (capabilities, maximum packet size, user), followed by a COM_QUIT packet. */
const LOGIN = {
  'pre-41': '0080' + '000001',
  'post-41': '00820000' + '00800001' + '21' + '00'.repeat(23),
} as const

const loginRule = (version: keyof typeof LOGIN) =>
  sendFormat(
    1,
    `%[var(check.header),hex]${LOGIN[version]}%[var(check.username),hex]0000` + '010000' + '00' + '01',
    true,
  )

const mysqlProgram = (user: string, version: 'pre-41' | 'post-41'): Program => {
  const length = user.length + 7 + (version === 'post-41' ? 27 : 0)
  const header = String.fromCharCode(length & 0xff, (length >> 8) & 0xff, (length >> 16) & 0xff, 1)
  return makeProgram('mysql', [connect(true), loginRule(version), expect(2, GREETING), expect(3, LOGGED_IN)], {
    header,
    username: user,
  })
}

const lengthAt = (input: string, at: number): number =>
  (input.charCodeAt(at) || 0) + ((input.charCodeAt(at + 1) || 0) << 8) + ((input.charCodeAt(at + 2) || 0) << 16)

/** Checks the packet at `offset`. The info of a success is the version in the greeting. */
const judgePacket = (input: string, offset: number, lastRead: boolean, isLast: boolean): CustomVerdict => {
  const truncated: CustomVerdict = lastRead ? { failed: { status: STATUS.L7RSP } } : 'wait'
  if (input.length < offset + HEADER) return truncated
  if (input.length < offset + HEADER + lengthAt(input, offset)) return truncated
  if (input[offset + HEADER] === '\xff') {
    const code = input.charCodeAt(offset + 5) + (input.charCodeAt(offset + 6) << 8)
    return { failed: { status: STATUS.L7STS, code, info: untilNul(input.slice(offset + 7)) } }
  }
  return isLast ? { passed: { status: STATUS.L7OK, code: 0, info: untilNul(input.slice(HEADER + 1)) } } : 'continue'
}

const untilNul = (text: string): string => {
  const nul = text.indexOf('\0')
  return nul < 0 ? text : text.slice(0, nul)
}

const GREETING: CustomPattern = {
  type: 'custom',
  judge: ({ input, lastRead, isLast }) => judgePacket(input, 0, lastRead, isLast),
}

const LOGGED_IN: CustomPattern = {
  type: 'custom',
  judge: ({ input, lastRead, isLast }) => judgePacket(input, HEADER + lengthAt(input, 0), lastRead, isLast),
}

export const mysqlCheck: CheckKind = {
  option: 'mysql-check',
  maxArguments: 3,
  parse: ([word = '', user = '', version = '']) => {
    if (word === '') return makeProgram('mysql', [connect(true), expect(1, GREETING)])
    if (word !== 'user') return { error: `'option mysql-check' only supports optional values: 'user' (got '${word}').` }
    if (user === '') return { error: "'option mysql-check user' expects <username> as argument." }
    if (version !== '' && version !== 'post-41' && version !== 'pre-41')
      return { error: `keyword 'user' only supports 'post-41' and 'pre-41' (got '${version}').` }
    return mysqlProgram(toByteString(user), version || 'post-41')
  },
  example: {
    greeting: `${hexBytes('4a0000000a')}${'8.0.0-hapsim\0'.padEnd(0x49, '\x01')}`,
    response: hexBytes('0700000200000002000000'),
  },
}
