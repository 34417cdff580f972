/** Configurations about the resolution of names, for the comparison with the real HAProxy. */
import type { Case } from './cases/texts.js'

const resolvers = (...lines: string[]): string => ['resolvers dns', ...lines.map((line) => ` ${line}`), ''].join('\n')
const backend = (...lines: string[]): string =>
  ['backend b', 'timeout connect 1s', 'timeout server 1s', ...lines, ''].join('\n ').trimEnd() + '\n'
const server = (...settings: string[]): string =>
  backend(...settings.map((each, i) => `server s${i} 127.0.0.1:80 ${each}`))

/** Each line in a separate section, so that an error does not hide another. */
const each = (name: string, lines: readonly string[]): Case[] =>
  lines.map((line) => ({ name: `${name}: ${line}`, text: resolvers('nameserver one 127.0.0.1:53', line) }))

export const RESOLVERS_CASES: readonly Case[] = [
  {
    name: 'resolvers in full',
    text:
      resolvers(
        ...['nameserver one 127.0.0.1:53', 'nameserver two [::1]:5353', 'nameserver three udp@127.0.0.2:53'],
        ...['hold valid 10s', 'hold nx 1m', 'hold refused 30', 'hold timeout 1s', 'hold other 2s', 'hold obsolete 0'],
        ...['timeout retry 1s', 'timeout resolve 2s', 'resolve_retries 5', 'accepted_payload_size 8192'],
      ) + server('resolvers dns resolve-prefer ipv4 resolve-net 10.0.0.0/8,fd00::/8 resolve-opts allow-dup-ip'),
  },
  { name: 'resolvers without a name', text: 'resolvers\n nonsense\n' },
  { name: 'resolvers with a bad name', text: 'resolvers d/s\n' },
  { name: 'two resolvers of one name', text: resolvers() + 'global\n nonsense\n' + resolvers('foo') },
  {
    name: 'two nameservers of one name',
    text: resolvers('nameserver a 127.0.0.1:53', 'nameserver a 127.0.0.1:54', 'foo'),
  },
  ...each('a nameserver', [
    ...['nameserver', 'nameserver x', 'nameserver x/y 127.0.0.1:53', 'nameserver x 127.0.0.1', 'nameserver x 1.2:53:4'],
    ...[
      'nameserver x no.such.host.invalid:53',
      'nameserver x 127.0.0.1:53-54',
      'nameserver x :53',
      'nameserver x *:53',
    ],
  ]),
  ...each('a hold', [
    ...[
      'hold',
      'hold valid',
      'hold foo 3s',
      'hold valid 3x',
      'hold nx 99999999999',
      'hold refused 1us',
      'hold valid 3 4',
    ],
  ]),
  ...each('a timeout', [
    ...[
      'timeout',
      'timeout foo',
      'timeout retry',
      'timeout resolve 3x',
      'timeout retry 99999999999',
      'timeout retry 1us',
    ],
    'timeout foo 3s',
  ]),
  ...each('a number', [
    ...['accepted_payload_size', 'accepted_payload_size 11', 'accepted_payload_size 65536', 'accepted_payload_size 12'],
    ...[
      'accepted_payload_size x',
      'resolve_retries',
      'resolve_retries x',
      'resolve_retries -1',
      'resolution_pool_size 3',
    ],
    ...['nonsense', 'parse-resolv-conf'],
  ]),
  { name: 'resolv.conf read twice', text: resolvers('parse-resolv-conf', 'parse-resolv-conf') },
  ...[
    ...['resolve-prefer ipv4', 'resolve-prefer', 'resolve-prefer x', 'resolve-opts', 'resolve-opts x,y'],
    ...['resolve-opts prevent-dup-ip,ignore-weight', 'resolve-net', 'resolve-net z', 'resolve-net 10.0.0.0/33'],
    ...[
      'resolve-net 10.0.0.0/255.0.0.0',
      'resolve-net 10.0.0.1,10.0.0.2',
      'resolve-net ::1/129',
      'resolve-net fd00::/8',
    ],
    ...[
      'resolve-net 1.1.1.1,2.2.2.2,3.3.3.3,4.4.4.4,5.5.5.5',
      'resolve-net 1.1.1.1,2.2.2.2,3.3.3.3,4.4.4.4,5.5.5.5,::1',
    ],
    ...[
      'init-addr',
      'init-addr foo',
      'init-addr last,libc,none',
      'init-addr 1.1.1.1,2.2.2.2',
      'init-addr 1.1.1.1,none',
    ],
    ...['init-addr ::1', 'init-addr last,,none', 'init-addr last,', 'init-addr LIBC'],
    `init-addr ${'libc,'.repeat(10)}last`,
    `init-addr ${'libc,'.repeat(9)}last`,
  ].map((settings): Case => ({ name: `server … ${settings}`, text: server(settings) })),
  {
    name: 'resolvers that are not there',
    text:
      server('resolvers x', 'resolvers default', 'resolvers y') + backend('server a no.such.invalid:1 init-addr last'),
  },
  ...['last', 'libc', 'last,libc', 'last,none', 'libc,none', 'libc,127.0.0.1', 'none', '127.0.0.1,libc'].map(
    (methods): Case => ({
      name: `init-addr ${methods} for a name that nobody knows`,
      text: backend(`server a no.such.host.invalid:80 init-addr ${methods}`),
    }),
  ),
  {
    name: 'a template of names that nobody knows',
    text:
      resolvers() + backend('server-template a 2 no.such.host.invalid:80 resolvers dns', 'server b nor.this.invalid:1'),
  },
]
