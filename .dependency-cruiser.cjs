/** The arrows of the house: bytes <- engine <- net <- haproxy <- lua <- sim <- explore <- testkit <- cli; config <- haproxy. */
const rooms = {
  bytes: ['bytes'],
  hash: ['bytes', 'hash'],
  http: ['bytes', 'http', 'engine/calendar'],
  regex: ['bytes', 'regex'],
  disk: ['disk'],
  engine: ['bytes', 'engine'],
  net: ['bytes', 'engine', 'net'],
  config: ['bytes', 'http', 'regex', 'config', 'net/address', 'net/ip', 'net/tls', 'net/tcp-options', 'engine/clock'],
  haproxy: ['bytes', 'hash', 'http', 'regex', 'engine', 'net', 'config', 'haproxy'],
  lua: ['bytes', 'hash', 'http', 'regex', 'engine', 'net', 'config', 'haproxy', 'lua'],
  sim: ['bytes', 'hash', 'http', 'regex', 'engine', 'net', 'config', 'haproxy', 'lua', 'sim'],
  debug: ['bytes', 'hash', 'http', 'regex', 'engine', 'net', 'config', 'haproxy', 'lua', 'sim', 'debug'],
  live: ['bytes', 'hash', 'http', 'regex', 'engine', 'net', 'config', 'haproxy', 'lua', 'sim', 'live', 'disk'],
  report: ['bytes', 'hash', 'http', 'regex', 'engine', 'net', 'config', 'haproxy', 'lua', 'sim', 'explore', 'report'],
  explore: ['bytes', 'hash', 'http', 'regex', 'engine', 'net', 'config', 'haproxy', 'lua', 'sim', 'explore'],
  coverage: ['bytes', 'hash', 'http', 'regex', 'engine', 'net', 'config', 'haproxy', 'lua', 'coverage', 'disk'],
  vitest: ['bytes', 'hash', 'http', 'regex', 'engine', 'net', 'config', 'haproxy', 'lua', 'sim', 'explore', 'vitest'],
  testkit: [
    'bytes',
    'hash',
    'http',
    'regex',
    'engine',
    'net',
    'config',
    'haproxy',
    'lua',
    'sim',
    'explore',
    'report',
    'testkit',
    'disk',
  ],
}

module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `arrows-of-${room}`,
      severity: 'error',
      comment: `src/${room} may use only: ${allowed.join(', ')}`,
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: `^src/(${allowed.join('|')})[/.]` },
    })),
    {
      name: 'simulated-network-is-not-the-interface',
      severity: 'error',
      comment: 'haproxy/ and lua/ know the Network interface, not what implements it',
      from: { path: '^src/(haproxy|lua|config)/' },
      to: { path: '^src/net/(sim|node)/' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      comment:
        'Types may name one another; code may not, but where two halves of one thing were always going to call each other',
      from: {
        pathNot: ['^src/lua/vm/(call|errors|hook|stack-limits)\\.'],
      },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          '\\.d\\.ts$',
          '^src/cli/(haproxy/)?main\\.ts$',
          '^src/debug/worker\\.ts$',
          '^src/vitest/index\\.ts$',
          '^src/report/page/',
        ],
      },
      to: {},
    },
    {
      name: 'no-test-code-in-the-package',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/vitest/' },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
}
