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

const replies = (...says: (string | undefined)[]): Peer => ({ says })
const repliesAndCloses = (...says: (string | undefined)[]): Peer => ({ says, then: 'close' })

const KINDS: Readonly<Record<string, Kind>> = {
  smtp: {
    lines: 'option smtpchk EHLO me.example',
    hasty: true,
    peers: {
      good: replies('220 hi\r\n', '250-a\r\n250 b\r\n', '221 bye\r\n'),
      'busy greeting': replies('421 go away\r\n'),
      'odd greeting': replies('hello there\r\n'),
      'short greeting': replies('220\r\n'),
      'refused hello': replies('220 hi\r\n', '550 no such host\r\n'),
      'refused quit': replies('220 hi\r\n', '250 b\r\n', '500   what\r\n'),
      'a greeting of many lines': replies('220-hi\r\n220 ho\r\n', '250 b\r\n', '221 bye\r\n'),
    },
  },
  'ssl-hello': {
    lines: 'option ssl-hello-chk',
    peers: {
      alert: replies(undefined, bytes('15030000020228')),
      handshake: replies(undefined, bytes('160300004a02')),
      'no TLS': replies(undefined, 'HTTP/1.0 400 Bad\r\n\r\n'),
      short: repliesAndCloses(undefined, bytes('1503')),
    },
  },
  ldap: {
    lines: 'option ldap-check',
    peers: {
      good: replies(undefined, bytes('300c02010161070a010004000400')),
      'long size': replies(undefined, bytes('308400000010020101618400000007 0a010004000400')),
      'two bytes of size': replies(undefined, bytes('3082000c02010161070a010004000400')),
      'three bytes of size': replies(undefined, bytes('308300000c02010161070a010004000400')),
      refused: replies(undefined, bytes('300c02010161070a013104000400')),
      'no bind response': replies(undefined, bytes('300c02010160070a010004000400')),
      'no result': replies(undefined, bytes('300c02010161070b010004000400')),
      'cut off': repliesAndCloses(undefined, bytes('304402010161070a0100040004000000')),
      short: repliesAndCloses(undefined, bytes('300c0201')),
    },
  },
  mysql: {
    lines: 'option mysql-check',
    peers: {
      good: replies(MYSQL_GREETING),
      error: replies(`${bytes('17000000ff6904')}Host blocked by us\0`),
      'cut off': repliesAndCloses(MYSQL_GREETING.slice(0, 30)),
      short: repliesAndCloses('\x01'),
    },
  },
  'mysql with a user': {
    lines: 'option mysql-check user haproxy',
    peers: {
      good: replies(MYSQL_GREETING, MYSQL_OK),
      denied: replies(MYSQL_GREETING, MYSQL_DENIED),
      'cut off': repliesAndCloses(MYSQL_GREETING, MYSQL_OK.slice(0, 6)),
    },
  },
  'mysql before 4.1': {
    lines: 'option mysql-check user haproxy pre-41',
    peers: { good: replies(MYSQL_GREETING, MYSQL_OK), denied: replies(MYSQL_GREETING, MYSQL_DENIED) },
  },
  pgsql: {
    lines: 'option pgsql-check user hap',
    peers: {
      good: replies(undefined, bytes('520000000800000000')),
      'wants a password': replies(undefined, bytes('520000000800000003')),
      error: replies(undefined, `E\0\0\0\x2fSFATAL\0C28000\0Mno such user\0`),
      unknown: replies(undefined, bytes('520000000800000001')),
      short: repliesAndCloses(undefined, 'R\0'),
    },
  },
  redis: {
    lines: 'option redis-check',
    peers: {
      good: replies(undefined, '+PONG\r\n'),
      'needs a password': repliesAndCloses(undefined, '-NOAUTH Authentication required.\r\n'),
      'an error, and waits': replies(undefined, '-ERR what\r\n'),
    },
  },
  spop: {
    lines: 'option spop-check',
    peers: {
      good: replies(undefined, frame(HELLO, VERSION('2.0'), FRAME_SIZE, CAPABILITIES)),
      'something more': replies(
        undefined,
        frame(HELLO, '\x03foo\x08\x03bar', VERSION(' 2.0 '), FRAME_SIZE, CAPABILITIES),
      ),
      'another version': replies(undefined, frame(HELLO, VERSION('3.0'), FRAME_SIZE, CAPABILITIES)),
      'no number': replies(undefined, frame(HELLO, VERSION('x'), FRAME_SIZE, CAPABILITIES)),
      'no version': replies(undefined, frame(HELLO, FRAME_SIZE, CAPABILITIES)),
      'no size': replies(undefined, frame(HELLO, VERSION('2.0'), CAPABILITIES)),
      'no capabilities': replies(undefined, frame(HELLO, VERSION('2.0'), FRAME_SIZE)),
      'a small size': replies(undefined, frame(HELLO, VERSION('2.0'), '\x0emax-frame-size\x03\x10', CAPABILITIES)),
      'a size that is a text': replies(undefined, frame(HELLO, VERSION('2.0'), '\x0emax-frame-size\x08\x01x')),
      'a good bye': replies(undefined, frame(bytes('66000000010000'), '\x0bstatus-code\x03\x03')),
      'another type': replies(undefined, frame(bytes('67000000010000'), VERSION('2.0'), FRAME_SIZE)),
      'the number of a stream': replies(undefined, frame(bytes('65000000010100'), VERSION('2.0'), FRAME_SIZE)),
      garbage: replies(undefined, 'garbage12345'),
      'less garbage': replies(undefined, 'garbage'),
      fragments: replies(undefined, frame(bytes('65000000000000'), VERSION('2.0'), FRAME_SIZE)),
      'cut off': replies(undefined, frame(HELLO, VERSION('2.0'), FRAME_SIZE, CAPABILITIES).slice(0, 20)),
      'cut off and left': repliesAndCloses(
        undefined,
        frame(HELLO, VERSION('2.0'), FRAME_SIZE, CAPABILITIES).slice(0, 20),
      ),
      'short and left': repliesAndCloses(undefined, 'garbage'),
    },
  },
  'tcp: connect only': tcp('tcp-check connect', { good: replies() }),
  'tcp: nothing to do': { lines: 'option tcp-check', peers: { good: replies() } },
  'tcp: string': tcp('tcp-check send PING\\r\\n; tcp-check expect string +PONG', {
    good: replies(undefined, '+PONG'),
    bad: repliesAndCloses(undefined, '-NO'),
    late: replies(undefined, '-NO such thing'),
  }),
  'tcp: a comment': tcp('tcp-check comment all\\ is\\ well; tcp-check send PING; tcp-check expect string +PONG', {
    bad: repliesAndCloses(undefined, '-NO such thing'),
    silent: replies(undefined),
  }),
  'tcp: no such string': tcp('tcp-check send PING; tcp-check expect ! string ERR; tcp-check expect string OK', {
    good: replies(undefined, 'OK'),
    bad: replies(undefined, 'ERR'),
    neither: repliesAndCloses(undefined, 'what'),
  }),
  'tcp: binary': tcp('tcp-check send-binary 50494e47; tcp-check expect binary 2b504f4e47', {
    good: replies(undefined, '+PONG'),
    bad: repliesAndCloses(undefined, '-PONG'),
    silent: replies(),
  }),
  'tcp: rbinary': tcp('tcp-check send x; tcp-check expect rbinary ^2[Bb]', {
    good: replies(undefined, '+PONG'),
    bad: repliesAndCloses(undefined, '-PONG'),
    silent: replies(),
  }),
  'tcp: rstring': tcp('tcp-check send x; tcp-check expect rstring ^[[:alpha:]]+.[0-9]{2}$', {
    good: replies(undefined, 'abc 12\n'),
    bad: repliesAndCloses(undefined, 'abc 123'),
    silent: replies(),
  }),
  'tcp: min-recv': tcp('tcp-check send x; tcp-check expect min-recv 5 string abc', {
    good: replies(undefined, 'xxabc'),
    bad: replies(undefined, 'xxxxx'),
    short: replies(undefined, 'abc'),
  }),
  'tcp: log-formats': tcp(
    'tcp-check set-var(check.a) str(one); tcp-check set-var-fmt(check.b) "<%[var(check.a),upper]>"; ' +
      'tcp-check send-lf "  a  b %[var(check.b)] %[be_name]"; ' +
      'tcp-check expect string-lf "%[var(check.a)] ok" on-success "fine: %[res.payload(0,3)] %[res.len]"',
    { good: replies(undefined, 'one ok'), bad: repliesAndCloses(undefined, 'two ok'), silent: replies() },
  ),
  'tcp: binary log-formats': tcp(
    'tcp-check send-binary-lf "%[str(abc),hex]"; tcp-check expect binary-lf "%[str(ok),hex]" on-error "got %[res.payload(0,0),hex]"',
    { good: replies(undefined, 'ok'), bad: repliesAndCloses(undefined, 'no'), silent: replies() },
  ),
  'tcp: digits that are none': tcp('tcp-check send-binary-lf "%[str(abc)]"; tcp-check expect string ok', {
    any: replies(),
  }),
  'tcp: own statuses': tcp(
    'tcp-check send x; tcp-check expect string ok ok-status L6OK error-status L4CON tout-status L6TOUT comment "so so"',
    { good: replies(undefined, 'ok'), bad: repliesAndCloses(undefined, 'no'), silent: replies() },
  ),
  'tcp: status-code': tcp(
    'tcp-check send x; tcp-check expect rstring ^2[0-9]{2}.*\\r status-code "res.payload(0,3)" error-status L7STS on-error "no: %[res.payload(4,0),cut_crlf]"',
    {
      good: replies(undefined, '234 yes\r\n'),
      bad: repliesAndCloses(undefined, '456 nono\r\n'),
      words: repliesAndCloses(undefined, 'abc'),
    },
  ),
  'tcp: L7OKC': tcp('tcp-check send x; tcp-check expect string ok ok-status L7OKC', { good: replies(undefined, 'ok') }),
  'tcp: two talks': tcp(
    'tcp-check connect; tcp-check send a; tcp-check expect string A; tcp-check connect; tcp-check send a; tcp-check expect string A',
    { good: replies(undefined, 'A'), bad: repliesAndCloses(undefined, 'B') },
  ),
  'tcp: ends with a request': tcp('tcp-check send a', { good: replies(undefined, 'A') }),
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
      good: repliesAndCloses(undefined, BODY('x')),
      stopping: repliesAndCloses(undefined, http('HTTP/1.1 404 Gone', 'Content-Length: 0')),
    },
  },
  'http: two requests': {
    lines:
      'option httpchk\n http-check connect\n http-check send uri /a\n http-check expect status 200\n http-check connect\n http-check send uri /b\n http-check expect status 200',
    peers: { good: repliesAndCloses(undefined, BODY('x')), bad: repliesAndCloses(undefined, PLAIN[3]) },
  },
  agent: {
    server: 'agent-check agent-port %p agent-inter 400ms agent-send hello\\n',
    peers: Object.fromEntries(
      [
        ...['up\n', 'UP # fine\n', 'down\n', 'down # disk full\n', 'stopped\n', 'fail #x\r\n', 'ready\n', 'drain\n'],
        ...['maint\n', '50%\n', '75% up\n', 'up 300%\n', 'maxconn:30\n', 'maxconn:x\n', 'what\n', 'up what ever\n'],
        ...['down what # why\n', 'drain,50%,up\n', 'ready up 100% maxconn:5 # all\n', '\n', '# just words\n', '5x%\n'],
      ].map((words) => [JSON.stringify(words), repliesAndCloses(words)]),
    ),
  },
  'agent and check': {
    server: 'check agent-check agent-port %p agent-inter 400ms',
    peers: { up: repliesAndCloses('up\n'), down: repliesAndCloses('down\n'), failed: repliesAndCloses('fail\n') },
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
