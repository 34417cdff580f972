/** Lines `stick-table` are for hapsim what they are for `haproxy -c`, and references between tables too. */
import { expect, test } from 'vitest'
import { describeUpstream } from '../../support/upstream.js'
import { askHaproxy, askHapsim } from '../compare.js'

const TIMEOUTS = ' timeout connect 1s\n timeout client 1s\n timeout server 1s\n'

/** What follows `stick-table`. */
const SETTINGS: readonly string[] = [
  '',
  'type',
  'type foo',
  'type ip',
  'size',
  'size 1k',
  'size x type ip',
  'size 1kx type ip',
  'size 5000000000 type ip',
  'size 4294967296 type ip',
  'size 4294967295 type ip',
  'size 8g type ip',
  'size 3g type ip',
  'size 4194304k type ip',
  'size 0 type ip',
  'size -1 type ip',
  'type ip size 1k',
  'type ipv4 size 1k',
  'type ipv6 size 1k',
  'type integer size 1k',
  'type integer len 4 size 1k',
  'type string size 1k',
  'type string len size 1k',
  'type string len 0 size 1k',
  'type string len 10 size 1k',
  'type string len -1 size 1k',
  'type string len 10x size 1k',
  'type binary len 10 size 1k',
  'type binary len',
  'type ip size 1k expire',
  'type ip size 1k expire 5',
  'type ip size 1k expire 0',
  'type ip size 1k expire x',
  'type ip size 1k expire 10sx',
  'type ip size 1k expire 99999d',
  'type ip size 1k expire 1us',
  'type ip size 1k expire 10x',
  'type ip size 1k expire 10s expire 20s',
  'type ip size 1k nopurge',
  'type ip size 1k nopurge recv-only',
  'type ip size 1k peers',
  'type ip size 1k store',
  'type ip size 1k store foo',
  'type ip size 1k store gpc0',
  'type ip size 1k store gpc0,gpc0',
  'type ip size 1k store gpc0,,gpc1',
  'type ip size 1k store ,gpc0',
  'type ip size 1k store gpc0,',
  'type ip size 1k store gpc0 store gpc0',
  'type ip size 1k store gpc0(1)',
  'type ip size 1k store gpc0()',
  'type ip size 1k store gpc0_rate',
  'type ip size 1k store gpc0_rate()',
  'type ip size 1k store gpc0_rate(10s)',
  'type ip size 1k store gpc0_rate(10s',
  'type ip size 1k store gpc0_rate(10s,20s)',
  'type ip size 1k store gpc0_rate(10sx)',
  'type ip size 1k store gpc0_rate(x)',
  'type ip size 1k store gpc0_rate(99999d)',
  'type ip size 1k store gpc0_rate(10s)x,conn_cnt',
  'type ip size 1k store gpc0_rate(10s)(20s)',
  'type ip size 1k store gpc',
  'type ip size 1k store gpc(',
  'type ip size 1k store gpc()',
  'type ip size 1k store gpc(0)',
  'type ip size 1k store gpc(100)',
  'type ip size 1k store gpc(101)',
  'type ip size 1k store gpc(-1)',
  'type ip size 1k store gpc(x)',
  'type ip size 1k store gpc(3),gpc0',
  'type ip size 1k store gpc(3),gpc1',
  'type ip size 1k store gpc1 store gpc(3)',
  'type ip size 1k store gpt(3),gpt0',
  'type ip size 1k store gpc_rate(3)',
  'type ip size 1k store gpc_rate(3,10s)',
  'type ip size 1k store gpc_rate(3,x,10s)',
  'type ip size 1k store gpc_rate(3,10s),gpc0_rate(10s)',
  'type ip size 1k store gpc_rate(0,10s)',
  'type ip size 1k store gpt(3,4)',
  'type ip size 1k store server_name,server_key',
  'type ip size 1k store server_id,conn_cur,sess_cnt,sess_rate(1m),http_req_cnt,http_req_rate(1m),http_err_cnt,http_err_rate(1m),bytes_in_cnt,bytes_in_rate(1m),bytes_out_cnt,bytes_out_rate(1m),http_fail_cnt,http_fail_rate(1m),glitch_cnt,glitch_rate(1m)',
  'type ip size 1k srvkey',
  'type ip size 1k srvkey foo',
  'type ip size 1k srvkey addr',
  'type ip size 1k srvkey name',
  'type ip size 1k write-to',
  'type ip size 1k write-to nosuch',
  'type ip size 1k write-to l',
  'type ip size 1k write-to b',
  'type integer size 1k write-to b',
  'type ip size 1k write-to s',
  'type string size 1k write-to s',
  'type string len 11 size 1k write-to s',
  'type string len 10 size 1k write-to s',
  'type ip size 1k brates-factor',
  'type ip size 1k brates-factor 0',
  'type ip size 1k brates-factor 1024',
  'type ip size 1k brates-factor 1025',
  'type ip size 1k brates-factor 1k',
  'type ip size 1k brates-factor x',
  'type ip size 1k bogus',
  'type ip size 1k table',
  'bogus',
]

const IP = 'stick-table type ip size 1k'
const frontend = (name: string, ...lines: readonly string[]) =>
  `frontend ${name}\n bind :1\n timeout client 1s\n ${lines.join('\n ')}\n`
const backend = (name: string, ...lines: readonly string[]) => `backend ${name}\n ${lines.join('\n ')}\n`

const TEXTS: readonly string[] = [
  ...SETTINGS.map(
    (settings) =>
      `listen l\n bind :8080\n${TIMEOUTS} stick-table ${settings}\n` +
      backend('b', IP) +
      backend('s', 'stick-table type string len 10 size 1k'),
  ),
  `defaults\n ${IP}\n`,
  frontend('f', IP, IP),
  frontend('f', IP) + backend('f', IP),
  backend('f', IP) + frontend('f', IP),
  `listen l\n bind :1\n${TIMEOUTS} ${IP}\n ${IP}\n`,
  backend('a', `${IP} write-to b`) + backend('b', `${IP} write-to a`),
  backend('a', `${IP} write-to b`) + backend('b', `${IP} write-to c`) + backend('c', IP),
  backend('c', IP) + backend('b', `${IP} write-to c`) + backend('a', `${IP} write-to b`),
  backend('a', 'disabled', `${IP} write-to nosuch`),
  backend('a', `${IP} write-to b`) + backend('b', 'disabled', IP),
  backend('a', 'disabled', `${IP} peers nosuch`),
]

describeUpstream('stick tables', () => {
  test.for(TEXTS)('%s', (text) => {
    expect(askHapsim(text)).toEqual(askHaproxy(text))
  })
})
