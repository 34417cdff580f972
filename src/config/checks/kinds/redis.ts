/** `option redis-check`: `PING` is answered with `PONG` (`proxy_parse_redis_check_opt` in src/tcpcheck.c). */
import { connect, expect, format, makeProgram, send, type Program } from '../program.js'
import type { CheckKind } from './kind.js'

const program = (): Program =>
  makeProgram('redis', [
    connect(),
    send(0, '*1\r\n$4\r\nPING\r\n'),
    expect(
      1,
      { type: 'string', data: '+PONG\r\n' },
      {
        errorStatus: 'L7STS',
        onError: format('%[res.payload(0,0),cut_crlf]'),
        onSuccess: format('Redis server is ok'),
      },
    ),
  ])

export const redisCheck: CheckKind = {
  option: 'redis-check',
  maxArguments: 0,
  parse: program,
  example: { response: '+PONG\r\n' },
}
