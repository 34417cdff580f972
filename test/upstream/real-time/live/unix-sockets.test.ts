/** Where sockets are in the file system, whose they are, and those that are given twice: `hapsim-haproxy` beside the real one. */
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, type NetConnectOpts } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { build } from '../../../support/build.js'
import { spawn } from 'node:child_process'
import { call, OURS, REAL } from '../../support/programs.js'
import { sleep } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'
import { freePort } from '../../../support/free-port.js'

let folder = ''

beforeAll(() => {
  build()
  folder = mkdtempSync(join(tmpdir(), 'hapsim-accounts-'))
  chmodSync(folder, 0o755)
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const asRoot = process.getuid?.() === 0

/** A new folder for a configuration, writable by everyone. */
const place = (lines: readonly string[]): string => {
  const path = mkdtempSync(join(folder, 'play-'))
  chmodSync(path, 0o777)
  const text = `global\n${lines.map((line) => `    ${line}\n`).join('')}defaults\n    mode tcp\n    timeout client 1s\n`
  writeFileSync(join(path, 'haproxy.cfg'), `${text}    timeout connect 1s\n    timeout server 1s\n`)
  return path
}

const bothSay = async (lines: readonly string[], flags: readonly string[], before: readonly string[] = []) => {
  const runs = [REAL, OURS].map((program) =>
    call(program, [...flags, '-f', 'haproxy.cfg'], { cwd: place(lines), before }),
  )
  const [real, ours] = await Promise.all(runs)
  expect(ours).toEqual(real)
  return real!
}

/** What is seen of each while it runs. */
const running = async <T>(
  lines: readonly string[],
  look: (path: string, port: number) => T | Promise<T>,
): Promise<T[]> =>
  Promise.all(
    [REAL, OURS].map(async (program) => {
      const port = await freePort()
      const path = place(lines.map((line) => line.replace('@PORT@', String(port))))
      const child = spawn(program, ['-db', '-f', 'haproxy.cfg'], { cwd: path, stdio: 'ignore' })
      const ended = new Promise((resolve) => child.on('close', resolve))
      try {
        for (let i = 0; i < 400 && !exists(join(path, 'last.sock')); i++) await sleep(25)
        await sleep(100)
        return await look(path, port)
      } finally {
        child.kill('SIGKILL')
        await ended
      }
    }),
  )

/** As an unprivileged user, who may not change owners but may read the programs, which are in a home folder that others may not enter. */
const NOBODY = [
  ...['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'],
  ...['--inh-caps=+dac_override', '--ambient-caps=+dac_override'],
]

const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined

/** What level a client has there. */
const ask = (options: NetConnectOpts): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = ''
    const client = connect(options, () => client.end('show cli level\n'))
    client.setEncoding('utf8').on('data', (text: string) => (answer += text))
    client.on('end', () => resolve(answer)).on('error', reject)
  })

describeUpstream('sockets on which it listens', () => {
  it.each([
    ['unix-bind for a user that nobody is', 'unix-bind user nosuch-user'],
    ['unix-bind for a group that is none', 'unix-bind mode 600 group nosuch-group'],
    ['unix-bind with something else', 'unix-bind colour red'],
    ['unix-bind without a prefix', 'unix-bind prefix'],
    ['two prefixes', 'unix-bind prefix /tmp/a prefix /tmp/b mode 600'],
  ])('the messages are the same for %s', async (_, line) => {
    await bothSay(['stats socket unix@ok.sock', line], ['-c'])
  })

  it('the prefix of unix-bind precedes the paths of frontends', async () => {
    const frontend = ['unix-bind prefix /nowhere-at-all', 'frontend f', 'mode tcp', 'bind /f.sock']
    const { code, err } = await bothSay(['stats socket unix@ok.sock', ...frontend], ['-db'])
    expect(code).toBe(1)
    expect(err).toContain('/nowhere-at-all/f.sock')
  })

  it.runIf(asRoot)('sockets have their owners and permissions', async () => {
    const seen = await running(
      [
        'stats socket unix@a.sock mode 660 user nobody group nogroup level admin',
        'stats socket unix@b.sock uid 12 gid abc',
        'stats socket unix@c.sock mode 0 gid 7',
        'stats socket unix@d.sock uid -1 gid -1',
        'unix-bind mode 640 uid 3 gid 4 prefix /nowhere',
        'stats socket unix@last.sock',
      ],
      (path) =>
        ['a', 'b', 'c', 'd', 'last'].map((name) => {
          const { uid, gid, mode } = statSync(join(path, `${name}.sock`))
          return { name, uid, gid, mode: mode.toString(8) }
        }),
    )
    expect(seen[1]).toEqual(seen[0])
    expect(seen[0]![1]).toMatchObject({ uid: 12, gid: 0 })
  })

  it.runIf(asRoot)('it does not start if it may not change the owner of a socket', async () => {
    const { code, err } = await bothSay(['stats socket unix@sock user root'], ['-db'], NOBODY)
    expect(code).toBe(1)
    expect(err).toContain('cannot change UNIX socket ownership (Operation not permitted) [sock].')
  })

  it('a TCP address and a path that are given twice are accepted', async () => {
    const answers = await running(
      [
        'stats socket 127.0.0.1:@PORT@',
        'stats socket 127.0.0.1:@PORT@',
        'stats socket unix@last.sock level user',
        'stats socket unix@last.sock level admin',
      ],
      async (path, port) => [
        await ask({ host: '127.0.0.1', port }),
        await ask({ host: '127.0.0.1', port }),
        await ask({ path: join(path, 'last.sock') }),
      ],
    )
    expect(answers[1]).toEqual(answers[0])
    expect(answers[0]).toEqual(['operator\n\n', 'operator\n\n', 'admin\n\n'])
  })
})
