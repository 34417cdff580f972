/**
 * State files at a start, good and bad: the real HAProxy and ours say the same of them, and bring servers into the same
 * states.
 */
import { expect, it } from 'vitest'
import { Simulation } from '../../../../src/sim/index.js'
import { isExecutable, RealHaproxy } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'

interface Fields {
  be: string
  id: string
  bk: number
  addr: string
  op: number | string
  admin: number | string
  weight: number | string
  initial: number | string
  ago: number | string
  status: number | string
  result: number | string
  health: number | string
  check: number | string
  agent: number | string
  bkForced: number | string
  forced: number | string
  fqdn: string
  port: number | string
  srv: string
  ssl: number | string
  checkPort: number | string
  checkAddr: string
  agentAddr: string
  agentPort: number | string
}

const SAVED_FIELDS: Fields = {
  ...{ be: 'be', id: '1', bk: 3, addr: '127.0.0.9', op: 2, admin: 0, weight: 1, initial: 1, ago: 1000, status: 6 },
  ...{ result: 3, health: 4, check: 6, agent: 0, bkForced: 0, forced: 0, fqdn: '-', port: 77, srv: '-', ssl: 0 },
  ...{ checkPort: 0, checkAddr: '-', agentAddr: '-', agentPort: 0 },
}

/** A line of a state file as `show servers state` writes it. */
const line = (name: string, fields: Partial<Fields> = {}): string => {
  const { be, id, bk, ...rest } = { ...SAVED_FIELDS, ...fields }
  return [bk, be, id, name, ...Object.values(rest)].join(' ')
}

const file = (...lines: readonly string[]): string => ['1', '# be_id be_name …', ...lines, ''].join('\n')

const HEAD = `global
    stats socket unix@sock level admin
    nbthread 1
`
const LIMITS = `defaults
    mode tcp
    timeout connect 1s
    timeout client 1s
    timeout server 1s
`
/** The first check of all comes at once: that one is never made. */
const DEFAULTS = `${LIMITS}backend first
    server s 127.0.0.1:1 check disabled
`
const SERVERS = `    default-server inter 1h
    server plain 127.0.0.1:1
    server checked 127.0.0.1:1 check
    server slow 127.0.0.1:1 check slowstart 100s
    server quick 127.0.0.1:1 check rise 1 fall 1
    server off 127.0.0.1:1 check disabled
    server weight 127.0.0.1:1 check weight 5
    server zero 127.0.0.1:1 check weight 0
    server follower 127.0.0.1:1 track checked
    server name no.such.host.invalid:80 check init-addr last,none
    server tls 127.0.0.1:1 ssl verify none
    server none 127.0.0.1:1 no-ssl
    server agent 127.0.0.1:1 agent-check agent-port 1 agent-inter 1h
    server offset 127.0.0.1:+5
    server spare 127.0.0.1:1 backup check
    server path unix@/tmp/x
`

const shared = (states: string | undefined, extra = ''): Case => ({
  config: `${HEAD}    server-state-file states\n${extra}${DEFAULTS}backend be\n    load-server-state-from-file global\n${SERVERS}`,
  files: states === undefined ? {} : { states },
})

const own = (states: string, name = 'be', extra = ''): Case => ({
  config: `${HEAD}${DEFAULTS}backend be\n    load-server-state-from-file local\n${extra}${SERVERS}`,
  files: { [name]: states },
})

interface Case {
  readonly config: string
  readonly files: Readonly<Record<string, string>>
}

const only = (...lines: readonly string[]): Case => shared(file(...lines))

