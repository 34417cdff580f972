/**
 * `option ssl-hello-chk`: a client hello of SSLv3; anything that begins like a handshake or an alert of TLS will do
 * (`proxy_parse_ssl_hello_chk_opt` in src/tcpcheck.c).
 */
import { connect, expect, makeProgram, regex, sendFormat, type Program } from '../program.js'
import { hexBytes, type CheckKind } from './kind.js'

/** Numbers of the cipher suites that are offered. */
const CIPHERS = [...range(0x01, 0x1b), ...range(0x2f, 0x3a)].map((number) => number.toString(16).padStart(4, '0'))

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

const CLIENT_HELLO = [
  '160300', // a handshake of SSLv3
  '0079', // so many bytes follow
  '01000075', // client hello, so many bytes follow
  '0300',
  '%[date(),htonl,hex]%[str(HAPROXYSSLCHK\nHAPROXYSSLCHK\n),hex]', // 32 random bytes
  '00', // no session
  '004E',
  ...CIPHERS,
  '0100', // no compression
].join('')

const program = (): Program =>
  makeProgram('ssl-hello', [
    connect(),
    sendFormat(0, CLIENT_HELLO, true),
    expect(
      1,
      { type: 'rbinary', regex: regex('^1[56]') },
      { minRecv: 5, okStatus: 'L6OK', errorStatus: 'L6RSP', timeoutStatus: 'L6TOUT' },
    ),
  ])

export const sslHelloCheck: CheckKind = {
  option: 'ssl-hello-chk',
  maxArguments: 0,
  parse: program,
  example: { response: hexBytes('15030000020228') },
}
