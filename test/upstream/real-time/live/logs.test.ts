/** Log lines on their way out of `hapsim-haproxy` and the real `haproxy`: every format, over UDP, Unix sockets and descriptors. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { build } from '../../../support/build.js'
import { call, OURS, REAL } from '../../support/programs.js'
import { sleep } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'

let folder = ''

beforeAll(() => {
  build()
  folder = temporaryFolder('logs')
}, 60_000)

const FORMATS = [
  '',
  ...'local rfc3164 rfc5424 short raw timed iso priority'.split(' ').map((name) => ` format ${name}`),
]

const configuration = (logs: readonly string[], proxyLogs: readonly string[] = ['global']): string => `global
    stats socket unix@sock level admin
    log-tag tagged
${logs.map((each) => `    log ${each}\n`).join('')}
defaults
    mode tcp
    timeout connect 1s
    timeout client 1s
    timeout server 1s
backend b
${proxyLogs.map((each) => `    log ${each}\n`).join('')}    option log-health-checks
    server s 127.0.0.1:1 check inter 50ms
`

/** Less times, the process and the machine. */
const timeless = (line: string): string =>
  line
    .replace(/[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d/, 'DATE')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d/, 'TIME')
    .replace(/\[\d+\]: /, '[PID]: ')
    .replace(/ tagged \d+ - - /, ' tagged PID - - ')
    .replace(/duration: \d+ms/, 'duration: Nms')

const play = (program: string, text: string, path: string) => {
  writeFileSync(join(path, 'haproxy.cfg'), text)
  return call(program, ['-db', '-f', 'haproxy.cfg'], {
    cwd: path,
    signals: [{ when: (output) => output.includes('has no server available!'), send: 'SIGUSR1' }],
  })
}

/** Runs it with each program in a separate folder, where `listen` receives the log; compares all output and log lines. */
const compare = async (
  text: (target: string) => string,
  listen: (path: string) => Promise<{ readonly target: string; readonly end: () => Promise<readonly string[]> }>,
): Promise<readonly string[]> => {
  const played = await Promise.all(
    [REAL, OURS].map(async (program) => {
      const path = mkdtempSync(join(folder, 'play-'))
      const { target, end } = await listen(path)
      const { code, out, err } = await play(program, text(target), path)
      await sleep(100)
      return { code, out: out.split('\n').map(timeless), err, lines: (await end()).map(timeless) }
    }),
  )
  expect(played[1]).toEqual(played[0])
  return played[0]!.lines
}

const overUdp = async () => {
  const lines: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (bytes) => void lines.push(bytes.toString()))
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const end = () => new Promise<readonly string[]>((resolve) => socket.close(() => resolve(lines)))
  return { target: `127.0.0.1:${socket.address().port}`, end }
}

/** What socat receives at `address`; all lines end with a line feed. */
const bySocat = async (address: string, isThere: () => boolean) => {
  let text = ''
  const child: ChildProcess = spawn('socat', ['-u', address, 'STDOUT'], { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout!.setEncoding('utf8').on('data', (data: string) => (text += data))
  for (let tries = 0; tries < 400 && !isThere(); tries++) await sleep(5)
  const end = async (): Promise<readonly string[]> => {
    child.kill()
    await new Promise((resolve) => child.once('close', resolve))
    return text.split('\n')
  }
  return { end }
}

const overUnix = async (path: string) => {
  const target = join(path, 'log')
  return { target, ...(await bySocat(`unix-recv:${target}`, () => existsSync(target))) }
}

const hasSocat = spawnSync('socat', ['-V']).status === 0

describeUpstream('log lines', () => {
  it('have the same form over UDP in every format, at every level, sampled and truncated', async () => {
    const logs = (target: string) => [
      ...FORMATS.map((format) => `${target}${format} local3`),
      `${target} format rfc5424 user notice`,
      `${target} len 80 format rfc3164 daemon alert`,
      `${target} format raw local0 emerg`,
      `${target} format short local0 debug info`,
    ]
    const lines = await compare((target) => configuration(logs(target)), overUdp)
    expect(lines.length).toBeGreaterThan(30)
  })

  it('are sampled as configured', async () => {
    const sampled = (target: string) => [`${target} sample 1,3-4:5 format raw local0`, `${target} format raw local1`]
    await compare((target) => configuration([], sampled(target)), overUdp)
  })

  it('contain the host name if configured', async () => {
    const text = (target: string): string =>
      configuration(FORMATS.map((format) => `${target}${format} local3`)).replace(
        'log-tag tagged',
        'log-tag tagged\n    log-send-hostname machine',
      )
    expect((await compare(text, overUdp)).join()).toContain(' machine ')
  })

  it.skipIf(!hasSocat)('reach Unix sockets', async () => {
    const lines = await compare((target) => configuration([`${target} local0`, `${target} len 90 local1`]), overUnix)
    expect(lines.length).toBeGreaterThan(4)
  })

  it.skipIf(!hasSocat)('reach the abstract namespace', async () => {
    const listen = async (path: string) => {
      const name = path.replaceAll('/', '-').slice(-30)
      const isOpen = () => readFileSync('/proc/net/unix', 'latin1').includes(`@${name}`)
      const exact = await bySocat(`abstract-recv:${name},unix-tightsocklen=0`, isOpen)
      return { target: `abns@${name}`, ...exact }
    }
    const lines = await compare((target) => configuration([`${target} format raw local0`]), listen)
    expect(lines.length).toBeGreaterThan(2)
  })

  it('that cannot be delivered are reported to the operator once', async () => {
    const nobody = async (path: string) => ({ target: join(path, 'none'), end: () => Promise.resolve([]) })
    await compare((target) => configuration([`stdout format raw local0`, `${target} local0`]), nobody)
    for (const program of [REAL, OURS]) {
      const { err } = await play(program, configuration(['fd@77 local0']), mkdtempSync(join(folder, 'play-')))
      expect(err.match(/^.*logger.*$/gm)).toEqual([
        '[ALERT]    (N) : sendmsg()/writev() failed in logger #1: Bad file descriptor (errno=9)',
      ])
    }
  })
})