const CASES: Readonly<Record<string, Case>> = {
  'every state': only(
    ...[line('plain', { op: 0 }), line('checked', { op: 0, status: 8, result: 2, health: 0 }), line('slow', { op: 1 })],
    ...[line('quick', { op: 3 }), line('off', { admin: 5 }), line('weight', { admin: 1 }), line('zero', { admin: 8 })],
    ...[line('follower', { op: 0 }), line('tls', { op: 3 }), line('agent', { op: 1 }), line('offset', { admin: 12 })],
    line('spare', { op: 0 }),
  ),
  'a start that is slow, or quick': only(line('quick', { op: 1 }), line('slow', { op: 2 }), line('checked', { op: 1 })),
  'a server that stops': only(line('checked', { op: 3, health: 1 }), line('slow', { op: 3, health: 4 })),
  'health out of range': only(line('checked', { op: 1, health: 9 }), line('slow', { op: 2, health: -3 })),
  'all down': only(...['plain', 'checked', 'slow', 'quick', 'weight'].map((name) => line(name, { op: 0 }))),
  'what the configuration has disabled': only(line('off'), line('plain', { admin: 4 }), line('checked', { admin: 5 })),
  'disabled as before, but made ready': only(line('off', { admin: 4 })),
  'what the configuration has drained': only(
    line('zero', { admin: 8, initial: 0, weight: 0 }),
    line('weight', { admin: 8, initial: 0, weight: 0 }),
    line('checked', { admin: 8 }),
  ),
  'weights of the operator, and of another configuration': only(
    line('weight', { weight: 9, initial: 5 }),
    line('plain', { weight: 3, initial: 7 }),
    line('checked', { weight: 0 }),
    line('slow', { weight: 256 }),
  ),
  'a maintenance that is inherited': only(line('checked', { admin: 1, op: 0 }), line('follower', { admin: 2, op: 0 })),
  'a drain that is inherited': only(line('checked', { admin: 8 }), line('follower', { admin: 16 })),
  'checks that are switched off': only(
    line('checked', { check: 2 }),
    line('slow', { check: 10 }),
    line('plain', { check: 2 }),
    line('agent', { agent: 18 }),
    line('quick', { check: 0 }),
  ),
  'where checks ask': only(
    line('checked', { checkPort: 55, checkAddr: '127.0.0.8' }),
    line('slow', { checkPort: 'x' }),
    line('quick', { checkPort: 99999 }),
    line('off', { checkAddr: 'localhost' }),
    line('plain', { checkPort: 55 }),
    line('agent', { agent: 22, agentAddr: '127.0.0.7', agentPort: 44 }),
    line('weight', { agentPort: 44 }),
  ),
  'what is found': only(
    line('plain', { status: 15, result: 2 }),
    line('checked', { status: 2 }),
    line('slow', { status: 20 }),
  ),
  'TLS on and off': only(
    ...[line('tls', { ssl: 0 }), line('none', { ssl: 1 }), line('plain', { ssl: 1 }), line('checked', { ssl: -1 })],
  ),
  ports: only(
    ...[line('plain', { port: 0 }), line('checked', { port: 65535 }), line('slow', { port: 65536 })],
    ...[line('quick', { port: 'x' }), line('off', { port: '12x' }), line('offset', { port: 9 })],
  ),
  'a name with its last address': only(line('name', { fqdn: 'no.such.host.invalid', addr: '127.0.0.7' })),
  'a name with a last address of IPv6': only(line('name', { fqdn: 'no.such.host.invalid', addr: 'fd00::7' })),
  'a name with a last address that is none': only(line('name', { fqdn: 'no.such.host.invalid', addr: 'nonsense' })),
  'a name without a last address': only(line('name', { fqdn: 'no.such.host.invalid', addr: '-', op: 0, admin: 32 })),
  'a name that was another': only(line('name', { fqdn: 'was.another.invalid' }), line('plain', { fqdn: 'a.b' })),
  'a name that the operator changed': only(line('name', { fqdn: 'other.invalid', admin: 64 })),
  'no file': shared(undefined),
  'an empty file': shared(''),
  'only a version': shared('1\n'),
  'a version that is none': shared(`x\n${line('plain')}\n`),
  'a version of the future': shared(`2\n${line('plain')}\n`),
  'a version with something behind it': shared(`1 \n${line('plain')}\n`),
  'a version that is cut off': shared('1'),
  'a version in other spellings': shared(` +01\n${line('plain')}\n`),
  'a line that is cut off': only(line('plain'), line('checked').slice(0, 40)),
  'a last line without its end': shared(file(line('plain'), line('checked')).trimEnd()),
  'too few fields': only(line('plain'), '2 be 1 checked 127.0.0.1 2'),
  'the fields of old versions': only(line('plain').split(' ').slice(0, 20).join(' ')),
  'one field less': only(line('plain'), line('checked').split(' ').slice(0, 19).join(' ')),
  'one field less, and blanks': only(`${line('checked').split(' ').slice(0, 19).join(' ')}  `),
  'too many fields': only(`${line('plain')} and more`),
  'odd blanks and comments': only('', '   ', '\t# comment', `  ${line('plain').replaceAll(' ', '\t ')} `, '#'),
  'a line that is too long': only(`# ${'x'.repeat(3000)}`, line('plain')),
  'a NUL': only(line('plain'), line('checked').replace('127', '1\x0007')),
  'a server twice': only(line('plain', { weight: 7 }), line('plain', { weight: 9 })),
  'servers and backends that are not there': only(line('nobody'), line('plain', { be: 'nowhere' })),
  'another number of the backend': only(line('plain', { bk: 99 })),
  'values that cannot be': only(
    ...[line('plain', { op: 4 }), line('checked', { op: 'x', admin: 9 }), line('slow', { admin: 'y', weight: 257 })],
    ...[line('quick', { weight: -1, initial: 'z' }), line('off', { ago: 'a', status: 21, result: 5, health: 'h' })],
    ...[line('weight', { check: 32, agent: 64, bkForced: 2, forced: -1 }), line('zero', { fqdn: 'a*b', port: 70000 })],
    ...[line('tls', { admin: 3 }), line('agent', { result: -1 }), line('spare', { op: '2x', admin: '0x1' })],
  ),
  'its own file': own(file(line('plain', { weight: 3 }), line('checked', { op: 0 }))),
  'its own file by another name': own(file(line('plain', { weight: 3 })), 'mine', '    server-state-file-name mine\n'),
  'its own file by the name of the backend': own(
    file(line('plain', { weight: 3 })),
    'be',
    '    server-state-file-name other\n    server-state-file-name use-backend-name\n',
  ),
  'its own file with a server that is not there': own(file(line('plain'), line('nobody'))),
  'its own file with another number': own(file(line('plain', { bk: 7, weight: 3 }))),
  'its own file with another name': own(
    file(line('plain', { be: 'was', weight: 3 }), line('checked', { be: 'was', bkForced: 1 })),
  ),
  'its own file with lines of others': own(file(line('plain', { be: 'was', bk: 9 }), line('checked', { op: 0 }))),
  'its own file, cut off': own(file(line('plain'), '2 be 1 checked')),
  'its own file, empty': own(''),
  'its own file, of another version': own('7\n'),
  'its own file, which is not there': own('', 'other'),
  'a folder of files': {
    config: `${HEAD}    server-state-base @DIR@\n    server-state-file states\n${DEFAULTS}backend be\n    load-server-state-from-file global\n${SERVERS}`,
    files: {},
  },
  'a folder instead of a file': {
    config: `${HEAD}    server-state-file /tmp\n${DEFAULTS}backend be\n    load-server-state-from-file global\n${SERVERS}`,
    files: {},
  },
  'several backends': {
    config: `${HEAD}    server-state-file states\n${DEFAULTS}${LIMITS}    load-server-state-from-file global
backend none\n    load-server-state-from-file none\n${SERVERS}
backend own\n    load-server-state-from-file local\n${SERVERS}
backend be\n    id 3\n${SERVERS}
backend disabled\n    disabled\n${SERVERS}
backend empty\n`,
    files: {
      states: file(
        line('plain', { weight: 3 }),
        line('plain', { be: 'none', weight: 3 }),
        line('plain', { be: 'own' }),
      ),
      own: file(line('plain', { be: 'own', bk: 3, weight: 7 }), line('name', { be: 'own', bk: 3 })),
    },
  },
  'a file that nobody uses': {
    config: `${HEAD}    server-state-file states\n${DEFAULTS}backend be\n${SERVERS}`,
    files: { states: file(line('plain', { weight: 3 })) },
  },
  'a file that is not named': {
    config: `${HEAD}${DEFAULTS}backend be\n    load-server-state-from-file global\n${SERVERS}`,
    files: {},
  },
  'records of a service': {
    config: `${HEAD}    server-state-file states\nresolvers r\n    nameserver n 127.0.0.1:1\n    timeout resolve 1h\n${DEFAULTS}
backend be\n    load-server-state-from-file global\n    server-template s 4 _a._tcp.invalid resolvers r check\n    server n a.invalid:80 resolvers r check\n    server x 127.0.0.1:1\n`,
    files: {
      states: file(
        line('s1', { fqdn: 'one.invalid', srv: '_a._tcp.invalid', addr: '127.0.0.5' }),
        line('s2', { fqdn: 'two.invalid', srv: '_b._tcp.invalid' }),
        line('s3', { fqdn: '-', srv: '_a._tcp.invalid', addr: '-', op: 0, admin: 32 }),
        line('n', { fqdn: 'changed.invalid', admin: 64, addr: '127.0.0.6' }),
        line('x', { fqdn: 'two.invalid', srv: '_b._tcp.invalid' }),
      ),
    },
  },
}

