/**
 * Every kind of check and of agent, and peers that answer well, wrongly, with garbage, byte by byte, not at all, without
 * end, and that leave at each step: played by the real HAProxy and by ours.
 */
import type { Peer } from './peers.js'

const bytes = (hex: string): string => Buffer.from(hex.replaceAll(' ', ''), 'hex').toString('latin1')

const MYSQL_GREETING = `${bytes('4a0000000a')}${'5.5.5-10.1\0'.padEnd(0x49, 'x')}`
const MYSQL_OK = bytes('0700000200000002000000')
const MYSQL_DENIED = `${bytes('17000002ff1504')}#28000Access denied\0`

const HELLO = bytes('65000000010000')
const VERSION = (text: string): string => `\x07version\x08${String.fromCharCode(text.length)}${text}`
const FRAME_SIZE = '\x0emax-frame-size\x03\xfc\xf0\x06'
const CAPABILITIES = '\x0ccapabilities\x08\0'

const frame = (...parts: string[]): string => {
  const content = parts.join('')
  return `\0\0\0${String.fromCharCode(content.length)}${content}`
}

export interface Kind {
  readonly lines?: string
  readonly server?: string
  /** its peer cannot be slow: the next step begins before the last one ends */
  readonly hasty?: true
  /** one peer for each thing that goes well or wrong at the level of the protocol */
  readonly peers: Readonly<Record<string, Peer>>
}

const http = (line: string, ...fields: string[]): string => [line, ...fields, '', ''].join('\r\n')

const expecting = (rule: string, ...answers: string[]): Kind => ({
  lines: `option httpchk\n http-check expect ${rule}`,
  peers: Object.fromEntries(answers.map((answer, i) => [`answer ${i}`, { says: [undefined, answer], then: 'close' }])),
})

const BODY = (body: string): string => http('HTTP/1.1 200 OK', `Content-Length: ${body.length}`, 'X-A: one, two') + body
const PLAIN = [BODY('hello world'), BODY('other'), BODY(''), http('HTTP/1.1 503 Down', 'Content-Length: 0')]

const tcp = (rules: string, peers: Kind['peers']): Kind => ({
  lines: ['option tcp-check', ...rules.split('; ')].join('\n '),
  peers,
})

const said = (...says: (string | undefined)[]): Peer => ({ says })
const saidAndLeft = (...says: (string | undefined)[]): Peer => ({ says, then: 'close' })

