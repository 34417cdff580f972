/** Bad input and addresses that others have: what `hapsim-haproxy` and the real `haproxy` say of it, and how they end. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { build } from '../../../support/build.js'
import { call, OURS, REAL } from '../../support/programs.js'
import { describeUpstream } from '../../support/upstream.js'

const folder = mkdtempSync(join(tmpdir(), 'hapsim-starts-'))
let taken: Server
let port = 0

beforeAll(async () => {
  build()
  mkdirSync(join(folder, 'directory'))
  const files = {
    file: '',
    'junk.pem': 'no certificate\n',
    'syntax.lua': 'x = = 1\n',
    'error.lua': 'error("boom")\n',
    'table.lua': 'error({})\n',
    'nested.lua': 'local function f() local x; return x.y end\nlocal function g() return f() end\ng()\n',
    'init.lua': 'core.register_init(function() error("no") end)\n',
    'require.lua': 'require("nosuch")\n',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  port = (taken.address() as { port: number }).port
}, 60_000)

const running: ChildProcess[] = []

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

afterAll(() => {
  taken?.close()
  rmSync(folder, { recursive: true, force: true })
})

const GLOBAL = 'global\n    stats socket unix@sock\n'
const DEFAULTS = `defaults\n    mode tcp\n    timeout client 1s\n    timeout server 1s\n    timeout connect 1s\n`
const frontend = (...binds: readonly string[]): string =>
  `${DEFAULTS}frontend f\n${binds.map((each) => `    bind ${each}\n`).join('')}`
const global = (line: string): string => `${GLOBAL}    ${line}\n${frontend('unix@fe.sock')}`
const server = (line: string): string => `${GLOBAL}${DEFAULTS}backend b\n    server ${line}\n`
const lua = (name: string): string =>
  `${GLOBAL}    tune.lua.bool-sample-conversion normal\n    lua-load ${name}\n${DEFAULTS}`

const BAD: Readonly<Record<string, () => string>> = {
  'an empty file': () => '',
  'an empty line': () => '\n',
  'a NUL in a line': () => `${GLOBAL}${frontend('unix@a\0b')}`,
  'a very long line': () => `global\n    ${'z'.repeat(100_000)}\n`,
  'too many words': () => server(`s 127.0.0.1:1 ${'backup '.repeat(100)}`),
  'no end of the last line': () => server('s 127.0.0.1:1 nonsense').trimEnd(),
  'a quote that is open': () => `${GLOBAL}backend "b\n`,
  'no port': () => frontend('127.0.0.1'),
  'a port that is too high': () => frontend(':70000'),
  'a range that ends before it begins': () => frontend('127.0.0.1:90-80'),
  'a range with a port in use': () => frontend(`127.0.0.1:${port}-${port}`),
  'a host nobody knows': () => frontend('nosuch.invalid:80'),
  'all addresses of IPv4': () => frontend(`*:${port}`),
  'IPv6 alone, IPv4 in use': () => frontend(`:::${port} v6only`, `127.0.0.1:${port}`),
  'another host, transparent': () => frontend(`192.0.2.3:${port} transparent`, `127.0.0.1:${port}`),
  'several addresses': () => frontend(`127.0.0.1:${port},192.0.2.9:80,/nonexistent/x,unix@directory`),
  'a name of the listener': () => frontend(`127.0.0.1:${port} name first`),
  'a setting nobody knows': () => frontend('unix@fe.sock nonsense'),
  'no certificate at the path': () => frontend('unix@fe.sock ssl crt nosuch.pem'),
  'a certificate that is none': () => frontend('unix@fe.sock ssl crt junk.pem'),
  'no authorities at the path': () => frontend('unix@fe.sock ssl ca-file nosuch.pem'),
  'a path within a file': () => `global\n    stats socket unix@file/x\n${frontend('unix@fe.sock')}`,
  'a descriptor that is not open': () => `global\n    stats socket fd@99\n${frontend('unix@fe.sock')}`,
  'a log target nobody knows': () => global('log nosuch.invalid local0'),
  'a log facility nobody knows': () => global('log 127.0.0.1 nonsense'),
  'a mailer nobody knows': () => `${GLOBAL}${DEFAULTS}mailers m\n    mailer a nosuch.invalid:25\n`,
  'a name server nobody knows': () => `${GLOBAL}${DEFAULTS}resolvers r\n    nameserver n nosuch.invalid:53\n`,
  'authorities of a server that are a directory': () => server('s 127.0.0.1:1 ssl verify required ca-file directory/x'),
  'a certificate of a server that is none': () => server('s 127.0.0.1:1 ssl verify none crt junk.pem'),
  ...Object.fromEntries(
    ['nosuch', 'syntax', 'error', 'table', 'nested', 'init', 'require'].map((name) => [
      `the script ${name}.lua`,
      () => lua(`${name}.lua`),
    ]),
  ),
  'a directory as a script': () => lua('directory'),
}

describeUpstream('invalid input', () => {
  it.each(Object.entries(BAD))('%s', async (_, text) => {
    writeFileSync(join(folder, 'bad.cfg'), text())
    const play = (program: string) => call(program, ['-db', '-f', 'bad.cfg'], { cwd: folder })
    const theirs = await play(REAL)
    expect(theirs.code).toBeGreaterThan(0)
    expect(await play(OURS)).toEqual(theirs)
  })
})

/** The process that answers at the runtime API of `at`; undefined if none does. */
const pidAt = (at: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    let answer = ''
    connect(at, '127.0.0.1', function (this: ReturnType<typeof connect>) {
      this.end('show info\n')
    })
      .on('data', (data) => (answer += data.toString()))
      .on('error', () => resolve(undefined))
      .on('close', () => resolve(Number(/^Pid: (\d+)/m.exec(answer)?.[1]) || undefined))
  })