/** The columns of a state, and how many seconds ago it began, which is not the same at all times. */
const read = (answer: string): { readonly rows: string[]; readonly ages: number[] } => {
  const rows = answer
    .trimEnd()
    .split('\n')
    .slice(2)
    .map((row) => row.split(' '))
  const ages = rows.map((words) => Number(words[9]))
  return { rows: rows.map((words) => words.with(9, '').join(' ')), ages }
}

const COMMANDS = ['show servers state', 'show stat -1 4 -1'] as const

const STATUS = [...['pxname', 'svname', 'status', 'weight', 'act', 'bck', 'chkfail', 'chkdown']]

const statuses = (answer: string): string[] => {
  const [head = '', ...rows] = answer.trim().replace(/^# /, '').split('\n')
  const columns = STATUS.map((name) => head.split(',').indexOf(name))
  return rows.map((row) => columns.map((column) => row.split(',')[column]).join(','))
}

const isOfStart = (text: string): boolean =>
  /^(?:warning|notice|alert)/.test(text) && !/executable is|version is/.test(text)

describeUpstream('state files', () => {
  it.each(Object.entries(CASES))('%s', async (_, { config, files }) => {
    const real = await RealHaproxy.start(config, files)
    try {
      const simulation = new Simulation()
      const haproxy = simulation.haproxy({ config: config.replaceAll('@DIR@', real.folder), files })
      haproxy.start()
      simulation.advance('10ms')
      const [states, stats] = await Promise.all(COMMANDS.map((command) => real.cli(command)))
      const [theirs, ours] = [read(states!), read(haproxy.cli(COMMANDS[0]))]
      expect(ours.rows).toEqual(theirs.rows)
      // the duration of its start is unknown
      ours.ages.forEach((age, i) => expect(Math.abs(age - theirs.ages[i]!)).toBeLessThan(isExecutable ? 8 : 5))
      expect(statuses(haproxy.cli(COMMANDS[1]))).toEqual(statuses(stats!))
      const messages = real.messages.map((each) => each.replace(/^[A-Z]+/, (tag) => tag.toLowerCase()))
      const reports = haproxy.messages.map(({ severity, text }) => `${severity} ${text}`.trimEnd())
      expect(reports).toEqual(messages.filter(isOfStart))
    } finally {
      await real.stop()
    }
  })
})
