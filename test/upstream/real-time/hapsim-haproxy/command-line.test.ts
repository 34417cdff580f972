/** `hapsim-haproxy` answers calls as the real `haproxy` does: words on both outputs, and how it ends. */
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { build } from '../../../support/build.js'
import { call, OURS, REAL, type CallOptions } from '../../support/programs.js'
import { sleep } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'

let folder = ''
let taken: Server
let takenPort = 0

const FILES: Readonly<Record<string, string>> = {
  'ok.cfg': `global
    stats socket unix@sock level admin
defaults
    mode tcp
    timeout client 1s
    timeout server 1s
    timeout connect 1s
listen a
    bind unix@fe.sock
    server s1 127.0.0.1:1 check inter 300ms
`,
  'warn.cfg': 'listen a\n    bind unix@fe.sock\n    server s1 127.0.0.1:1\n',
  'bad.cfg': 'listen a\n    bind unix@fe.sock\n    foo bar\n',
  'backend.cfg': 'backend b\n    server s1 127.0.0.1:1\n',
  'lua.cfg':
    'global\n    stats socket unix@sock\n    tune.lua.bool-sample-conversion normal\n    lua-load script.lua\n',
  'script.lua': 'print("body")\ncore.register_init(function() print("init") end)\n',
  'broken.cfg':
    'global\n    stats socket unix@sock\n    tune.lua.bool-sample-conversion normal\n    lua-load broken.lua\n',
  'broken.lua': 'x = = 1\n',
  'names.cfg':
    'global\n    stats socket unix@sock\nlisten a\n    bind unix@fe.sock\n    server s ${HERE}:80\n    server t "${THERE}"\n',
  'nowhere.cfg':
    'global\n    stats socket unix@sock\nbackend a\n    timeout connect 1s\n    timeout server 1s\n    server s nosuch.invalid:80\n',
  'mail.cfg':
    'global\n    stats socket unix@sock\nmailers m\n    mailer a 127.0.0.1:25\nbackend b\n    email-alert mailers m\n    email-alert from a@b\n    email-alert to a@b\n',
  'certificate.cfg':
    'global\n    stats socket unix@sock\nbackend b\n    timeout connect 1s\n    timeout server 1s\n    server s 127.0.0.1:443 ssl verify required ca-file /nonexistent.pem\n',
  'states.cfg':
    'global\n    stats socket unix@sock\n    server-state-file states\nbackend b\n    load-server-state-from-file global\n    timeout connect 1s\n    timeout server 1s\n    server s 127.0.0.1:1\n    server n nosuch.invalid:1\n',
  states: `1\n${['s', 'n'].map((name) => `2 b 1 ${name} 127.0.0.9 0 0 1 1 5 6 3 4 6 0 0 0 - 1 -\n`).join('')}`,
  ...Object.fromEntries(
    ['current', 'config', 'parent', 'origin conf/sub', 'origin nosuch', 'origin', 'elsewhere'].map((words) => [
      `conf/${words.replace(/\W/g, '-')}.cfg`,
      `global\n    default-path ${words}\n    stats socket unix@sock\n    tune.lua.bool-sample-conversion normal\n    lua-load where.lua\n` +
        'frontend f\n    mode http\n    timeout client 1s\n    bind unix@fe.sock\n    http-request deny if { src -f where.lst }\n',
    ]),
  ),
  ...Object.fromEntries(
    ['', 'conf/', 'conf/sub/'].flatMap((where) => [
      [`${where}where.lua`, `print("in '${where}'")\n`],
      [`${where}where.lst`, '127.0.0.1\n'],
    ]),
  ),
  'd/b.cfg': 'global\n    stats socket unix@sock\n',
  'd/a.cfg': 'backend zz\n',
  'd/.hidden.cfg': 'nonsense\n',
  'd/c.txt': 'nonsense\n',
}

beforeAll(async () => {
  build()
  folder = temporaryFolder('haproxy')
  for (const name of ['d', 'empty', 'conf', 'conf/sub']) mkdirSync(join(folder, name))
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text)
  writeFileSync(join(folder, 'locked.cfg'), 'global\n')
  chmodSync(join(folder, 'locked.cfg'), 0)
  taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  takenPort = (taken.address() as { port: number }).port
}, 60_000)

afterAll(() => {
  taken?.close()
})

const both = async (args: readonly string[], options: Omit<CallOptions, 'cwd'> = {}) => {
  const theirs = await call(REAL, args, { cwd: folder, ...options })
  const ours = await call(OURS, args, { cwd: folder, ...options })
  return { theirs, ours }
}

