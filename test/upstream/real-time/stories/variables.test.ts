/** Variables of the process and of checks: `set-var` in `global` and in checks, scripts, the runtime API, limits of memory. */
import { chapter, type Story } from './story.js'

const PRINT = `
local function show(...)
  for _, name in ipairs{...} do
    local value = core.get_var(name)
    print(name, math.type(value) or type(value), (tostring(value):gsub("[^ -~]", function(c) return ("\\\\x%02x"):format(c:byte()) end)))
  end
end
`

const BACKEND = `backend be
    server a 127.0.0.1:%1
`

const inGlobal = (lines: readonly string[], show: readonly string[], steps: Story['steps'] = []): Story => ({
  config: `global\n${[...lines, 'lua-load x.lua'].map((line) => `    ${line}\n`).join('')}${BACKEND}`,
  files: { 'x.lua': `${PRINT}show(${show.map((name) => JSON.stringify(`proc.${name}`)).join(', ')})` },
  steps,
  servers: ['accepts'],
})

const set = (...values: readonly string[]): string[] => values.map((value, i) => `set-var proc.v${i + 1} ${value}`)
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `v${i + 1}`)
const gets = (count: number): string[] => names(count).map((name) => `get var proc.${name}`)

const VALUES = [
  ...['int(-5)', 'bool(true)', 'bool(0)', 'str("a b")', 'bin(00ff41)', 'bin(41420043)', 'str()', 'ipv4(1.2.3.4)'],
  ...[
    'ipv6(2001:db8::1)',
    'meth(GET)',
    'meth(FOO)',
    'int(9223372036854775807),add(1)',
    'int(5),bool',
    'str(12),add(1)',
  ],
  ...[
    'str(5),set-var(proc.copy),add(1)',
    'var(proc.copy)',
    'var(proc.none)',
    'var(proc.none,default)',
    'var(txn.x,default)',
  ],
  ...[
    'var(sess.x,default)',
    'var(check.x,default)',
    'var(psess.x,default)',
    'str(a),concat(-,proc.v1,-)',
    'int(1),sub(proc.v1)',
  ],
  ...[
    'str(a),unset-var(proc.v4)',
    'var(proc.v4)',
    'str(a),unset-var(txn.x)',
    'str(a),set-var(txn.x)',
    'env(NONE),bool',
  ],
]

/** 80 bytes for each variable, and its data */
const LIMITED = [
  'tune.vars.proc-max-size 250',
  ...['set-var proc.v1 str(aaaaa)', 'set-var proc.v2 str(bbbbbbbbbb)', 'set-var proc.v2 str(bbbbbbbbbbb)'],
  ...['set-var proc.v2 str(c)', 'set-var proc.v1 int(7)', 'set-var proc.v1 str(cccccccccccccccccccccccccccccccccccc)'],
]