const KINDS: Readonly<Record<string, Kind>> = {
  smtp: {
    lines: 'option smtpchk EHLO me.example',
    hasty: true,
    peers: {
      good: said('220 hi\r\n', '250-a\r\n250 b\r\n', '221 bye\r\n'),
      'busy greeting': said('421 go away\r\n'),
      'odd greeting': said('hello there\r\n'),
      'short greeting': said('220\r\n'),
      'refused hello': said('220 hi\r\n', '550 no such host\r\n'),
      'refused quit': said('220 hi\r\n', '250 b\r\n', '500   what\r\n'),
      'a greeting of many lines': said('220-hi\r\n220 ho\r\n', '250 b\r\n', '221 bye\r\n'),
    },
  },
  'ssl-hello': {
    lines: 'option ssl-hello-chk',
    peers: {
      alert: said(undefined, bytes('15030000020228')),
      handshake: said(undefined, bytes('160300004a02')),
      'no TLS': said(undefined, 'HTTP/1.0 400 Bad\r\n\r\n'),
      short: saidAndLeft(undefined, bytes('1503')),
    },
  },
  ldap: {
    lines: 'option ldap-check',
    peers: {
      good: said(undefined, bytes('300c02010161070a010004000400')),
      'long size': said(undefined, bytes('308400000010020101618400000007 0a010004000400')),
      'two bytes of size': said(undefined, bytes('3082000c02010161070a010004000400')),
      'three bytes of size': said(undefined, bytes('308300000c02010161070a010004000400')),
      refused: said(undefined, bytes('300c02010161070a013104000400')),
      'no bind response': said(undefined, bytes('300c02010160070a010004000400')),
      'no result': said(undefined, bytes('300c02010161070b010004000400')),
      'cut off': saidAndLeft(undefined, bytes('304402010161070a0100040004000000')),
      short: saidAndLeft(undefined, bytes('300c0201')),
    },
  },
  mysql: {
    lines: 'option mysql-check',
    peers: {
      good: said(MYSQL_GREETING),
      error: said(`${bytes('17000000ff6904')}Host blocked by us\0`),
      'cut off': saidAndLeft(MYSQL_GREETING.slice(0, 30)),
      short: saidAndLeft('\x01'),
    },
  },
  'mysql with a user': {
    lines: 'option mysql-check user haproxy',
    peers: {
      good: said(MYSQL_GREETING, MYSQL_OK),
      denied: said(MYSQL_GREETING, MYSQL_DENIED),
      'cut off': saidAndLeft(MYSQL_GREETING, MYSQL_OK.slice(0, 6)),
    },
  },
  'mysql before 4.1': {
    lines: 'option mysql-check user haproxy pre-41',
    peers: { good: said(MYSQL_GREETING, MYSQL_OK), denied: said(MYSQL_GREETING, MYSQL_DENIED) },
  },
  pgsql: {
    lines: 'option pgsql-check user hap',
    peers: {
      good: said(undefined, bytes('520000000800000000')),
      'wants a password': said(undefined, bytes('520000000800000003')),
      error: said(undefined, `E\0\0\0\x2fSFATAL\0C28000\0Mno such user\0`),
      unknown: said(undefined, bytes('520000000800000001')),
      short: saidAndLeft(undefined, 'R\0'),
    },
  },
  redis: {
    lines: 'option redis-check',
    peers: {
      good: said(undefined, '+PONG\r\n'),
      'needs a password': saidAndLeft(undefined, '-NOAUTH Authentication required.\r\n'),
      'an error, and waits': said(undefined, '-ERR what\r\n'),
    },
  },
  spop: {
    lines: 'option spop-check',
    peers: {
      good: said(undefined, frame(HELLO, VERSION('2.0'), FRAME_SIZE, CAPABILITIES)),
      'something more': said(undefined, frame(HELLO, '\x03foo\x08\x03bar', VERSION(' 2.0 '), FRAME_SIZE, CAPABILITIES)),
      'another version': said(undefined, frame(HELLO, VERSION('3.0'), FRAME_SIZE, CAPABILITIES)),
      'no number': said(undefined, frame(HELLO, VERSION('x'), FRAME_SIZE, CAPABILITIES)),
      'no version': said(undefined, frame(HELLO, FRAME_SIZE, CAPABILITIES)),
      'no size': said(undefined, frame(HELLO, VERSION('2.0'), CAPABILITIES)),
      'no capabilities': said(undefined, frame(HELLO, VERSION('2.0'), FRAME_SIZE)),
      'a small size': said(undefined, frame(HELLO, VERSION('2.0'), '\x0emax-frame-size\x03\x10', CAPABILITIES)),
      'a size that is a text': said(undefined, frame(HELLO, VERSION('2.0'), '\x0emax-frame-size\x08\x01x')),
      'a good bye': said(undefined, frame(bytes('66000000010000'), '\x0bstatus-code\x03\x03')),
      'another type': said(undefined, frame(bytes('67000000010000'), VERSION('2.0'), FRAME_SIZE)),
      'the number of a stream': said(undefined, frame(bytes('65000000010100'), VERSION('2.0'), FRAME_SIZE)),
      garbage: said(undefined, 'garbage12345'),
      'less garbage': said(undefined, 'garbage'),
      fragments: said(undefined, frame(bytes('65000000000000'), VERSION('2.0'), FRAME_SIZE)),
      'cut off': said(undefined, frame(HELLO, VERSION('2.0'), FRAME_SIZE, CAPABILITIES).slice(0, 20)),
      'cut off and left': saidAndLeft(undefined, frame(HELLO, VERSION('2.0'), FRAME_SIZE, CAPABILITIES).slice(0, 20)),
      'short and left': saidAndLeft(undefined, 'garbage'),
    },
  },
  'tcp: connect only': tcp('tcp-check connect', { good: said() }),
  'tcp: nothing to do': { lines: 'option tcp-check', peers: { good: said() } },
  'tcp: string': tcp('tcp-check send PING\\r\\n; tcp-check expect string +PONG', {
    good: said(undefined, '+PONG'),
    bad: saidAndLeft(undefined, '-NO'),
    late: said(undefined, '-NO such thing'),
  }),
  'tcp: a comment': tcp('tcp-check comment all\\ is\\ well; tcp-check send PING; tcp-check expect string +PONG', {
    bad: saidAndLeft(undefined, '-NO such thing'),
    silent: said(undefined),
  }),
  'tcp: no such string': tcp('tcp-check send PING; tcp-check expect ! string ERR; tcp-check expect string OK', {
    good: said(undefined, 'OK'),
    bad: said(undefined, 'ERR'),
    neither: saidAndLeft(undefined, 'what'),
  }),
  'tcp: binary': tcp('tcp-check send-binary 50494e47; tcp-check expect binary 2b504f4e47', {
    good: said(undefined, '+PONG'),
    bad: saidAndLeft(undefined, '-PONG'),
    silent: said(),
  }),
  'tcp: rbinary': tcp('tcp-check send x; tcp-check expect rbinary ^2[Bb]', {
    good: said(undefined, '+PONG'),
    bad: saidAndLeft(undefined, '-PONG'),
    silent: said(),
  }),
  'tcp: rstring': tcp('tcp-check send x; tcp-check expect rstring ^[[:alpha:]]+.[0-9]{2}$', {
    good: said(undefined, 'abc 12\n'),
    bad: saidAndLeft(undefined, 'abc 123'),
    silent: said(),
  }),
  'tcp: min-recv': tcp('tcp-check send x; tcp-check expect min-recv 5 string abc', {
    good: said(undefined, 'xxabc'),
    bad: said(undefined, 'xxxxx'),
    short: said(undefined, 'abc'),
  }),
  'tcp: log-formats': tcp(
    'tcp-check set-var(check.a) str(one); tcp-check set-var-fmt(check.b) "<%[var(check.a),upper]>"; ' +
      'tcp-check send-lf "  a  b %[var(check.b)] %[be_name]"; ' +
      'tcp-check expect string-lf "%[var(check.a)] ok" on-success "fine: %[res.payload(0,3)] %[res.len]"',
    { good: said(undefined, 'one ok'), bad: saidAndLeft(undefined, 'two ok'), silent: said() },
  ),
  'tcp: binary log-formats': tcp(
    'tcp-check send-binary-lf "%[str(abc),hex]"; tcp-check expect binary-lf "%[str(ok),hex]" on-error "got %[res.payload(0,0),hex]"',
    { good: said(undefined, 'ok'), bad: saidAndLeft(undefined, 'no'), silent: said() },
  ),
  'tcp: digits that are none': tcp('tcp-check send-binary-lf "%[str(abc)]"; tcp-check expect string ok', {
    any: said(),
  }),
  'tcp: own statuses': tcp(
    'tcp-check send x; tcp-check expect string ok ok-status L6OK error-status L4CON tout-status L6TOUT comment "so so"',
    { good: said(undefined, 'ok'), bad: saidAndLeft(undefined, 'no'), silent: said() },
  ),
  'tcp: status-code': tcp(
    'tcp-check send x; tcp-check expect rstring ^2[0-9]{2}.*\\r status-code "res.payload(0,3)" error-status L7STS on-error "no: %[res.payload(4,0),cut_crlf]"',
    {
      good: said(undefined, '234 yes\r\n'),
      bad: saidAndLeft(undefined, '456 nono\r\n'),
      words: saidAndLeft(undefined, 'abc'),
    },
  ),
  'tcp: L7OKC': tcp('tcp-check send x; tcp-check expect string ok ok-status L7OKC', { good: said(undefined, 'ok') }),
  'tcp: two talks': tcp(
    'tcp-check connect; tcp-check send a; tcp-check expect string A; tcp-check connect; tcp-check send a; tcp-check expect string A',
    { good: said(undefined, 'A'), bad: saidAndLeft(undefined, 'B') },
  ),
  'tcp: ends with a request': tcp('tcp-check send a', { good: said(undefined, 'A') }),
  'http: status': expecting('status 200,503-504', ...PLAIN),
  'http: no such status': expecting('! status 200', ...PLAIN),
  'http: rstatus': expecting('rstatus ^2', ...PLAIN),
  'http: string': expecting('string hello', ...PLAIN),
  'http: no such string': expecting('! string hello', ...PLAIN),
  'http: rstring': expecting('rstring ^h.*d$', ...PLAIN),
  'http: string-lf': expecting('string-lf "%[str(hello)]"', ...PLAIN),
  'http: header': expecting('hdr name x-a value two', ...PLAIN),
  'http: full header': expecting('fhdr name -m beg X- value -m end two', ...PLAIN),
  'http: header there': expecting('hdr name X-A', ...PLAIN),
  'http: on-error': expecting(
    'status 200 on-error "%[status] %[res.hdr(content-length)]" on-success "fine %[res.ver]"',
    ...PLAIN,
  ),
  'http: own statuses': expecting('status 200 error-status L7RSP comment why', ...PLAIN),
  'http: 404': {
    lines: 'option httpchk\n http-check disable-on-404',
    peers: {
      good: saidAndLeft(undefined, BODY('x')),
      stopping: saidAndLeft(undefined, http('HTTP/1.1 404 Gone', 'Content-Length: 0')),
    },
  },
  'http: two requests': {
    lines:
      'option httpchk\n http-check connect\n http-check send uri /a\n http-check expect status 200\n http-check connect\n http-check send uri /b\n http-check expect status 200',
    peers: { good: saidAndLeft(undefined, BODY('x')), bad: saidAndLeft(undefined, PLAIN[3]) },
  },
  agent: {
    server: 'agent-check agent-port %p agent-inter 400ms agent-send hello\\n',
    peers: Object.fromEntries(
      [
        ...['up\n', 'UP # fine\n', 'down\n', 'down # disk full\n', 'stopped\n', 'fail #x\r\n', 'ready\n', 'drain\n'],
        ...['maint\n', '50%\n', '75% up\n', 'up 300%\n', 'maxconn:30\n', 'maxconn:x\n', 'what\n', 'up what ever\n'],
        ...['down what # why\n', 'drain,50%,up\n', 'ready up 100% maxconn:5 # all\n', '\n', '# just words\n', '5x%\n'],
      ].map((words) => [JSON.stringify(words), saidAndLeft(words)]),
    ),
  },
  'agent and check': {
    server: 'check agent-check agent-port %p agent-inter 400ms',
    peers: { up: saidAndLeft('up\n'), down: saidAndLeft('down\n'), failed: saidAndLeft('fail\n') },
  },
}

