/** Requests, responses and bytes that fetches are evaluated on, and the fetches. Byte strings. */

const REQUEST_HEADERS = [
  ...['X-List', 'x-list,1', 'x-list,2', 'x-list,-1', 'x-list,-2', 'x-list,-10', 'x-list,0', 'x-empty', 'x-absent', ''],
  ...['host', 'x-ip', 'x-ip,1', 'x-ip,2', 'x-num', 'x-num,1', 'cookie', 'connection', 'content-length', 'user-agent'],
]
const COOKIES = ['sid', 'a', 'A', 'b', 'sp', 'q', 'empty', 'none', '$Version', '']
const PARAMETERS = ['a', 'b', 'A', 'long', 'none', 'a,?', 'a,;', 'a,?,i', 'A,,i', 'x,#', '', ',?']

const withArguments = (names: readonly string[], args: readonly string[]): string[] =>
  names.flatMap((name) => [name, ...args.map((each) => (each === '' ? `${name}()` : `${name}(${each})`))])

/** The first argument of each: for fetches that take one only. */
const firsts = (args: readonly string[]): string[] => [...new Set(args.map((each) => each.split(',')[0]!))]

/** Fetches of requests, which `http-request return` has. */
export const REQUEST_FETCHES: readonly string[] = [
  ...withArguments(['req.hdr', 'req.fhdr', 'hdr', 'req.hdr_val', 'req.hdr_ip', 'hdr_val', 'hdr_ip'], REQUEST_HEADERS),
  ...withArguments(['req.hdr_cnt', 'req.fhdr_cnt', 'hdr_cnt'], firsts(REQUEST_HEADERS)),
  ...withArguments(['req.cook', 'cook', 'cookie', 'req.cook_val', 'cook_val', 'req.cook_cnt', 'cook_cnt'], COOKIES),
  ...withArguments(['req.hdr_names', 'req.cook_names'], [';', '-']),
  ...withArguments(['url_param', 'urlp', 'urlp_val'], PARAMETERS),
  ...withArguments(['req.body_param'], ['a', 'b', 'A', 'A,i', 'none', '']),
  ...withArguments(['query'], ['', 'with_qm']),
  ...['method', 'path', 'pathq', 'url', 'url32', 'base', 'baseq', 'base32', 'url_ip', 'url_port', 'req.ver', 'req_ver'],
  ...[
    'req.hdrs',
    'req.hdrs_bin',
    'req.body',
    'req.body_len',
    'req.body_size',
    'req.len',
    'req_len',
    'req.payload(0,0)',
  ],
  ...['http_auth_type', 'http_auth_user', 'http_auth_pass', 'http_auth_bearer', 'http_auth_bearer(x-token)'],
  ...['http_auth(users)', 'http_auth_group(users)', 'http_first_req', 'req.proto_http', 'req_proto_http', 'unique-id'],
  ...['capture.req.hdr(0)', 'capture.req.hdr(1)', 'capture.req.hdr(9)', 'capture.req.method', 'capture.req.uri'],
  ...['capture.req.ver', 'capture.res.ver', 'src', 'fc_src', 'src_is_local', 'dst_is_local', 'fc_src_is_local'],
  ...['fc_http_major', 'fc_err', 'fc_err_str', 'fc_err_name', 'fc_nb_streams', 'fc_settings_streams_limit'],
  ...['fc_rcvd_proxy', 'fc_pp_authority', 'fc_pp_unique_id', 'fc_pp_tlv(0x02)', 'fc_pp_tlv(alpn)', 'fc_glitches'],
  ...['so_id', 'so_name', 'dst_conn', 'fe_id', 'fe_name', 'fe_defbe', 'fe_client_timeout', 'cur_client_timeout'],
  ...['last_rule_file', 'last_rule_line', 'last_entity', 'waiting_entity', 'ssl_fc', 'ssl_fc_has_sni', 'ssl_fc_sni'],
  ...['ssl_fc_has_crt', 'ssl_fc_is_resumed', 'fc.timer.handshake', 'bytes_in'],
  ...['base32+src', 'url32+src', 'fc_lost', 'fc_sacked', 'fc_retrans', 'rdp_cookie', 'req.ssl_sni', 'req.ssl_ver'],
]

