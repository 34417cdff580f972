/** `option redis-check`: `PING` is answered with `PONG` (`proxy_parse_redis_check_opt` in src/tcpcheck.c). */
import { connect, expect, format, makeProgram, send, type Program } from '../../dialogue/program.js'

export const redisProgram = (): Program =>
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