const until = async (condition: () => Promise<boolean>): Promise<void> => {
  for (const end = Date.now() + 15_000; !(await condition());) {
    if (Date.now() > end) throw new Error('it did not happen')
    await new Promise((done) => setTimeout(done, 20))
  }
}

const start = (program: string, ...args: readonly string[]) => {
  const child = spawn(program, ['-db', ...args], { cwd: folder })
  running.push(child)
  const output: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => output.push(text))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const messages = (): string[] => output.join('').replaceAll(`(${child.pid})`, '(N)').split('\n')
  return { child, ended, messages }
}

const PAIRS = [
  ['hapsim-haproxy', 'hapsim-haproxy', OURS, OURS],
  ['HAProxy', 'hapsim-haproxy', REAL, OURS],
  ['hapsim-haproxy', 'HAProxy', OURS, REAL],
] as const

describeUpstream('a process that replaces another', () => {
  /** What the former process says while another one takes over its addresses. */
  const takeOver = async (former: string, next: string): Promise<readonly string[]> => {
    const at = port + 3
    writeFileSync(
      join(folder, 'reload.cfg'),
      `global\n    stats socket 127.0.0.1:${at}\n${frontend(`127.0.0.1:${at + 1}`)}`,
    )
    const old = start(former, '-f', 'reload.cfg')
    await until(async () => (await pidAt(at)) === old.child.pid)
    const young = start(next, '-f', 'reload.cfg', '-sf', String(old.child.pid))
    expect(await old.ended).toBe(0)
    await until(async () => (await pidAt(at)) === young.child.pid)
    young.child.kill('SIGTERM')
    await young.ended
    return old.messages().filter((line) => /Paused|Resumed|stopped \(/.test(line))
  }

  it.each(PAIRS)('takes over its addresses: %s by %s', async (_, __, former, next) => {
    const theirs = await takeOver(REAL, REAL)
    expect(theirs).toContain('[WARNING]  (N) : Proxy f stopped (cumulated conns: FE: 0, BE: 0).')
    expect(await takeOver(former, next)).toEqual(theirs)
  })

  it.each(PAIRS)('returns them if it fails: %s by %s', async (_, __, former, next) => {
    const at = port + 3
    writeFileSync(join(folder, 'old.cfg'), `global\n    stats socket 127.0.0.1:${at}\n${frontend('unix@fe.sock')}`)
    writeFileSync(
      join(folder, 'young.cfg'),
      `global\n    stats socket 127.0.0.1:${at}\n${frontend(`127.0.0.1:${port}`)}`,
    )
    const old = start(former, '-f', 'old.cfg')
    await until(async () => (await pidAt(at)) === old.child.pid)
    const young = start(next, '-f', 'young.cfg', '-sf', String(old.child.pid))
    expect(await young.ended).toBe(1)
    expect(young.messages()).toContainEqual(
      expect.stringContaining(`cannot bind socket (Address already in use) for [127.0.0.1:${port}]`),
    )
    await until(async () => (await pidAt(at)) === old.child.pid)
    expect(old.messages()).toEqual(
      expect.arrayContaining(['[WARNING]  (N) : Paused frontend GLOBAL.', '[WARNING]  (N) : Resumed frontend GLOBAL.']),
    )
  })
})
