/** Small configurations, good and bad, by what they are about, for the comparison with the real HAProxy. */

export interface Case {
  readonly name: string
  readonly text: string
  /** what only HAProxy says; `reason` is why hapsim does not */
  readonly onlyHaproxy?: readonly string[]
  readonly onlyHapsim?: readonly string[]
  readonly reason?: string
}

const TIMEOUTS = ['timeout client 1s', 'timeout connect 1s', 'timeout server 1s']

const section = (head: string, ...lines: string[]): string => [head, ...lines.map((line) => ` ${line}`), ''].join('\n')
const global = (...lines: string[]): string => section('global', ...lines)
const backend = (...lines: string[]): string =>
  section('backend b', 'timeout connect 1s', 'timeout server 1s', ...lines)
const listen = (...lines: string[]): string => section('listen l', 'bind :8080', ...TIMEOUTS, ...lines)
const frontend = (...lines: string[]): string => section('frontend f', 'bind :8080', 'timeout client 1s', ...lines)
const when = (condition: string): string => `.if ${condition}\n.alert "yes"\n.else\n.alert "no"\n.endif\n`

const CONDITIONS = [
  ...['1 &&', '1 ||', '(1', '(1 && 0) || !1', 'foo(1)', 'streq(a)', 'streq(a,b', 'streq', 'streq(a,b,c)', '1 2', '-1'],
  ...['!defined(NOPE) && feature(LUA)', 'feature(NOPE)', 'feature(LU)', 'defined', 'defined()', 'streq(,)', '0x0', '!'],
  ...['version_atleast(3.2)', 'version_before(3.2-dev1)', 'version_atleast(3.2.26-1)', 'version_atleast(3.3)', '()'],
  ...['enabled(POLL)', 'enabled(SPLICE)', 'enabled(SERVER-SSL-VERIFY-NONE)', 'enabled(EVPORTS)', 'streq( a, a)', '1 )'],
  ...['openssl_version_atleast(3.0)', 'openssl_version_atleast(3.0.0)', 'openssl_version_before(1.1.1)', 'abc def'],
  ...['ssllib_name_startswith(Open)', 'strstr(abc,b) && strneq(a,b)', "streq('a,b',a)", '((((1))))', 'streq(a,a)&&1'],
  ...['0 || 0 || 1', '1 && 0 || 1', '!(1 || 0)', '!!1', '', 'streq(a b,a  b)', 'streq("a  b",a  b)'],
]