const CALLS: readonly (readonly string[])[] = [
  ...['ok', 'warn', 'bad', 'backend', 'nofile', 'lua', 'broken', 'nowhere', 'mail', 'certificate', 'states'].flatMap(
    (name) => [
      ['-c', '-f', `${name}.cfg`],
      ['-c', '-V', '-f', `${name}.cfg`],
      ['-c', '-q', '-f', `${name}.cfg`],
    ],
  ),
  ['-c', '-V', '-f', 'd'],
  ['-c', '-V', '-f', 'd', '-f', 'bad.cfg', '-f', 'nofile'],
  ['-c', '-V', '--', 'ok.cfg', 'd/a.cfg'],
  ['-c', '-V', '-C', 'd', '-f', 'b.cfg'],
  ['-C', '/nonexistent', '-c', '-f', 'ok.cfg'],
  ['-c', '-f', 'ok.cfg', '-f', 'ok.cfg'],
  ['-q', '-V', '-c', '-f', 'warn.cfg'],
  ['-dW', '-c', '-f', 'warn.cfg'],
  ['-dW', '-c', '-f', 'states.cfg'],
  ['-dr', '-c', '-f', 'nowhere.cfg'],
  ['-dD', '-c', '-V', '-f', 'ok.cfg'],
  ['-cV', '-f', 'ok.cfg'],
  ['-n', '5', '-N', '7', '-m', '900', '-c', '-V', '-f', 'ok.cfg'],
  ['-de', '-dp', '-dS', '-dG', '-dR', '-dF', '-dZ', '-c', '-V', '-f', 'ok.cfg'],
  ['-sf', 'abc', '-f', 'ok.cfg'],
  ...['current', 'config', 'parent', 'origin-conf-sub', 'origin-nosuch', 'origin', 'elsewhere'].map((name) => [
    ...['-c', '-V', '-f', `conf/${name}.cfg`],
  ]),
  ['-c', '-V', '-f', 'conf/config.cfg', '-f', 'lua.cfg'],
  ['-x', 'nobody.sock', '-f', 'ok.cfg', '-db'],
  ['-x', 'nobody.sock', '-f', 'bad.cfg', '-db'],
  ['-x', 'nobody.sock', '-c', '-V', '-f', 'ok.cfg'],
  ['-x', '/dev/null', '-c', '-V', '-f', 'ok.cfg'],
  ...['ok', 'bad', 'nofile'].map((name) => ['-S', 'master.sock', '-c', '-f', `${name}.cfg`]),
  ['-W', '-S', 'master.sock', '-c', '-V', '-f', 'ok.cfg'],
  ...['', '0x50', 'no-merge,fail', 'nonsense', '0x50,nonsense'].map((word) => [
    `-dM${word}`,
    '-c',
    '-V',
    '-f',
    'ok.cfg',
  ]),
  ...['h2', 'all:user', 'h2::minimal,check', 'nonsense', 'h2,nonsense', 'h2:nonsense'].map((word) => [
    ...['-dt', word, '-c', '-V', '-f', 'ok.cfg'],
  ]),
  ...['-n', '-N', '-m', '-L'].flatMap((flag) =>
    ['0', 'x', '-5'].map((word) => [flag, word, '-c', '-V', '-f', 'ok.cfg']),
  ),
  ...['-dV', '-dI', '-dl', '-dv', '-dA', '-4', '-Ws', '-D'].map((flag) => [flag, '-c', '-V', '-f', 'ok.cfg']),
  ['-p', '/nonexistent/pid', '-W', '-c', '-V', '-f', 'ok.cfg'],
  ['-sf', '999999', '-c', '-V', '-f', 'ok.cfg'],
  ['-f'],
  ['-C'],
  ['-n'],
  ['-f', 'backend.cfg', '-db'],
  ['-f', 'broken.cfg', '-db'],
  ...['feature(OPENSSL)', 'feature(X)', 'foo', '', 'streq(a,', 'version_atleast(3.2)', 'version_atleast(9)', '"a'].map(
    (condition) => ['-cc', condition],
  ),
  ['-cc', 'streq("$HERE",there) && !defined(NOT_THERE)'],
  ['-q', '-cc', 'foo('],
]

