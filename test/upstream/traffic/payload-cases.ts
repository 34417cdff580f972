/** Bytes that clients send over TCP, and the fetches that are evaluated on them once no more is waited for. Byte strings. */

const PAYLOAD_FETCHES = [
  ...['0,0', '0,4', '2,3', '3,0', '100,1', '0,99999', '20000,1'].map((args) => `req.payload(${args})`),
  ...['0,1', '0,2', '1,2', '0,1,+1', '0,1,-1', '0,1,4', '0,1,3', '2,2,0', '0,4'].map(
    (args) => `req.payload_lv(${args})`,
  ),
  ...['req.len', 'req_len', 'payload(0,2)', 'payload_lv(0,1)', 'wait_end', 'always_true'],
]

const HELLO_FETCHES = [
  ...['hello_type', 'sni', 'ver', 'st_ext', 'ec_ext', 'alpn', 'cipherlist', 'supported_groups', 'sigalgs'].map(
    (name) => `req.ssl_${name}`,
  ),
  ...['req.ssl_keyshare_groups', 'req_ssl_hello_type', 'req_ssl_sni', 'req_ssl_ver'],
]

const OTHER_FETCHES = [
  ...['rdp_cookie', 'rdp_cookie(mstshash)', 'rdp_cookie(MSTS)', 'req.rdp_cookie', 'rdp_cookie_cnt'],
  ...['rdp_cookie_cnt(msts)', 'distcc_param(DIST)', 'distcc_param(ARGV,2)', 'distcc_body(ARGV)', 'distcc_body(ARGV,2)'],
  ...['distcc_param(NONE)', 'req.proto_http', 'method', 'path', 'url', 'req.hdr(host)', 'req.hdr_cnt(x)', 'query'],
  ...['req.ver', 'base', 'req.body', 'req.body_len', 'req.body_size', 'req.cook(a)', 'urlp(a)', 'http_auth_user'],
  ...['src', 'fc_http_major', 'fc_nb_streams', 'fe_name', 'so_id', 'dst_conn', 'req.hdrs', 'req.hdr_names'],
  ...['fc_err', 'cur_client_timeout', 'waiting_entity', 'last_rule_line', 'ssl_fc', 'url_ip'],
]

export const BYTE_FETCHES: readonly string[] = [...PAYLOAD_FETCHES, ...HELLO_FETCHES, ...OTHER_FETCHES]

const u16 = (value: number): string => String.fromCharCode(value >> 8, value & 0xff)
const sized = (bytes: string): string => u16(bytes.length) + bytes
const extension = (type: number, content: string): string => u16(type) + sized(content)

/** A record with a ClientHello. @param extensions undefined: there is no list of them */
const hello = (extensions: string | undefined, version = 0x0303, ciphers = '\x13\x01\x13\x02'): string => {
  const random = 'r'.repeat(32)
  const body = `${u16(version)}${random}\x04sess${sized(ciphers)}\x01\0${extensions === undefined ? '' : sized(extensions)}`
  const message = `\x01\0${sized(body)}`
  return `\x16\x03\x01${sized(message)}`
}

const sni = (name: string): string => extension(0, sized(`\0${sized(name)}`))
const alpn = (...names: readonly string[]): string =>
  extension(16, sized(names.map((name) => String.fromCharCode(name.length) + name).join('')))
const groups = extension(10, sized('\0\x1d\0\x17'))
const algorithms = extension(13, sized('\x04\x03\x08\x04'))
const keyShare = extension(51, sized(`\0\x1d${sized('k'.repeat(32))}\0\x17${sized('q'.repeat(5))}`))
const full = hello(sni('www.example.com') + groups + alpn('h2', 'http/1.1') + algorithms + keyShare + extension(35, ''))

const token = (name: string, value: number, body = ''): string => name + value.toString(16).padStart(8, '0') + body

const rdp = (text: string): string => `\x03\0\0\x2f\x2a\xe0\0\0\0\0\0${text}`

export const PAYLOADS: readonly string[] = [
  'a',
  '\x03abcdef',
  '\0\x03abcdef',
  '\x01\0\x02xyz',
  full,
  full.slice(0, -1),
  full.slice(0, -3),
  full.slice(0, -4),
  full.slice(0, -5),
  full.slice(0, 60),
  full.slice(0, 5),
  `${full}more`,
  hello(sni('a.b') + extension(35, 'ticket')),
  hello(alpn('x')),
  hello(extension(0, '')),
  hello(extension(16, '\0')),
  hello(extension(51, '\0\x01')),
  hello(`${extension(99, 'x')}\0\x10\xff\xff`),
  hello(''),
  hello(undefined),
  hello(sni('old'), 0x0300),
  hello(sni('v'), 0x0301, '\0'),
  `\x15\x03\x01\0\x02\x02\x28${'x'.repeat(10)}`,
  '\x16\x02\x01\0\x50xxxxxxxxxxx',
  `\x80\x2e\x01\x03\x01\0\x15\0\0\0\x10${'c'.repeat(21)}${'h'.repeat(16)}`,
  `\x80\x2e\x01\x03\x01\0\x15\0\0\0\x10${'c'.repeat(21)}`,
  rdp('Cookie: mstshash=user\r\nmore'),
  rdp('cookie:   MSTS=1234.5678.0000\r\n'),
  rdp('Cookie: mstshash\r\n'),
  rdp('Cookie: mstshash=incomplete'),
  rdp('Nothing: a=b\r\n'),
  token('DIST', 2) + token('ARGC', 3) + token('ARGV', 2, 'cc') + token('ARGV', 3, '-oo') + token('DOTI', 4, 'x'),
  `${token('DIST', 1)}ARGVnohexxx`,
  'GET /p?a=1 HTTP/1.1\r\nHost: h\r\nX: 1,2\r\nCookie: a=b\r\nAuthorization: Basic am9lOnNlY3JldA==\r\n\r\n',
  'POST http://1.2.3.4/ HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc',
  'GET /part HTTP/1.1\r\nHost:',
  'GET /\r\n',
  'GET / HTTP/2.7\r\nx y: z\r\n\r\n',
  'FOO /x HTTP/3.1\r\nUpper-Case: V\r\n\r\n',
]

/** Fetches of bytes that a server has sent. */
export const RESPONSE_BYTE_FETCHES: readonly string[] = [
  ...['0,0', '0,4', '1,2', '99,1'].map((args) => `res.payload(${args})`),
  ...['payload(0,3)', 'payload_lv(0,1)', 'res.payload_lv(0,1)', 'res.payload_lv(0,2,+1)', 'res.len', 'wait_end'],
  ...['res.ssl_hello_type', 'rep_ssl_hello_type', 'distcc_param(DONE)', 'distcc_body(SOUT)', 'be_name', 'srv_name'],
  ...['bc_http_major', 'bc_nb_streams', 'bc_err', 'bc_reused', 'fc_http_major', 'src', 'be_server_timeout'],
  ...['res.ver', 'status', 'res.hdr(a)', 'res.body', 'method', 'req.timer.queue', 'txn.conn_retries'],
]

/** Bytes that a server sends, one for each connection. */
export const SERVER_PAYLOADS: readonly string[] = [
  'x',
  '\x02abcdef',
  '\0\x02-abc',
  `\x16\x03\x03${sized(`\x02\0${sized('s'.repeat(40))}`)}`,
  `\x16\x03\x03${sized(`\x02\0${sized('s'.repeat(40))}`)}`.slice(0, -2),
  token('DONE', 2) + token('STAT', 1) + token('SERR', 1, 'e') + token('SOUT', 3, 'abc'),
  'HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody',
]
