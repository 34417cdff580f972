/** Configurations of checks, valid and invalid, for the comparison with the real HAProxy: each line is in a separate backend. */

const words = (text: string): string[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim())

/** Rules that are right or wrong by themselves. */
const TCP = words(String.raw`
  send-lf "a%[foo]"
  send-lf "a%[str(x),foo]"
  send-lf "a%[str(x)"
  send-lf "a%zz"
  send-lf "a%[var(foo)]"
  send-lf "a%[str(x)b]"
  send-lf "a%[str(x)]%"
  send-lf "a%[res.payload]"
  send-lf "100%% of %[be_name]"
  send-binary a
  send-binary zz
  send-binary 6162
  send
  send a b
  send a comment
  send a comment b
  expect rstring "a("
  expect rstring "a["
  expect rstring "a)"
  expect rstring "a\\"
  expect rstring "*"
  expect rstring "^[[:alpha:]]+(?i:x)?$"
  expect foo
  expect
  expect binary zz
  expect string
  expect min-recv 3
  expect min-recv
  expect min-recv -5 string a
  expect status-code foo string x
  expect status-code
  expect string a string b
  expect ! comment a string b
  expect ! string b
  expect !string b on-error
  expect ok-status L9 string a
  expect error-status L9 string a
  expect tout-status L9 string a
  expect ok-status l7okc error-status l4con tout-status l6tout string a
  expect status 200
  expect string-lf "%[foo]"
  comment
  comment x
  foo
  set-var(check.x) str(a)
  set-var(foo.x) str(a)
  set-var(check.y)
  set-var(check.y) foo
  set-var(x
  set-var()
  set-var-fmt(check.y) "a%[str(b)]"
  set-var(check.x) str(a) foo
  set-var(check.x) str(a) lower
  set-var(check.x) str(a),lower , upper
  set-var(check.x) str(a)lower
  set-var(check.x,ifset) str(a)
  set-var(check.x,ifset,ifgt,iflt) str(a)
  set-var(check.x,ifset,,foo) str(a)
  set-var(check.x,foo) str(a)
  set-var(check.a-b) str(a)
  set-var(check.é) str(a)
  set-var(check.x) str(é),nosuch
  set-var(check.x) nosuch-é
  set-var(check.) str(a)
  set-var(pcheck.x) str(a)
  set-var(ptxn.x) str(a)
  set-var(check.x) path
  set-var(check.x) str(a),set-var(x)
  set-var(check.x) str(a),set-var(txn.y,foo)
  set-var(check.x) str(a),unset-var(txn.y)
  set-var
  set-var str(a)
  set-varx(check.x) str(a)
  set-var-fmt(check.y)
  set-var-fmt(check.y) a b
  set-var-fmt(check.y) %[path]
  set-var-fmt(check.y) %[path,nosuch]
  unset-var(check.x)
  unset-var(check.x) foo
  unset-var(check.x,ifset)
  unset-var(check.x,)
  unset-var(x)
  connect
  connect port 0
  connect port 80 addr 127.0.0.1 linger default via-socks4 send-proxy comment x
  connect port foo
  connect port
  connect addr foo.invalid
  connect addr
  connect alpn
  connect bar
  connect proto h1
  connect proto nope
  connect comment`)

const HTTP = words(String.raw`
  connect proto spop
  expect status 200-
  expect status 300-200
  expect status 200;
  expect status 200,300-399
  expect binary aa
  expect string a string b
  expect hdr name x value
  expect hdr nam x
  expect hdr name -m foo x
  expect hdr name-lf -m reg x
  expect fhdr name -m reg ^x value -m beg y
  expect rstatus "("
  expect rstring ^x
  send meth
  send hdr a
  send hdr Host a hdr host b
  send hdr a %[foo]
  send body-lf "%[foo]"
  send uri-lf "/%[be_name]" body x
  disable-on-404 x
  send-state x
  disable-on-404
  send-state
  foo`)

const OPTIONS = words(`
  option smtpchk
  option smtpchk HELO a b
  option smtpchk FOO a
  option ssl-hello-chk x
  option ldap-check
  option ldap-check x
  option mysql-check
  option mysql-check foo
  option mysql-check user
  option mysql-check user a pre-41
  option mysql-check user a post-4
  option mysql-check user a pre-41 b
  option pgsql-check
  option pgsql-check user
  option pgsql-check foo a
  option pgsql-check user a
  option redis-check x
  option spop-check
  option external-check
  external-check
  external-check foo
  external-check command
  external-check path /bin
  external-check command foo
  external-check command /bin/true x`)