/** Ways to go wrong that have nothing to do with a protocol, made of a peer that does well. */
const disturbances = (peer: Peer): Readonly<Record<string, Peer>> => {
  const cases: Record<string, Peer> = {
    'byte by byte': { ...peer, slowly: true },
    'nothing at all': { says: [] },
    'closes at once': { says: [], then: 'close' },
    'garbage without end': { says: ['garbage \x01\xff'.repeat(100)], forEver: true },
  }
  peer.says.forEach((words, i) => {
    if (i === 0 && words === undefined) return
    const before = peer.says.slice(0, i)
    cases[`closes at step ${i}`] = { says: [...before, undefined], then: 'close' }
    cases[`resets at step ${i}`] = { says: [...before, undefined], then: 'reset' }
    cases[`silent at step ${i}`] = { says: before }
  })
  return cases
}

export interface Case {
  readonly name: string
  readonly kind: Kind
  readonly peer: Peer
}

export const CASES: readonly Case[] = Object.entries(KINDS).flatMap(([name, kind]) => {
  const good = kind.peers.good ?? kind.peers['"up\\n"']
  const odd = good && good.says.length > 0 && !name.startsWith('http:') ? disturbances(good) : {}
  if (kind.hasty) delete (odd as Record<string, Peer>)['byte by byte']
  return Object.entries({ ...kind.peers, ...odd }).map(([what, peer]) => ({ name: `${name}: ${what}`, kind, peer }))
})

export const config = (cases: readonly Case[], ports: readonly number[]): string => `
global
    log stdout format raw local0 info
    stats socket unix@sock level admin
    max-spread-checks 1ms
defaults
    mode http
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
    option log-health-checks
${cases
  .map(({ kind }, i) => {
    const server = (kind.server ?? 'check').replaceAll('%p', String(ports[i]))
    return `backend b${i}\n ${kind.lines ?? ''}\n server s 127.0.0.1:${ports[i]} inter 400ms ${server}`
  })
  .join('\n')}
`

/** Durations are short or long: the real machine is not always prompt. */
const normalise = (line: string): string =>
  line
    .replace(/check duration: (\d+)ms/, (_, ms: string) => `check duration: ${Number(ms) < 300 ? 'short' : 'long'}`)
    .replace(/b\d+\/s/g, 'b/s')

/** What was said about one backend first: a line about a check, or about the server. */
export const firstLine = (lines: readonly string[], i: number): string | undefined => {
  const line = lines.find((each) => new RegExp(`\\bb${i}/s\\b`).test(each))
  return line === undefined ? undefined : normalise(line)
}