export const CASES: readonly Case[] = [
  ...CONDITIONS.map((condition) => ({ name: `condition ${condition}`, text: when(condition) })),
  {
    name: 'a good configuration',
    text: global('log stdout format raw local0', 'maxconn 10') + frontend() + backend('server s 127.0.0.1:80 check'),
  },
  { name: 'nothing at all', text: '' },
  { name: 'no final line feed', text: 'global\n foo\n daemon' },
  { name: 'NUL within', text: 'global\n mode\0x\n foo\n' },
  { name: 'a keyword before any section', text: 'foo bar\n' + global('zoo') },
  {
    name: 'several unknown keywords',
    text: global('foo') + frontend('bindd :80') + backend('server s 127.0.0.1:80 chek', 'servr x'),
  },
  {
    name: 'unknown keywords and what may have been meant (global)',
    text: global('maxcnn 1', 'spred-checks', 'statss', 'lua-laod', 'nbtread 3', 'tune.lua.maxmm 3', 'xyzzy'),
  },
  {
    name: 'unknown keywords and what may have been meant (proxy)',
    text: frontend(
      'serverr x',
      'bnd :80',
      'blance x',
      'optoin x',
      'timeot x',
      'http-chek',
      'logg global',
      'maxcon 3',
      'defualt_backend x',
      'zzzzz',
    ),
  },
  {
    name: 'unknown options and what may have been meant',
    text: backend('option htpchk', 'option log-healt-checks', 'option zzzzzzzz', 'option redispach'),
  },
  {
    name: 'unknown settings of servers',
    text: backend(
      'server a 1.1.1.1:80 chck inetr 3',
      'server a 1.1.1.1:80 intr 3',
      'server a 1.1.1.1:80 bakup',
      'server a 1.1.1.1:80 weigth 3',
      'server a 1.1.1.1:80 zzzzzzzz',
    ),
  },
  { name: 'unmatched quotes', text: backend('server "s1 127', "foo 'bar", 'foo "a\'b', 'servr x') },
  {
    name: 'bad variables and escapes',
    text: global('foo', 'foo "$1"', 'foo "${X"', 'bar \\xZZ', 'bar \\x', 'foo "${X[1]}"', 'foo "$.NOPE"'),
  },
  {
    name: 'quotes and escapes',
    text: backend(
      '"option" httpchk',
      "option 'log-health-checks'",
      'server a\\ b 1.1.1.1:80',
      'server "a b" 1.1.1.1:80',
      "server 'a#b' 1.1.1.1:80 # comment",
      'server a\\#b 1.1.1.1:80',
      'server \\x61\\x20b 1.1.1.1:80',
      'server "a"\'$b\' 1:1',
    ),
  },
  {
    name: 'empty words',
    text: listen(
      'log "" local0',
      'timeout "" client 1s',
      'server a "" 1.1.1.1 check',
      'mode "" "" x',
      'bind :80 "$UNSET"',
    ),
  },
  { name: 'too many words', text: backend(`server ${'a '.repeat(70)}`, 'foo') },
  { name: 'more errors than HAProxy reads', text: backend(...Array.from({ length: 60 }, (_, i) => `foo${i}`)) },
  {
    name: 'variables',
    text:
      global('setenv A "1.1.1.1:80 check"', 'setenv B b', 'presetenv B c', 'setenv C x', 'unsetenv C') +
      backend(
        'server "$B" "${A[*]}"',
        'server "${C-d}" "${C-1.1.1.1}:80"',
        'server "s$C" 1.1.1.1:80',
        'foo "$.FILE:$.LINE:$.SECTION"',
      ),
  },
  { name: 'resetenv', text: global('setenv A 1', 'setenv B 2', 'resetenv A') + when('defined(A) && !defined(B)') },
  {
    name: 'variables that are set badly',
    text: global(
      'foo',
      'setenv',
      'setenv a',
      'setenv a b c',
      'unsetenv',
      'daemon x',
      'localpeer a b',
      'pidfile',
      'pidfile a',
      'pidfile b',
    ),
  },
  {
    name: 'lines of blocks that are not taken',
    text: '.if 0\nfoo\n.if 1\nbar\n.else\nbaz\n.endif\n.elif 1\nglobal\n foo1\n.else\nfoo2\n.endif\n',
  },
  { name: 'a block without end', text: global('foo') + '.if 1\n' },
  { name: 'an end without block', text: global('foo') + '.endif\n' },
  { name: '.else twice', text: '.if 1\n.else\n.else\n' },
  { name: '.elif after .else', text: '.if 1\n.else\n.elif 1\n' },
  { name: '.else with a word', text: global('foo') + '.if 1\n.else x\n' },
  { name: 'messages', text: global('foo') + '.warning "a b"\n.warning a b\n.notice x\n.foo\n.alert "end"\nbar\n' },
  { name: 'scopes', text: '[foo]\n' + global() + '[bar\n' },
  { name: 'no before what cannot have it', text: frontend('no mode http', 'foo') },
  {
    name: 'options with no and default',
    text: backend(
      'no option log-health-checks',
      'default option log-health-checks',
      'no option httpchk',
      'no option zz',
      'option',
      'option httpclose x',
      'option log-health-checks x',
      'option forceclose',
      'no option redispatch',
    ),
  },
  {
    name: 'options of the other side',
    text: frontend('option allbackups', 'option httpchk a b c d e', 'retries', 'balance foo'),
  },
  { name: 'sections without a name', text: global('foo') + 'backend\n foo\nbackend\n' },
  { name: 'bad names of sections', text: 'backend a#b\n foo\nbackend a$b\nbackend "a b"\n' },
  { name: 'words after the name of a section', text: 'backend a x\nfrontend a :80\n foo\ndefaults a b\n' },
  { name: 'a proxy named twice', text: 'backend b\nbackend b\nlisten l\n bind :1\nfrontend l\n bind :2\n' },
  {
    name: 'a frontend and a backend of one name',
    text: 'frontend a\n bind :80\n timeout client 1s\nbackend a\nlisten a\n',
  },
  { name: 'defaults that are not there', text: 'defaults d1\n timeout client 1s\nfrontend a from d2\n' },
  { name: 'defaults named twice', text: 'defaults d1\ndefaults d1\nfrontend a from d1\n' },
  {
    name: 'defaults used both ways',
    text: 'defaults d1\n timeout client 1s\nfrontend a from d1\n bind :1\nfrontend b\n bind :2\n',
  },
  {
    name: 'defaults replaced after use',
    text: 'defaults a\n timeout client 1s\nfrontend a from a\n bind :80\nbackend a from a\ndefaults a\n',
  },
  {
    name: 'what defaults cannot have',
    text: section(
      'defaults',
      'bind :80',
      'server x y',
      'id 3',
      'description x',
      'default-server inter 3s check',
      'email-alert mailers x',
      'option httpchk',
    ),
  },
  {
    name: 'what backends cannot have',
    text: backend('bind :80', 'default_backend x', 'timeout client 3s', 'maxconn 3', 'option httplog'),
  },
  {
    name: 'what frontends cannot have',
    text: frontend(
      'server x 1.1.1.1',
      'default-server check',
      'timeout server 1s',
      'balance roundrobin',
      'option httpchk',
    ),
  },
  { name: 'ids of proxies', text: 'backend a\n id 4\nbackend c\n id 4\n id 5\n id\n id 0\n id 1 2\n' },
  {
    name: 'keywords of proxies without or with wrong words',
    text: frontend(
      'mode foo',
      'mode',
      'mode log',
      'maxconn',
      'maxconn x',
      'maxconn 1 2',
      'default_backend',
      'timeout',
      'timeout foo',
      'timeout client',
      'disabled x',
      'log-tag',
      'log',
    ),
  },
  {
    name: 'email-alert',
    text: backend('email-alert', 'email-alert foo', 'email-alert level xx', 'email-alert level info'),
  },
  { name: 'email-alert that lacks something', text: backend('email-alert mailers m', 'email-alert from a') },
  {
    name: 'email-alert without its section',
    text: backend('email-alert mailers zz', 'email-alert from a', 'email-alert to b'),
  },
  {
    name: 'email-alert',
    text:
      section('mailers m', 'mailer a 127.0.0.1:25', 'timeout mail 5s') +
      section('mailers n', 'mailer a 127.0.0.1:25') +
      backend(
        'email-alert mailers m',
        'email-alert from a',
        'email-alert to b',
        'email-alert level notice',
        'email-alert myhostname x',
      ),
    onlyHaproxy: [
      "warning: Legacy mailers used by backend 'b' will not be supported anymore in version 3.3. You should use Lua to send email-alerts, see 'examples/lua/mailers.lua' file.",
    ],
    reason: 'whether it is said depends on the scripts: legacyMailersWarning() has it for the process to say',
  },
  {
    name: 'mailers',
    text:
      section(
        'mailers m',
        'mailer',
        'mailer a',
        'mailer a 127.0.0.1',
        'mailer a 1.1.1.1:99999',
        'mailer x/y 1.1.1.1:1',
        'timeout',
        'timeout x',
        'timeout mail',
        'timeout mail x',
        'timeout mail 99999d',
        'foo',
        'mailer u unix@/foo',
        'mailer v udp@1.1.1.1:25',
        'mailer w nowhere.invalid:25',
      ) + 'mailers a$b\n',
  },
  { name: 'mailers named twice, or not', text: 'mailers m\nmailers m\nmailers\n' },
  {
    name: 'durations',
    text: backend(
      'timeout queue 5x',
      'timeout server 99999999d',
      'timeout check 5us',
      'timeout tunnel 0',
      'timeout tarpit x',
      'timeout connect 1s x',
    ),
  },
  {
    name: 'durations HAProxy wonders about',
    text: backend(
      'timeout queue 5',
      'timeout check 99',
      'timeout tunnel 1500us',
      'timeout tarpit 100',
      'timeout tarpit 1',
      'timeout server-fin 1s2',
      'server a 1.1.1.1:80 check inter 5 fastinter 1 downinter 1s2',
    ),
  },
  {
    name: 'servers without or with wrong words',
    text: backend(
      'server s2',
      'server',
      'server s/a 127.0.0.1',
      'server "" 1.1.1.1',
      'server s1 127.0.0.1:80 inter 5x',
      'server s3 foo:99999',
      'server s5 127.0.0.1:80 weight 300',
      'server s6 127.0.0.1:80 inter',
      'server s7 127.0.0.1:80 rise 0',
      'server s8 127.0.0.1:70000',
      'server s9 127.0.0.1:80-90',
      'server s10 127.0.0.1:80 slowstart 99999d',
      'server s11 1.1.1.1 check track b',
      'server s12 1.1.1.1:80 fall x',
      'server s13 1.1.1.1:80 downinter 0',
      'server s14 1.1.1.1:80 slowstart',
    ),
  },
  {
    name: 'settings of servers',
    text: backend(
      'server a 1.1.1.1:80 id x',
      'server b 1.1.1.1:80 id 4',
      'server c 1.1.1.1:80 id 4',
      'server d 1.1.1.1:80 cookie',
      'server e 1.1.1.1:80 init-state foo',
      'server f 1.1.1.1:80 addr foo:1',
      'server g 1.1.1.1:80 addr',
      'server h 1.1.1.1:80 port',
      'server k 1.1.1.1:80 track',
      'server l 1.1.1.1:80 id',
    ),
  },
  {
    name: 'default-server',
    text: backend(
      'default-server foo',
      'default-server inter 3s track x id 3 cookie',
      'default-server weight 999',
      'default-server inter 3s check',
      'server a 1.1.1.1:80 track x',
    ),
  },
  {
    name: 'server-template',
    text: backend(
      'server-template a',
      'server-template b x 1.1.1.1:80',
      'server-template a/ 3 1.1.1.1:80',
      'server-template v 5-3 1.1.1.1:80',
      'server-template t 3 1.1.1.1:99999',
    ),
  },
  {
    name: 'good servers',
    text: backend(
      'default-server inter 3s check weight 5 maxconn 3 backup',
      'server a 1.1.1.1:80 no-check no-backup disabled',
      'server b :80',
      'server c 1.1.1.1:+80 no-check',
      'server e 1.1.1.1 port 80',
      'server f ::1:80 id 9',
      'server g [::1]:80 cookie x',
      'server-template t 3 1.1.1.1:80',
      'server-template u 3-5 1.1.1.1:80',
      'server h unix@/tmp/x',
    ),
  },
  {
    name: 'servers named twice',
    text: backend(
      'server a 1.1.1.1:80',
      'server a 1.1.1.2:80',
      'server-template t 2 1.1.1.1:80',
      'server t1 1.1.1.1:80',
    ),
  },
  {
    name: 'tracking',
    text: listen(
      'server a 1.1.1.1:80 track b',
      'server b 1.1.1.1:80',
      'server c 1.1.1.1:80 track x/y',
      'server d 1.1.1.1:80 track a',
      'server e 1.1.1.1:80 track e',
      'server f 1.1.1.1:80 track nope',
      'server g 1.1.1.1:80 check',
      'server h 1.1.1.1:80 track l/g',
    ),
  },
  {
    name: 'checks without a port',
    text:
      'backend h\n option httpchk\n server a 1.1.1.1 check\n' +
      backend('server a 1.1.1.1 check', 'server b 1.1.1.1 check port 80', 'server c 1.1.1.1 check addr 1.1.1.1:80') +
      'backend c\n server a 1.1.1.1 check\n',
  },
  { name: 'a name that nobody resolves', text: listen('server g foo.invalid:80 check') },
  {
    name: 'httpchk',
    text: backend(
      'option httpchk GET / HTTP/1.1\\r\\nHost:\\ foo',
      'option httpchk /x',
      'option httpchk GET /x HTTP/1.1 host y',
      'option httpchk GET /x HTTP/1.1 host',
    ),
  },
  {
    name: 'http-check',
    text: backend(
      'option httpchk',
      'http-check send meth GET uri /x ver HTTP/1.1 hdr Host foo body x',
      'http-check foo',
      'http-check send foo',
      'http-check send hdr a',
      'http-check send uri',
      'http-check send hdr Host x hdr Host y',
    ),
  },
  {
    name: 'http-check rules out of order',
    text: backend(
      'option httpchk',
      'http-check send meth GET',
      'http-check send uri /x',
      'http-check expect status 200',
      'http-check send uri /x',
    ),
  },
  { name: 'http-check without httpchk', text: listen('http-check send meth GET', 'server a 1.1.1.1:80 check') },
  {
    name: 'missing timeouts',
    text: 'listen l\n bind :80\n server a 1.1.1.1:80\nbackend b\n timeout tunnel 1s\n timeout connect 1s\n server a 1.1.1.1:80\nbackend c\n',
  },
  { name: 'no bind', text: 'frontend f\n timeout client 1s\n' },
  {
    name: 'default_backend',
    text:
      frontend('default_backend nope') +
      section('frontend g', 'mode http', 'bind :9', 'timeout client 1s', 'default_backend b') +
      backend() +
      listen('default_backend l'),
  },
  { name: 'servers beside default_backend', text: listen('server a 1.1.1.1:80', 'default_backend b') + backend() },
  { name: 'cookies of servers without HTTP', text: listen('server a 1.1.1.1:80 cookie x') },
  { name: 'HTTP log format without HTTP', text: global('log stdout local0') + listen('log global', 'option httplog') },
  { name: 'log format without log', text: listen('mode http', 'option httplog') },
  { name: 'disabled proxies', text: 'backend c\n disabled\n server a 1.1.1.1 check\n email-alert to x\n' },
  {
    name: 'log servers',
    text: 'backend b\n mode log\n server a udp@1.1.1.1:514\n server b 1.1.1.1:514\n server c /tmp/x\nbackend d\n server z udp@1.1.1.1:3\n',
  },
  {
    name: 'log lines',
    text: global(
      'log stdout local0',
      'log /dev/log local0 info',
      'log 127.0.0.1:514 len 100 format rfc5424 local0 info err',
      'log foo',
      'log fd@x local0',
      'log 127.0.0.1 len 3 local0',
      'log 127.0.0.1 format x local0',
      'log 127.0.0.1 sample 1:2 local0',
      'log 127.0.0.1 sample 1 local0',
      'log 127.0.0.1 sample 3:2 local0',
      'log 127.0.0.1 sample 1,1-2:3 local0',
      'log 127.0.0.1 local0 info info foo',
      'log 127.0.0.1 local0 xx',
      'log global',
      'no log x',
      'log 127.0.0.1:x local0',
      'log abc local0',
      'log ::1 local0',
    ),
  },
  {
    name: 'logs of proxies',
    text:
      global('log 127.0.0.1 local0') + listen('log global', 'log global x', 'no log', 'log 127.0.0.1 local1 notice'),
  },
  {
    name: 'bind lines',
    text: frontend(
      'bind',
      'bind :80 foo',
      'bind foo',
      'bind 127.0.0.1',
      'bind foo:80',
      'bind 1.1.1.1:99999',
      'bind :90-80',
      'bind :80 name',
      'bind :80 id 0',
      'bind :80 maxconn',
      'bind :80 process 1',
      'bind udp@:53',
      'bind :0',
      'bind fd@9',
      'bind :1-3,unix@/tmp/x name x level admin',
    ),
  },
  {
    name: 'global keywords',
    text: global(
      'nbthread',
      'nbthread x',
      'nbthread 4000',
      'maxconn a',
      'maxconn',
      'spread-checks',
      'spread-checks 99',
      'max-spread-checks x',
      'max-spread-checks',
      'node a$b',
      'node',
      'description',
      'log-tag',
      'nbproc 3',
    ),
  },
  {
    name: 'what may be said once',
    text: global(
      'maxconn 1',
      'maxconn 2',
      'log-send-hostname',
      'log-send-hostname',
      'spread-checks 5',
      'spread-checks 6',
    ),
  },
  { name: 'nbthread too late', text: backend() + global('nbthread 3') },
  {
    name: 'stats',
    text: global(
      'stats foo',
      'stats',
      'stats socket',
      'stats timeout x',
      'stats timeout',
      'stats timeout 0',
      'stats socket foo',
      'stats socket /tmp/x level foo',
      'stats socket /tmp/x foo',
      'stats socket /tmp/x mode 660 level admin expose-fd listeners',
      'stats maxconn x',
    ),
  },
  {
    name: 'Lua keywords',
    text: global(
      'tune.lua.bool-sample-conversion x',
      'tune.lua.log.loggers x',
      'tune.lua.log.stderr x',
      'tune.lua.forced-yield x',
      'tune.lua.session-timeout x',
      'tune.lua.burst-timeout 99999d',
      'tune.lua.maxmem x',
      'tune.lua.maxmem',
      'lua-prepend-path',
      'lua-prepend-path a b',
      'lua-prepend-path a path x',
      'lua-load',
      'lua-load-per-thread',
      'tune.lua.openlibs all',
    ),
    onlyHaproxy: [
      "alert: config : parsing [x.cfg:15] : unknown keyword 'tune.lua.openlibs' in 'global' section; did you mean 'tune.lua.maxmem' maybe ?",
    ],
    reason: 'newer versions of HAProxy have it, and hapsim takes it from them',
  },
  {
    name: 'tcp-check',
    text:
      backend('tcp-check connect port 80', 'server a 1.1.1.1 check') +
      listen('option tcp-check', 'tcp-check connect port 80', 'server a 1.1.1.1 check'),
  },
  { name: 'an address after the name of a proxy', text: 'listen l :80\nfrontend f :81\n foo\n' },
  { name: 'zero-warning', text: global('zero-warning') + 'backend b\n server a 1.1.1.1:80 check\n' },
  {
    name: 'removed keywords',
    text: frontend(
      ...[
        'cliexp',
        'reqrep',
        'reqdel',
        'reqdeny',
        'reqpass',
        'reqallow',
        'reqtarpit',
        'reqirep',
        'reqidel',
        'reqideny',
      ],
      ...[
        'reqipass',
        'reqiallow',
        'reqitarpit',
        'reqadd',
        'srvexp',
        'rsprep',
        'rspdel',
        'rspdeny',
        'rspirep',
        'rspidel',
      ],
      ...['rspideny', 'rspadd', 'appsession x', 'redispatch', 'redisp', 'grace 1', 'block x', 'clitimeout 3'],
      ...['srvtimeout 1', 'contimeout 1', 'bind-process 1', 'monitor-net 1.1.1.1'],
    ),
  },
  {
    name: 'users and directories of the host',
    text: global('user nobody-of-this-name', 'chroot'),
    onlyHaproxy: [
      "alert: config : parsing [x.cfg:2] : cannot find user id for 'nobody-of-this-name' (0:Success)",
      "alert: config : parsing [x.cfg:3] : 'chroot' expects a directory as an argument.",
      'alert: config : Error(s) found in configuration file : x.cfg',
      'alert: config : Fatal errors found in configuration.',
    ],
    reason: 'users and directories of the host are none of the simulation; such keywords are taken without a look',
  },
]
