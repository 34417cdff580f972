/** Fetches of every type with ordinary and extreme values, to which each converter is applied; as in a configuration, quotes included. */
const TEXTS = String.raw`
str()
str(a)
"str(Hello World)"
"str('a,b;c  d')"
str(0)
str(-1)
str(+7x)
str(12345)
str(9223372036854775807)
str(9223372036854775808)
str(-9223372036854775808)
str(0x1F)
str(fF09)
str(1.2.3.4)
str(01.2.3.4x)
str(256.1.1.1)
str(::1)
str(::ffff:1.2.3.4)
str(true)
str(GET)
str(a=1&b=&c&aa=2)
str(example.com:80)
str([::1]:8080)
"str(https://h/p?a=b#c)"
str(YWJj)
str(YWI=)
str(YQ==)
str(YQ)
str(a-_b)
str(%41%zz+%4)
"str('{\"a\":[1,2.5,\"x\"],\"b\":{\"c\":true}}')"
"str('\"quoted\\\\text/')"
"str( blanks  and )"
"str(a\\nb\\r\\tc)"
str(ÄÖ€😀)
"str('en;q=0.5, fr-CH;q=0.9 , de')"
"str('da, en-gb;q=0.8, en;q=0.7;x, de;q=x')"
"str(',,a,,b,,')"
`
export const INPUTS: readonly string[] = [
  ...TEXTS.trim().split('\n'),
  ...[
    'int(0)',
    'int(1)',
    'int(-1)',
    'int(255)',
    'int(1700000000)',
    'int(1700000000123)',
    'int(1700000000123456)',
    'int(-1700000000123)',
    'int(4294967296)',
    'int(9223372036854775807)',
  ],
  ...['int(-9223372036854775808)', 'bool(true)', 'bool(false)', 'bin()', 'bin(00)', 'bin(61626300646566)'],
  ...[
    'bin(fffefdfc80c3a9)',
    'bin(c0afe08080eda080efbfbff4908080c3)',
    'bin(08ac0212074142434445464758)',
    'ipv4(1.2.3.4)',
    'ipv4(255.255.255.255)',
    'ipv6(::1)',
  ],
  ...['ipv6(2001:db8::1:2)', 'ipv6(::ffff:10.0.0.1)', 'ipv6(2002:102:304::)', 'meth(GET)', 'meth(PURGE)'],
]