const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString('base64')}`

const message = (line: string, fields: readonly string[], body = ''): string =>
  `${[line, ...fields].join('\r\n')}\r\n\r\n${body}`

const post = (body: string, ...fields: readonly string[]): string =>
  message('POST /form?a=0 HTTP/1.1', ['Host: h', ...fields, `Content-Length: ${body.length}`], body)

export const REQUESTS: readonly string[] = [
  message('GET / HTTP/1.1', ['Host: h']),
  message('GET /a/b?a=1&b=2;A=3&a=4 HTTP/1.1', ['Host: example.com:8080', 'User-Agent: x, y']),
  message('GET /?a HTTP/1.0', []),
  message('PUT /? HTTP/1.1', ['Host: h']),
  message('FOO /x?long=&none HTTP/1.1', ['Host: h:1']),
  message('OPTIONS * HTTP/1.1', ['Host: h']),
  message('GET http://10.1.2.3:99/p?x=1 HTTP/1.1', ['Host: 10.1.2.3:99']),
  message('GET http://10.1.2.3 HTTP/1.1', ['Host: 10.1.2.3']),
  message('GET https://h/p?a=b HTTP/1.1', ['Host: h']),
  message('GET http://[::1]:8080/x HTTP/1.1', ['Host: [::1]:8080']),
  message('GET /x HTTP/1.1', ['Host: h', 'X-List: a', 'x-list: b,c', 'X-LIST: ', 'X-List: d , "e,f" , ']),
  message('GET /x HTTP/1.1', ['Host: h', 'X-List: "a\\",b",c', 'X-Empty:', 'X-Empty: ,', 'X-Num: -12abc', 'X-Num: 7']),
  message('GET /x HTTP/1.1', ['Host: h', 'X-Ip: 1.2.3.4, 5.6.7.8:90', 'X-Ip: [2001:db8::1], nonsense']),
  message('GET /x HTTP/1.1', ['Host: h', 'X-Ip: nonsense, ::1', 'X-Num: 99999999999']),
  message('GET /x HTTP/1.1', ['Host: h', 'X-Ip: 1.2.3.4.5', 'X-Ip: 01.02.03.04:99999', 'X-Num: ']),
  message('GET /x HTTP/1.1', ['Host: h', 'Cookie: sid=abc; a=1; b=2', 'Cookie: a=3']),
  message('GET /x HTTP/1.1', ['Host: h', 'Cookie: sp = x y ; q="a;b,c" ; empty=; none', 'Cookie: $Version=1; A=9']),
  message('GET /x HTTP/1.1', ['Host: h', 'Cookie: a=1,b=2;;=5; a']),
  message('GET /x HTTP/1.1', ['Host: h', 'Cookie: a', 'Cookie: ', 'Cookie: ;a=7x']),
  message('GET /x HTTP/1.1', ['Host: h', `Authorization: ${basic('joe:secret')}`, 'X-Token: Bearer  tok']),
  message('GET /x HTTP/1.1', ['Host: h', `Authorization: ${basic('ann:sha')}`, 'X-Token: Basic tok']),
  message('GET /x HTTP/1.1', ['Host: h', `Authorization: ${basic('bob:sha')}`, 'X-Token: bearer']),
  message('GET /x HTTP/1.1', ['Host: h', `Authorization: ${basic('cat:md')}`]),
  message('GET /x HTTP/1.1', ['Host: h', `Authorization: ${basic('joe:wrong')}`]),
  message('GET /x HTTP/1.1', ['Host: h', `Authorization: ${basic('nocolon')}`]),
  message('GET /x HTTP/1.1', ['Host: h', 'Authorization: Bearer abc.def, x']),
  message('GET /x HTTP/1.1', ['Host: h', 'Authorization: basic   !!!!']),
  message('GET /x HTTP/1.1', ['Host: h', 'Authorization: Digest a="b"']),
  message('GET /x HTTP/1.1', ['Host: h', 'Proxy-Connection: close', `Proxy-Authorization: ${basic('joe:secret')}`]),
  message('GET http://h/x HTTP/1.1', ['Host: h', 'Proxy-Connection: x', `Proxy-Authorization: ${basic('joe:secret')}`]),
  post('a=1&b=2&A=3'),
  post('b=%20;a=x=y&a', 'Content-Type: application/x-www-form-urlencoded'),
  post('\0\x01\xff'),
  message('POST /chunked HTTP/1.1', ['Host: h', 'Transfer-Encoding: chunked'], '3\r\na=1\r\n4\r\n&b=2\r\n0\r\n\r\n'),
  message('POST /t HTTP/1.1', ['Host: h', 'Transfer-Encoding: chunked'], '1\r\nx\r\n0\r\nT: v\r\n\r\n'),
  message('GET /%41//..?a=%31+2|none HTTP/1.1', ['Host: H.Example']),
  message('GET /x?a=1?b=2&&;a= HTTP/1.1', ['Host: ', 'Connection: keep-alive, X']),
  message('DELETE /x HTTP/1.0', ['Host: h', 'X-List: last']),
]

const RESPONSE_HEADERS = ['X-List', 'x-list,1', 'x-list,-2', 'x-empty', 'x-absent', 'set-cookie', 'x-ip', 'x-num', '']
const RESPONSE_COOKIES = ['sid', 'a', 'b', 'Path', '$x', '']

/** Fetches of responses, which `http-response set-header` has. */
export const RESPONSE_FETCHES: readonly string[] = [
  ...withArguments(['res.hdr', 'res.fhdr', 'hdr', 'shdr', 'res.hdr_val', 'res.hdr_ip', 'shdr_val'], RESPONSE_HEADERS),
  ...withArguments(['res.hdr_cnt', 'res.fhdr_cnt', 'shdr_cnt'], firsts(RESPONSE_HEADERS)),
  ...withArguments(['res.cook', 'scook', 'cookie', 'res.cook_val', 'res.cook_cnt', 'scook_cnt'], RESPONSE_COOKIES),
  ...withArguments(['res.hdr_names', 'res.cook_names'], [';']),
  ...['status', 'txn.status', 'server_status', 'res.ver', 'resp_ver', 'res.hdrs', 'res.hdrs_bin', 'res.body'],
  ...['res.body_len', 'res.body_size', 'res.len', 'method', 'capture.req.method', 'capture.req.uri', 'capture.req.ver'],
  ...[
    'capture.res.ver',
    'capture.res.hdr(0)',
    'capture.req.hdr(0)',
    'be_name',
    'be_id',
    'srv_name',
    'srv_id',
    'bc_err',
  ],
  ...['bc_err_str', 'bc_err_name', 'bc_http_major', 'bc_nb_streams', 'bc_dst', 'bc_src', 'bc_reused', 'bc_glitches'],
  ...['be_server_timeout', 'be_tunnel_timeout', 'cur_server_timeout', 'cur_tunnel_timeout', 'txn.conn_retries'],
  ...['txn.redispatched', 'txn.sess_term_state', 'bc_be_queue', 'bc_srv_queue', 'http_first_req', 'fe_name', 'src'],
  ...['last_rule_line', 'waiting_entity', 'unique-id', 'bytes_in', 'bytes_out'],
]

/** Responses of the server, one for each request. */
export const RESPONSES: readonly string[] = [
  message('HTTP/1.1 200 OK', ['Content-Length: 2'], 'ok'),
  message('HTTP/1.0 404 Not Found', ['X-List: a, b', 'x-list: c', 'X-Empty:', 'Connection: close'], 'until the end'),
  message('HTTP/1.1 204 No Content', ['Set-Cookie: sid=1; Path=/', 'Set-Cookie: a="x;y"; Path=/a', 'Set-Cookie: b']),
  message('HTTP/1.1 299 ', ['Set-Cookie: a=1, b=2; HttpOnly', 'X-Num: 12', 'X-Ip: 9.8.7.6', 'Content-Length: 0']),
  message('HTTP/1.1 200 OK', ['Set-Cookie: $x=1; a=2', 'Transfer-Encoding: chunked'], '5\r\nhello\r\n0\r\n\r\n'),
  message('HTTP/1.1 500 Bad', ['Set-Cookie:  a = 5 ; a=6', 'Set-Cookie: ', 'Content-Length: 1'], 'x'),
]

/** Conditions on requests: repeated values, match methods, predefined ACLs. */
export const CONDITIONS: readonly string[] = [
  ...['b', 'd', 'zz'].map((value) => `hdr(x-list) ${value}`),
  ...['hdr(x-list) -m beg e', 'hdr_sub(x-list) ,f', 'hdr_len(x-list) 0', 'hdr_cnt(x-list) gt 3', 'hdr(x-list,2) b'],
  ...['req.fhdr(x-list) -m len 3', 'hdr(x-list,-1) -m found', 'req.hdr(x-absent) -m found', 'hdr_beg(host) exa'],
  ...[
    'hdr_ip(x-ip) 5.6.7.8',
    'hdr_ip(x-ip) ::1',
    'hdr_ip(x-ip) 2001:db8::/32',
    'hdr_val(x-num) -- -12',
    'hdr_val(x-num) 7',
  ],
  ...['req.hdr_names -m sub x-list', 'hdr_dom(host) example', 'hdr_end(host) 8080', 'hdr_reg(x-list) ^[bc]$'],
  ...['cook(a) 1', 'cook(a) 3', 'cook(a) -m found', 'cook_beg(sid) ab', 'req.cook -m str 9', 'req.cook_cnt(a) ge 2'],
  ...['urlp(a) 4', 'urlp(a) -m found', 'urlp -m str 2', 'urlp_val(a) gt 3', 'url_beg /a', 'path_end b', 'path_dir a'],
  ...['path_sub %', 'path_len gt 3', 'url_len 1', 'base_dom example', 'base_beg h', 'url_ip 10.1.2.3', 'url_port 99'],
  ...[
    'method GET',
    'method POST FOO',
    'METH_GET',
    'METH_POST',
    'HTTP_1.0',
    'HTTP_1.1',
    'HTTP_URL_ABS',
    'HTTP_URL_SLASH',
  ],
  ...['HTTP_URL_STAR', 'HTTP_CONTENT', 'LOCALHOST', 'TRUE', 'FALSE', 'WAIT_END', 'HTTP', 'req_ver 1.1', 'REQ_CONTENT'],
  ...['http_auth(users)', 'http_auth_group(users) staff', 'http_auth_group(users) other', 'http_auth_user -m str joe'],
  ...[
    'req.body_param(a) -m str 1',
    'req.body_param(b) -m found',
    'req.body_len gt 2',
    'req.body -m sub a=',
    'fc_http_major 1',
  ],
  ...['src 127.0.0.0/8', 'dst_conn 1', 'so_id 1', 'req.len gt 50', 'unique-id -m beg id-', 'ssl_fc', 'src_is_local'],
]

/** Fetches that the log line of a stream has. */
export const LOG_FETCHES: readonly string[] = [
  ...['capture.req.hdr(0)', 'capture.res.hdr(0)', 'capture.req.method', 'capture.req.uri', 'capture.req.ver'],
  ...['capture.res.ver', 'txn.status', 'server_status', 'method', 'fe_name', 'be_name', 'be_id', 'srv_name', 'srv_id'],
  ...[
    'txn.sess_term_state',
    'txn.conn_retries',
    'txn.redispatched',
    'last_rule_line',
    'last_rule_file',
    'waiting_entity',
  ],
  ...[
    'unique-id',
    'src',
    'dst',
    'fc_err',
    'bc_err',
    'bc_err_str',
    'bc_err_name',
    'bc_dst',
    'bc_reused',
    'bc_http_major',
  ],
  ...['fc_http_major', 'so_id', 'bytes_in', 'http_first_req', 'cur_client_timeout', 'cur_server_timeout'],
  ...['txn.id32', 'var(txn.v0)', 'bc_be_queue', 'bc_srv_queue', 'prio_class', 'prio_offset', 'internal.strm.is_htx'],
  ...['fs.aborted', 'bs.aborted', 'fs.rst_code', 'bs.rst_code'],
]
