/** Generated ACLs: values of all types, matched by all methods against patterns of all kinds, and conditions that combine them. */

const WORDS = 'abc\nABC\n/a\nexample\n10\n'

export const FILES: Readonly<Record<string, string>> = {
  // HAProxy caches results of files with at least 20 entries for all methods alike, so that each has a separate file
  ...Object.fromEntries(['str', 'beg', 'sub', 'dir', 'dom', 'end'].map((method) => [`${method}-words`, WORDS])),
  networks: '1.2.3.0/24\n::/64\n10.0.0.0/255.0.255.0\n2002::/16\n',
  numbers: '5\n10:20\n-7\n100-\n',
  map: 'a 1\nabc 5\n',
  'map-of-addresses': '1.2.3.0/24 a\n',
  'map-of-integers': 'abd 5\n',
}

const VALUES = [
  ...[
    'str()',
    'str(abc)',
    'str(ABC)',
    'str(abcabc)',
    'str(/a/b?c=/d)',
    'str(/a/b/)',
    'str(?abc/)',
    'str(www.example.com:80)',
    'str(a.b.c)',
    'str(10)',
    'str(-7)',
  ],
  ...[
    'str(5x)',
    'str(x)',
    'str(1.2.3.4)',
    'str(01.2.3.4)',
    'str(10.9.0.9)',
    'str(::1)',
    'str(::ffff:1.2.3.4)',
    'str(true)',
    '"str(a b)"',
    'str(GET)',
    'str(FOO)',
  ],
  ...[
    'str(ÄÖ)',
    'str(a%00b),url_dec',
    'str(%ff),url_dec',
    'str(/),concat(/)',
    'str(//)',
    'str(?)',
    'str(.)',
    'bin(616263)',
    'bin(00)',
    'bin(610062)',
    'bin(ff)',
  ],
  ...[
    'int(0)',
    'int(5)',
    'int(-5)',
    'int(10)',
    'int(16909060)',
    'int(9223372036854775807)',
    'int(-9223372036854775808)',
    'bool(true)',
    'bool(false)',
  ],
  ...[
    'ipv4(1.2.3.4)',
    'ipv4(10.9.0.9)',
    'ipv6(::1)',
    'ipv6(::ffff:1.2.3.4)',
    'ipv6(2002:102:304::)',
    'ipv6(fe80::1)',
    'meth(GET)',
    'meth(get)',
    'meth(FOO)',
  ],
]

const STRINGS = [
  'abc',
  'ABC aBc',
  'a',
  'b x',
  '/',
  '/b',
  'b/ /d',
  'c=',
  '.',
  'example',
  '.com: .b.',
  '10 GET',
  'abcabc',
  '-f words',
  '-f words -- zz',
  'ä ÄÖ',
  '1.2.3.4 ::1',
]
const INTEGERS = [
  '0',
  '5',
  '-5',
  '5:10',
  '-5:5',
  ':3',
  '3:',
  'gt 4',
  'ge 5',
  'lt 0',
  'le 10',
  '1 2 3',
  'ne 5',
  '-f numbers',
  '-f numbers -- 3',
  'gt 9223372036854775806',
  '0:9223372036854775807',
]
const NETWORKS = [
  '1.2.3.4',
  '1.2.3.0/24 5.6.7.8',
  '0.0.0.0/0',
  '::/0',
  '::1',
  '::ffff:1.2.3.4',
  '2002::/16',
  '10.0.0.0/255.0.255.0',
  'fe80::/10 1.0.0.0/8',
  '-f networks',
  '-n -f networks -- 0.0.0.5',
  '0.0.0.0/255.255.255.0',
]
const REGEXES = ['^a', 'B', 'c$', 'a.c', '(?i)ABC', '^$', '[/?]', '^(\\\\d+)\\\\.', 'x b', '\\\\x00', '^.$', 'Ä']

const PATTERNS: Readonly<Record<string, readonly string[]>> = {
  found: ['', 'x'],
  bool: ['', 'x'],
  int: INTEGERS,
  ip: NETWORKS,
  bin: ['616263', '00', '61', 'ff 610062', '616263 47'],
  len: INTEGERS,
  str: STRINGS,
  beg: STRINGS,
  sub: STRINGS,
  dir: STRINGS,
  dom: STRINGS,
  end: STRINGS,
  reg: REGEXES,
  regm: REGEXES,
}

const HAS_CASE: ReadonlySet<string> = new Set(['bin', 'str', 'beg', 'sub', 'dir', 'dom', 'end', 'reg', 'regm'])

/** `criterion flags patterns`, as after the name of an ACL. */
export const ACLS: readonly string[] = VALUES.flatMap((value) =>
  Object.entries(PATTERNS).flatMap(([method, patterns]) =>
    patterns
      .map((pattern) => pattern.replace('words', `${method}-words`))
      .flatMap((pattern) =>
        (HAS_CASE.has(method) ? ['', '-i '] : ['']).map((flag) => `${value} -m ${method} ${flag}${pattern}`),
      ),
  ),
)

/** ACLs with their default matching method, of which conditions are made; both true and false ones. */
export const TRUTHS: readonly string[] = [
  ...[
    'int(5) 5',
    'int(5) 6',
    'str(a) a',
    'str(a) A',
    'str(a) -i A',
    'ipv4(1.2.3.4) 1.2.0.0/16',
    'ipv6(::1) ::2',
    'bool(true)',
    'bool(false)',
    'str(abc),length 3',
  ],
  ...[
    'str(abc),map(map) 5',
    'str(x),map(map) -m found',
    'str(abc),map_str_int(map-of-integers,7) 7',
    'str(1.2.3.4),map_ip(map-of-addresses) a',
    'acl(TRUE)',
    'acl(!FALSE,TRUE)',
    'acl(a1)',
  ],
  ...[
    'always_true',
    'always_false',
    'str(a) --',
    'var(txn.unset) -m found',
    'var(txn.unset) -m str x',
    'meth(GET) -m str GET',
    'bin(00) -m bin 00',
    'bool(true) x',
    ...['str(a),when(acl,a0) -m str a', 'str(a),when(acl,FALSE) -m found', 'str(a),when(!acl,a1) -m found'],
  ],
]
