/**
 * `option ldap-check`: an anonymous bind of LDAPv3 (`proxy_parse_ldap_check_opt` and `tcpcheck_ldap_expect_bindrsp` in
 * src/tcpcheck.c).
 */
import {
  connect,
  expect,
  format,
  makeProgram,
  regex,
  send,
  type CustomPattern,
  type CustomVerdict,
  type Program,
} from '../program.js'
import { STATUS } from '../status.js'
import { hexBytes, type CheckKind } from './kind.js'

const BIND_REQUEST = '\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00'

const NOT_LDAP: CustomVerdict = { failed: { status: STATUS.L7RSP, info: 'Not LDAPv3 protocol' } }

const BIND_RESPONSE: CustomPattern = {
  type: 'custom',
  judge: ({ input, lastRead }) => {
    const tooShort: CustomVerdict = lastRead ? { failed: { status: STATUS.L7RSP } } : 'wait'
    const size = messageSize(input)
    if (size === 'too short') return tooShort
    if (size === undefined) return NOT_LDAP
    if (input.length < 2 + size.bytes + size.length) return tooShort
    const rest = input.slice(2 + size.bytes)
    if (!rest.startsWith('\x02\x01\x01\x61')) return NOT_LDAP
    const skipped = rest.charCodeAt(4) & 0x80 ? rest.charCodeAt(4) & 0x7f : 0
    const result = rest.slice(5 + skipped)
    if (!result.startsWith('\x0a\x01')) return NOT_LDAP
    const code = result.charCodeAt(2) || 0
    if (code === 0) return { passed: { status: STATUS.L7OK, code, info: 'Success' } }
    const info = 'See RFC: http://tools.ietf.org/html/rfc4511#section-4.1.9'
    return { failed: { status: STATUS.L7STS, code, info } }
  },
}

/** The size of the message: one byte, or the number of bytes in the first one, of which HAProxy supports two and four. */
const messageSize = (input: string): { readonly bytes: number; readonly length: number } | 'too short' | undefined => {
  const first = input.charCodeAt(1)
  if (!(first & 0x80)) return { bytes: 0, length: first }
  const bytes = first & 0x7f
  if (input.length < 1 + bytes) return 'too short'
  if (bytes !== 2 && bytes !== 4) return undefined
  let length = 0
  for (let i = 0; i < bytes; i++) length = length * 256 + (input.charCodeAt(2 + i) || 0)
  return { bytes, length }
}

const program = (): Program =>
  makeProgram('ldap', [
    connect(),
    send(0, BIND_REQUEST),
    expect(1, { type: 'rbinary', regex: regex('^30') }, { minRecv: 14, onError: format('Not LDAPv3 protocol') }),
    expect(2, BIND_RESPONSE),
  ])

export const ldapCheck: CheckKind = {
  option: 'ldap-check',
  maxArguments: 0,
  parse: program,
  example: { response: hexBytes('300c02010161070a010004000400') },
}