describeUpstream('the command line', () => {
  it.each(CALLS.map((args) => [args.join(' '), args] as const))('%s', async (_, args) => {
    const { theirs, ours } = await both(args, { env: { HERE: 'there' } })
    expect(ours).toEqual(theirs)
  })

  it.each([['-h'], ['nonsense'], ['-zz', 'x'], ['-c'], ['-f', 'empty'], ['-cc']].map((args) => [args.join(' '), args]))(
    'prints the usage after: %s',
    async (_, args) => {
      const { theirs, ours } = await both(args as readonly string[])
      expect(ours.code).toBe(theirs.code)
      for (const { err } of [theirs, ours]) expect(err).toMatch(/^Usage : \S+ \[-f <cfgfile\|cfgdir>\]\* \[ -vdVD \]/)
      for (const { out } of [theirs, ours]) expect(out).toMatch(/^HAProxy version 3\.2/)
    },
  )

  it('prints the same version and features', async () => {
    const { theirs, ours } = await both(['-vv'])
    const features = (text: string) => /^Feature list : (.*)$/m.exec(text)![1]!.split(' ').sort()
    const version = (text: string) => /^HAProxy version (\d+\.\d+\.\d+)\S* (\S+) - (\S+)$/m.exec(text)!.slice(1)
    expect(features(ours.out)).toEqual(features(theirs.out))
    expect(version(ours.out)).toEqual(version(theirs.out))
    expect(ours.code).toBe(0)
  })

  it('expands variables in addresses, quoted or not', async () => {
    const { theirs, ours } = await both(['-c', '-V', '-f', 'names.cfg'], {
      env: { HERE: '127.0.0.1', THERE: '127.0.0.2:80' },
    })
    expect(theirs.code).toBe(0)
    expect(ours).toEqual(theirs)
  })
})

const UNPRIVILEGED = ['setpriv', '--bounding-set=-all', '--inh-caps=-all']
const canDropPrivileges = spawnSync(UNPRIVILEGED[0]!, [...UNPRIVILEGED.slice(1), 'true']).status === 0

describeUpstream('a start that fails', () => {
  const start = async (lines: readonly string[], options: Omit<CallOptions, 'cwd'> = {}) => {
    writeFileSync(join(folder, 'start.cfg'), `global\n${lines.map((each) => `    stats socket ${each}\n`).join('')}`)
    return both(['-db', '-f', 'start.cfg'], options)
  }

  it.each([
    ['an address in use', () => [`127.0.0.1:${takenPort}`]],
    ['one of several addresses in use', () => [`${folder}/free.sock`, `127.0.0.1:${takenPort}`]],
    ['an address of another host', () => ['192.0.2.3:1111']],
    ['no such folder, and an address of another host', () => ['/nonexistent/sock', '192.0.2.3:1111']],
    ['a directory in the way', () => [`${folder}/empty`]],
    ['a path that is too long', () => [`/tmp/${'x'.repeat(120)}`]],
    ['an unknown host', () => ['nosuch.invalid:1']],
    ['a descriptor that is no socket, one that is none', () => ['fd@0', 'fd@77']],
  ])('is reported: %s', async (_, lines) => {
    const { theirs, ours } = await start(lines())
    expect(theirs.code).toBe(1)
    expect(ours).toEqual(theirs)
  })

  it('is reported for frontends, protocol by protocol, without opening others', async () => {
    const lines = [
      `${folder}/free.sock`,
      `127.0.0.1:${takenPort}`,
      `127.0.0.1:${takenPort + 1}`,
      'ipv6@[2001:db8::1]:80',
      '/nonexistent/s',
    ]
    const section = (head: string, addresses: readonly string[]): string =>
      `${head}\n${addresses.map((each) => `    bind ${each}\n`).join('')}`
    const text = `global\n    stats socket ${folder}/other.sock\n    stats socket 127.0.0.1:${takenPort}\ndefaults\n    mode tcp
    timeout client 1s\n    timeout server 1s\n    timeout connect 1s\n`
    writeFileSync(
      join(folder, 'frontends.cfg'),
      text +
        section('frontend f', lines) +
        section('frontend off\n    disabled', lines.slice(1, 2)) +
        section('listen l', [`192.0.2.3:1111,127.0.0.1:${takenPort}`]),
    )
    const { theirs, ours } = await both(['-db', '-f', 'frontends.cfg'])
    expect(theirs.err.match(/Binding /g)).toHaveLength(6)
    expect(ours).toEqual(theirs)
    for (const name of ['free.sock', 'other.sock']) rmSync(join(folder, name), { force: true })
    expect((await call(OURS, ['-db', '-f', 'frontends.cfg'], { cwd: folder })).code).toBe(1)
    expect(readdirSync(folder).filter((name) => name.includes('.sock'))).toEqual([])
  })

  it('allows the same address twice', async () => {
    const text = `global\n${`    stats socket 127.0.0.1:${takenPort + 2}\n`.repeat(2)}listen a\n    timeout client 1s\n    timeout server 1s\n    timeout connect 1s
    bind :${takenPort + 1}\n    bind 127.0.0.1:${takenPort + 1}\n    bind :::${takenPort + 1}\n    bind ${folder}/a\n    bind ${folder}/a\n    server s 127.0.0.1:1 check inter 50ms\n`
    writeFileSync(join(folder, 'twice.cfg'), text)
    const when = (output: string): boolean => output.includes('has no server available!')
    const { theirs, ours } = await both(['-db', '-f', 'twice.cfg'], { signals: [{ when, send: 'SIGTERM' }] })
    expect(theirs.signal).toBe('SIGTERM')
    expect(ours).toEqual(theirs)
  })

  it.skipIf(!canDropPrivileges)('is reported: a privileged port of a frontend', async () => {
    writeFileSync(join(folder, 'low.cfg'), `frontend f\n    timeout client 1s\n    bind 127.0.0.1:81\n`)
    const { theirs, ours } = await both(['-db', '-f', 'low.cfg'], { before: UNPRIVILEGED })
    expect(theirs.err).toContain('Permission denied')
    expect(ours).toEqual(theirs)
  })

  it.skipIf(!canDropPrivileges)('is reported: a privileged port', async () => {
    const { theirs, ours } = await start(['127.0.0.1:81'], { before: UNPRIVILEGED })
    expect(theirs.err).toContain('Permission denied')
    expect(ours).toEqual(theirs)
  })
})

