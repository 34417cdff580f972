/** What `haproxy -c` says of the log-formats of proxies and of the settings that belong to them. */
import { expect, test } from 'vitest'
import { describeUpstream } from '../support/upstream.js'
import { askHaproxy, askHapsim } from './compare.js'

const TIMEOUTS = ' timeout connect 1s\n timeout client 1s\n timeout server 1s\n'

const frontend = (...lines: readonly string[]): string =>
  `frontend f\n bind :8080\n${TIMEOUTS}${lines.map((line) => ` ${line}\n`).join('')}`
const inHttp = (...lines: readonly string[]): string => frontend('mode http', 'log stdout local0', ...lines)

const KEYWORDS = ['log-format', 'log-format-sd', 'error-log-format', 'unique-id-format', 'unique-id-header']
const OPTIONS = ['option httplog', 'option httplog clf', 'option httpslog', 'option tcplog', 'option tcplog clf']

const FORMATS = [
  '%ci:%cp',
  '%nosuch',
  '%{+Q}o',
  '"%[req.len] %ST"',
  '"%[res.hdr(a)]"',
  '"%[src,nosuch]"',
  '"%[nosuch]"',
  '"%[src"',
  '"%[src)"',
  '"%(a:any)ci"',
  '"%(a b)ci"',
  '"%(a"',
  '"100% of"',
  '"%{+Q}"',
  '"%{+Q"',
  '"%"',
  '"%bi%bp"',
  '"%[ssl_fc] %HM"',
]

const TEXTS: readonly string[] = [
  ...KEYWORDS.flatMap((keyword) => [frontend(keyword), frontend(`${keyword} a b`), frontend(`${keyword} a`)]),
  ...KEYWORDS.slice(0, 4).flatMap((keyword) => FORMATS.map((format) => inHttp(`${keyword} ${format}`))),
  ...OPTIONS.flatMap((option) => [frontend(option), inHttp(option), frontend(`${option} x`), frontend(`no ${option}`)]),
  ...OPTIONS.flatMap((option) => [
    `backend b\n ${option}\n`,
    `backend b\n mode http\n ${option}\n`,
    `backend b\n mode log\n ${option}\n server s udp@127.0.0.1:514\n`,
    // every other setting before and after it
    `defaults\n${[...OPTIONS, 'log-format a'].map((other) => ` ${option}\n ${other}\n`).join('')}`,
  ]),
  `backend b\n${KEYWORDS.map((keyword) => ` ${keyword} %nosuch\n`).join('')}`,
  `defaults\n${KEYWORDS.map((keyword) => ` ${keyword} %a\n ${keyword} %nosuch\n`).join('')}${frontend()}backend b\n`,
  `defaults\n error-log-format %a\nfrontend f\n bind :1\nlisten l\n bind :2\nbackend b\n`,
  `defaults\n unique-id-format "%[req.hdr(a)] %[res.hdr(a)]"\n${frontend()}listen l\n bind :2\nbackend b\n`,
  `listen l\n bind :2\n${TIMEOUTS} unique-id-format "%[be_name] %[fe_name]"\n`,
  frontend('unique-id-format "%[be_name]"'),
  `backend b\n unique-id-format "%[fe_name] %[srv_id]"\n`,
  inHttp('log-format "%[hdr(a)]"', 'log-format-sd "[x a=\\"%ci\\"]"', 'option logasap'),
  ...['all', 'close', 'close,accept', 'close,', ',close', 'all,close', 'nosuch', 'tcp-req-conn', 'close x', ''].map(
    (steps) => inHttp(`log-steps ${steps}`),
  ),
  `backend b\n log-steps close\ndefaults\n log-steps close,request\nlisten l\n bind :2\n${TIMEOUTS}`,
  frontend('log-tag'),
  frontend('log-tag a b', 'log-tag c'),
  `defaults\n option httplog\n log-tag a\n${frontend('disabled')}backend b\n`,
]

describeUpstream('log-formats of proxies', () => {
  test.for(TEXTS)('%s', (text) => {
    expect(askHapsim(text)).toEqual(askHaproxy(text))
  })
})