chapter('variables', {
  'values of all types as scripts and the runtime API see them': inGlobal(
    set(...VALUES),
    names(VALUES.length),
    gets(VALUES.length),
  ),
  'log-formats': inGlobal(
    [
      ...['a%%b', 'a\\ b', '"%[int(5)] %[str(x)]"', '%[var(proc.none)]', '%[str(x),upper]', '%[bin(410042)]'].map(
        (format, i) => `set-var-fmt proc.v${i + 1} ${format}`,
      ),
      'set-var-fmt proc.v7,ifnotset a',
      'set-var-fmt proc.v7,ifnotset b',
    ],
    names(7),
  ),
  'scripts see what was set before their line': {
    config: `global
    set-var proc.x int(1)
    lua-load x.lua
    set-var proc.x int(2)
    setenv X value
    set-var proc.env env(X)
    lua-load x.lua
    set-var proc.x var(proc.x),add(1)
${BACKEND}`,
    files: {
      'x.lua': `${PRINT}show("proc.x", "proc.env") core.register_init(function() show("proc.x", "proc.env") end)`,
    },
    servers: ['accepts'],
  },
  'conditions of set-var': inGlobal(
    [
      ...['set-var proc.v1,ifexists int(1)', 'set-var proc.v2,ifnotexists int(1)', 'set-var proc.v3,ifset int(1)'],
      ...['set-var proc.v4,ifnotset int(1)', 'set-var proc.v4,ifnotset int(2)', 'set-var proc.v4,ifset,ifgt int(2)'],
      ...['set-var proc.v4,ifset,iflt int(3)', 'set-var proc.v4,ifgt int(0)', 'set-var proc.v4,iflt int(-3)'],
      ...['set-var proc.v5 str(a)', 'set-var proc.v5,ifempty str(b)', 'set-var proc.v5,ifempty str()'],
      ...['set-var proc.v5,ifnotempty str()', 'set-var proc.v5,ifnotempty int(0)', 'set-var proc.v5,ifempty int(1)'],
      ...['set-var proc.v6 str(a)', 'set-var proc.v6,ifgt int(1)', 'set-var proc.v7 int(5),set-var(proc.v8,ifnotset)'],
      ...['set-var proc.v7 int(6),set-var(proc.v8,ifnotset)', 'set-var proc.v9 bool(1)', 'set-var proc.v9,ifgt int(7)'],
      ...['set-var proc.v9,iflt bool(0)', 'set-var proc.v10 meth(FOO)', 'set-var proc.v10,ifempty meth(BAR)'],
    ],
    names(10),
  ),
  'the memory of variables is limited': inGlobal(LIMITED, names(2), gets(2)),
  'a value that does not fit becomes a boolean': inGlobal(
    ['tune.vars.global-max-size 100', 'set-var proc.v1 int(7)', 'set-var proc.v1 str(aaaaaaaaaaaaaaaaaaaaaa)'],
    names(1),
    ['get var proc.v1'],
  ),
  'a variable that does not fit': inGlobal(
    [
      'tune.vars.proc-max-size 170',
      'set-var proc.v1 str(0123456789)',
      'set-var proc.v2 int(1)',
      'set-var proc.v3 int(1)',
    ],
    names(3),
  ),
  'limits do not count what was set before': inGlobal(
    ['set-var proc.v1 str(aaa)', 'tune.vars.proc-max-size 1000', 'set-var proc.v1 str(b)', 'set-var proc.v1 int(5)'],
    names(1),
  ),
  'unnumbered methods take memory': inGlobal(
    ['tune.vars.proc-max-size 90', 'set-var proc.v1 meth(CONNECT)', 'set-var proc.v1 meth(ABCDEFGHIJK)'],
    names(1),
  ),
  'variables of the runtime API': inGlobal(
    ['set-var proc.v1 int(5)'],
    ['v1'],
    [
      ...['get var', 'get var proc.none', 'get var txn.x', 'get var foo', 'get var proc.a-b', 'get var proc.v1 more'],
      ...[
        'set var',
        'set var proc.v1 int(3)',
        'experimental-mode on; set var',
        'experimental-mode on; set var proc.v1',
      ],
      ...[
        ...['proc.v1 int(3)', 'proc.v2 int(4),add(2)', 'proc.v3 expr str(a)', 'proc.v4 fmt a%[var(proc.v1)]b'],
        ...[
          'proc.v5 foo bar',
          'txn.x int(3)',
          'proc.v1,ifgt int(4)',
          'proc.v1,iflt int(4)',
          'proc.v1,ifset,foo int(3)',
        ],
        ...['proc.v5 expr int(3) add(5)', 'proc.v6 nosuch', 'proc.v6 src', 'proc.v6 fmt %[src]', 'proc.v6 fmt %zz'],
        ...[
          'proc.a-b int(1)',
          'proc.v6 int(3),nosuch',
          'proc.v6 int(1) int(2)',
          'proc.v7 str(a\\ b)',
          'proc.v8 var(proc.v9)',
        ],
        ...[
          'proc.v10 str(a),set-var(proc.v11)',
          'foo int(1)',
          'proc.v12 be_name',
          'proc.v12 res.hdr(a)',
          'proc.v3 fmt x y',
        ],
      ].map((command) => `experimental-mode on; set var ${command}`),
      ...gets(12),
      ...['operator', 'user'].map((level) => `experimental-mode on; ${level}; set var proc.v1 int(9); get var proc.v1`),
    ],
  ),
  'variables of checks': {
    config: `global
    set-var proc.count int(0)
defaults
    log global
    timeout connect 1s
    timeout server 1s
    timeout check 1s
backend be
    option tcp-check
    tcp-check set-var(check.a) int(1)
    tcp-check set-var(check.a,iflt) int(5)
    tcp-check set-var(check.a,iflt) int(3)
    tcp-check set-var(sess.a) str(session)
    tcp-check set-var(txn.a) str(transaction)
    tcp-check set-var(req.a) str(request)
    tcp-check unset-var(txn.a)
    tcp-check set-var(check.b) str(b)
    tcp-check unset-var(check.b)
    tcp-check set-var-fmt(proc.seen) "%[var(check.a,none)] %[var(sess.a,none)] %[var(txn.a,none)] %[var(req.a,none)] %[var(check.b,none)] %[var(psess.a,none)] %[var(check.kept,none)]"
    tcp-check set-var(check.kept) str(kept)
    tcp-check set-var(proc.count) var(proc.count),add(1)
    tcp-check connect
    server a 127.0.0.1:%1 check inter 30
`,
    steps: [500, 'get var proc.seen'],
    servers: ['accepts'],
  },
  'the memory of variables of checks is limited': {
    config: `global
    tune.vars.check-max-size 165
    tune.vars.sess-max-size 250
backend be
    option tcp-check
    tcp-check set-var(check.a) str(12345)
    tcp-check set-var(check.b) str(123456)
    tcp-check set-var(check.b) str(1)
    tcp-check set-var(sess.c) str(12345)
    tcp-check set-var(sess.c) str(123456)
    tcp-check set-var-fmt(proc.seen) "%[var(check.a,none)] %[var(check.b,none)] %[var(sess.c,none)]"
    tcp-check connect
    server a 127.0.0.1:%1 check inter 50
`,
    steps: [500, 'get var proc.seen'],
    servers: ['accepts'],
  },
})