describeUpstream('users and groups', () => {
  const configure = (lines: readonly string[]): void =>
    writeFileSync(
      join(folder, 'users.cfg'),
      `global\n    stats socket ${folder}/u.sock\n${lines.map((each) => `    ${each}\n`).join('')}`,
    )

  it.each([
    [['user nosuch']],
    [['user']],
    [['user nobody x']],
    [['user nobody', 'user root']],
    [['user nobody', 'uid 7']],
    [['uid 7', 'user nosuch']],
    [['uid abc']],
    [['uid']],
    [['gid 5x']],
    [['group nosuch']],
    [['group nogroup', 'gid 3']],
    [['gid 9', 'group nogroup']],
    ...['mode 9', 'mode', 'user nosuch', 'group nosuch', 'uid', 'gid', 'uid x', 'user'].map((setting) => [
      [`stats socket /tmp/s ${setting}`],
    ]),
  ])('are parsed as by HAProxy: %s', async (lines) => {
    configure(lines)
    const { theirs, ours } = await both(['-c', '-V', '-f', 'users.cfg'])
    expect(ours).toEqual(theirs)
  })

  it.skipIf(process.getuid?.() !== 0)('own the socket, and the process once it listens', async () => {
    const text = `global\n    stats socket ${folder}/own.sock mode 640 user games group tty\n    user nobody\n    group nogroup\n`
    writeFileSync(join(folder, 'own.cfg'), text)
    const play = async (program: string) => {
      rmSync(join(folder, 'own.sock'), { force: true })
      const child = spawn(program, ['-db', '-f', 'own.cfg'], { cwd: folder, stdio: 'ignore' })
      const status = (): string => readFileSync(`/proc/${child.pid}/status`, 'utf8')
      while (!existsSync(join(folder, 'own.sock')) || !/^Uid:\s+65534\s/m.test(status())) await sleep(10)
      const { mode, uid, gid } = statSync(join(folder, 'own.sock'))
      const identity = status().match(/^(Uid|Gid|Groups):.*$/gm)
      child.kill()
      return { mode, uid, gid, identity }
    }
    chmodSync(folder, 0o755)
    expect(await play(OURS)).toEqual(await play(REAL))
  })

  it.skipIf(!canDropPrivileges).each([['user games'], ['group games'], [`stats socket ${'%'}/v.sock user games`]])(
    'are not available to other users: %s',
    async (line) => {
      configure([line.replace('%', folder)])
      const { theirs, ours } = await both(['-db', '-f', 'users.cfg'], { before: UNPRIVILEGED })
      expect(theirs.code).toBe(1)
      expect(ours).toEqual(theirs)
    },
  )
})

describeUpstream('signals', () => {
  const isDown = (output: string) => output.includes("proxy 'a' has no server available!")
  const play = (send: NodeJS.Signals) => both(['-db', '-f', 'ok.cfg'], { signals: [{ when: isDown, send }] })

  it.each(['SIGINT', 'SIGTERM', 'SIGUSR1'] as const)('ends like HAProxy at %s', async (send) => {
    const { theirs, ours } = await play(send)
    expect(ours).toEqual(theirs)
  })

  it('dumps the states of servers at SIGHUP', async () => {
    const { theirs, ours } = await both(['-db', '-f', 'ok.cfg'], {
      signals: [
        { when: isDown, send: 'SIGHUP' },
        { when: (output) => output.includes('SIGHUP: Proxy a '), send: 'SIGTERM' },
      ],
    })
    const own = (text: string) => text.replace(/^.*<(HTTPCLIENT|OCSP-UPDATE)>.*\n/gm, '')
    expect(ours).toEqual({ ...theirs, err: own(theirs.err) })
  })
})