const SERVERS = words(`
  agent-check
  agent-check agent-port
  agent-check agent-port 80
  agent-check port 80
  agent-inter
  agent-inter x
  agent-inter 0
  agent-addr
  agent-addr foo.invalid
  agent-addr 127.0.0.1
  agent-send
  agent-send "hi"
  observe
  observe foo
  observe layer4
  observe layer7
  error-limit
  error-limit 0
  error-limit 5
  on-error foo
  on-error fastinter
  on-marked-down foo
  on-marked-down shutdown-sessions
  on-marked-up foo
  on-marked-up shutdown-backup-sessions
  socks4
  socks4 127.0.0.1
  socks4 127.0.0.1:1080
  check check-send-proxy check-via-socks4`)

const backend = (...lines: string[]): string =>
  `backend b\n timeout connect 1s\n timeout server 1s\n mode tcp\n ${lines.join('\n ')}\n`

/** Rules and servers that may leave the port of checks unspecified. */
const PORTS = words(`
  option tcp-check | server s 127.0.0.1 check
  option tcp-check | tcp-check connect | server s 127.0.0.1 check
  option tcp-check | tcp-check connect addr 127.0.0.1 | server s 127.0.0.1 check
  option tcp-check | tcp-check connect addr 127.0.0.1:80 | server s 127.0.0.1 check
  option tcp-check | tcp-check connect port res.len | server s 127.0.0.1 check
  option tcp-check | tcp-check connect port 80 | tcp-check connect | server s 127.0.0.1:+1 check
  option tcp-check | tcp-check connect port 80 | server s 127.0.0.1 check
  option tcp-check | tcp-check comment z | tcp-check connect | server s 127.0.0.1 check port 0
  option tcp-check | tcp-check send x | server s 127.0.0.1 check
  option httpchk | http-check connect port 80 | server s 127.0.0.1 check
  option redis-check | server s 127.0.0.1 check
  server s 0.0.0.0 check
  server s * check
  server s unix@/tmp/x check addr 127.0.0.2
  server s 127.0.0.1 check addr unix@/tmp/y
  server s 127.0.0.1 check addr 127.0.0.2:81
  email-alert myhostname`)

export interface CheckCase {
  readonly name: string
  readonly text: string
}

const all = (lines: readonly string[], make: (line: string) => string): CheckCase[] =>
  lines.map((line) => ({ name: line, text: make(line) }))

export const CHECK_CASES: readonly CheckCase[] = [
  ...all(TCP, (rule) => backend('option tcp-check', `tcp-check ${rule}`)),
  ...all(HTTP, (rule) => backend('option httpchk', `http-check ${rule}`)),
  ...all(OPTIONS, (option) => backend(option, 'server s 127.0.0.1:80 check')),
  ...all(SERVERS, (settings) => backend(`server s 127.0.0.1:80 ${settings}`)),
  ...all(PORTS, (lines) => backend(...lines.split(' | '))),
  ...all(
    ['tcp-check send a', 'http-check send meth GET', 'http-check disable-on-404', 'http-check send-state'],
    (line) => backend(line),
  ),
  ...all(['http-check disable-on-404', 'http-check send-state', 'tcp-check send a'], (line) =>
    backend('option redis-check', line),
  ),
  ...all(
    ['connect\n http-check connect', 'expect status 200\n http-check connect', 'send\n http-check send'],
    (rules) => backend('option httpchk', `http-check ${rules}`),
  ),
  { name: 'rules of defaults', text: `defaults\n option tcp-check\n tcp-check send a\n${backend('tcp-check send b')}` },
  { name: 'unused rules of defaults', text: `defaults\n tcp-check send a\n${backend('option tcp-check')}` },
  {
    name: 'external checks that are allowed',
    text: `global\n external-check\n insecure-fork-wanted\n${backend('option external-check', 'external-check command /bin/true')}`,
  },
  { name: 'external checks that are not', text: `global\n external-check x\n${backend()}` },
  {
    name: 'rules of defaults that two backends share',
    text: ['b', 'c'].reduce(
      (text, name) => `${text}backend ${name}\n timeout connect 1s\n timeout server 1s\n server s 127.0.0.1 check\n`,
      'defaults\n mode tcp\n option tcp-check\n tcp-check send a\n',
    ),
  },
  {
    name: 'external checks of a server without a port',
    text: `global\n external-check\n insecure-fork-wanted\n${backend('option external-check', 'external-check command /bin/true', 'server s 127.0.0.1 check')}`,
  },
  { name: 'a word behind insecure-fork-wanted', text: `global\n insecure-fork-wanted x\n${backend()}` },
  {
    name: 'a server that follows one with an agent',
    text: backend('server a 127.0.0.1:1 agent-check agent-port 2', 'server b 127.0.0.1:1 track a'),
  },
  {
    name: 'a frontend',
    text: 'frontend f\n bind :80\n timeout client 1s\n option smtpchk\n tcp-check send a\n http-check expect status 200\n',
  },
]
