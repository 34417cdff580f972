/** Words, quotes, variables, conditions and blocks, and what HAProxy makes of unknown words. */
import { backend, frontend, global, listen, when, type Case } from './texts.js'

const CONDITIONS = [
  ...[
    '1 &&',
    '1 ||',
    '(1',
    '(1 && 0) || !1',
    'foo(1)',
    'streq(a)',
    'streq(a,b',
    'streq(a,',
    'streq(a',
    'streq(',
    'defined(a',
    'streq',
    'streq(a,b,c)',
    '1 2',
    '-1',
  ],
  ...['!defined(NOPE) && feature(LUA)', 'feature(NOPE)', 'feature(LU)', 'defined', 'defined()', 'streq(,)', '0x0', '!'],
  ...['version_atleast(3.2)', 'version_before(3.2-dev1)', 'version_atleast(3.2.26-1)', 'version_atleast(3.3)', '()'],
  ...['enabled(POLL)', 'enabled(SPLICE)', 'enabled(SERVER-SSL-VERIFY-NONE)', 'enabled(EVPORTS)', 'streq( a, a)', '1 )'],
  ...['openssl_version_atleast(3.0)', 'openssl_version_atleast(3.0.0)', 'openssl_version_before(1.1.1)', 'abc def'],
  ...['ssllib_name_startswith(Open)', 'strstr(abc,b) && strneq(a,b)', "streq('a,b',a)", '((((1))))', 'streq(a,a)&&1'],
  ...['0 || 0 || 1', '1 && 0 || 1', '!(1 || 0)', '!!1', '', 'streq(a b,a  b)', 'streq("a  b",a  b)'],
]

export const LANGUAGE: readonly Case[] = [
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
]
