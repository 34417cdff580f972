/** How a live process starts, speaks and ends. */
import { createSocket } from 'node:dgram'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { MailDirectory } from '../../src/live/mail-directory.js'
import { MailSink } from '../../src/live/mail-sink.js'
import type { ReceivedMail } from '../../src/live/received-mail.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { sleep, startLive, startServer } from './live-haproxy.js'

const own = readFileSync(fileURLToPath(new URL('../../lua/mailers.lua', import.meta.url)), 'utf8')

const config = (global: string, mailPort: number, port: number) => `
global
    stats socket unix@@DIR@/sock level admin
    tune.lua.bool-sample-conversion normal
${global}
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
mailers m
    mailer first 127.0.0.1:${mailPort}
    timeout mail 500ms
backend be1
    email-alert mailers m
    email-alert from haproxy@example.com
    email-alert to admin@example.com
    email-alert level info
    server s1 127.0.0.1:${port} check inter 50ms fall 2 rise 2
`

const isDown = (line: string) => line.includes('Server be1/s1 is DOWN')

describe('mails', () => {
  it('about a real server that goes down and up reach the sink and its directory', async () => {
    const directory = join(temporaryFolder('mails'), 'deep', 'er')
    const mails: ReceivedMail[] = []
    const sink = await MailSink.start({
      host: '127.0.0.1',
      port: 0,
      directory: new MailDirectory(directory),
      onMail: (mail) => void mails.push(mail),
      warn: (text) => expect.fail(text),
    })
    onTestFinished(() => sink.stop())
    const server = await startServer()
    const live = await startLive(config('    lua-load @DIR@/mailers.lua', sink.port, server.port), {
      'mailers.lua': own,
    })
    await vi.waitFor(async () => expect(await live.cli('show stat')).toContain(',L4OK,'))
    await server.down()
    await live.until(() => mails.length === 1)
    await server.up()
    await live.until(() => mails.length === 2)
    expect(mails.map((mail) => /Server be1\/s1 is (UP|DOWN)/.exec(mail.subject)?.[1])).toEqual(['DOWN', 'UP'])
    expect(mails[0]).toMatchObject({ from: 'haproxy@example.com', to: 'admin@example.com' })
    expect(readdirSync(directory)).toEqual(['0001.eml', '0002.eml'])
    expect(readFileSync(join(directory, '0002.eml'), 'latin1')).toContain(`Subject: ${mails[1]!.subject}\r\n`)
  })

  it('to a server that refuses or hangs do not stop the process', async () => {
    const sockets = new Set<Socket>()
    const hanging = createServer((socket) => sockets.add(socket.on('error', () => undefined)))
    await new Promise<void>((done) => hanging.listen(0, '127.0.0.1', () => done()))
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy()
      hanging.close()
    })
    for (const port of [1, (hanging.address() as { port: number }).port]) {
      const server = await startServer()
      const live = await startLive(config('    lua-load @DIR@/mailers.lua', port, server.port), { 'mailers.lua': own })
      await server.down()
      await live.until(() => live.messages.some(isDown))
      await server.up()
      await live.until(() => live.messages.some((line) => line.includes('Server be1/s1 is UP')))
      expect(await live.cli('show info')).toContain('Name: HAProxy')
    }
    expect(sockets.size).toBeGreaterThan(0)
  })
})

describe('log lines', () => {
  it('are sent to syslog over UDP', async () => {
    const syslog = createSocket('udp4')
    const received: string[] = []
    syslog.on('message', (bytes) => void received.push(bytes.toString()))
    await new Promise<void>((done) => syslog.bind(0, '127.0.0.1', done))
    onTestFinished(() => void syslog.close())
    const log = `    log 127.0.0.1:${syslog.address().port} local0 notice\n    log-tag balancer`
    const live = await startLive(config(log, 1, 1))
    await live.until(() => received.length >= 2)
    expect(received[0]).toMatch(
      new RegExp(
        `^<129>[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d balancer\\[${process.pid}\\]: Server be1/s1 is DOWN, .*\n$`,
      ),
    )
    expect(received[1]).toMatch(/^<128>.*: backend be1 has no server available!\n$/)
  })

  it('to a ring are not supported, which is reported', async () => {
    const live = await startLive(config('    log ring@buffer local0\nring buffer\n    size 32764', 1, 1))
    expect(live.complaints.map((line) => line.replace(`${live.folder}/`, ''))).toEqual([
      "haproxy.cfg:6: section 'ring buffer' is known to HAProxy but not emulated by hapsim yet: ignored.",
      'haproxy.cfg:5: log lines are not sent to this target',
    ])
  })
})

describe('a start that fails', () => {
  it('is reported and leaves nothing open', async () => {
    const live = await startLive('global\n    nonsense\n')
    expect(await live.run.ended).toBe(1)
    expect(live.messages.join('\n')).toContain("unknown keyword 'nonsense' in 'global' section")
  })

  it('names the address in use, and releases the others', async () => {
    const server = await startServer()
    const live = await startLive(config(`    stats socket ipv4@127.0.0.1:${server.port}`, 1, 1))
    expect(await live.run.ended).toBe(1)
    expect(live.messages.filter((line) => line.startsWith('ALERT'))).toEqual([
      `ALERT Binding [${live.folder}/haproxy.cfg:5] for frontend GLOBAL: protocol tcpv4: cannot bind socket (Address already in use) for [127.0.0.1:${server.port}].`,
      'ALERT [haproxy.main()] Some protocols failed to start their listeners! Exiting.',
    ])
    await expect(live.cli('show info')).rejects.toThrow('ENOENT')
  })
})

describe('a start that a script prevents', () => {
  it('does not touch a socket opened by another process', async () => {
    const folder = temporaryFolder('other')
    const other = createServer((socket) => socket.end('the other process'))
    await new Promise<void>((done) => other.listen(join(folder, 'sock'), done))
    onTestFinished(() => void other.close())
    const text = config('    lua-load @DIR@/bad.lua', 1, 1).replace('@DIR@/sock', `${folder}/sock`)
    const live = await startLive(text, { 'bad.lua': 'core.register_init(function() error("no") end)' })
    expect(await live.run.ended).toBe(1)
    expect(readdirSync(folder)).toEqual(['sock'])
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(join(folder, 'sock')).on('error', reject)
      socket.on('data', (data) => resolve(data.toString()))
    })
    expect(answer).toBe('the other process')
  })
})

describe('a start that fails for reasons outside of the configuration', () => {
  const minimal = (socket: string, server: string) => `
global
    stats socket ${socket} level admin
defaults
    mode tcp
    timeout connect 1s
    timeout client 1s
    timeout server 1s
backend be1
    server s1 ${server}
`

  it('names a missing directory in the message of HAProxy 3.2.26', async () => {
    const live = await startLive(minimal('unix@/nowhere/x/sock', '127.0.0.1:1'))
    expect(await live.run.ended).toBe(1)
    expect(live.messages).toEqual([
      `ALERT Binding [${live.folder}/haproxy.cfg:3] for frontend GLOBAL: protocol unix_stream: cannot bind UNIX socket (No such file or directory) [/nowhere/x/sock].`,
      'ALERT [haproxy.main()] Some protocols failed to start their listeners! Exiting.',
    ])
  })

  it('names an unknown host, and opens nothing', async () => {
    const live = await startLive(minimal('unix@@DIR@/sock', 'no.such.host.invalid:1'))
    expect(await live.run.ended).toBe(1)
    expect(live.messages).toEqual([
      `ALERT [${live.folder}/haproxy.cfg:10] : 'server be1/s1' : could not resolve address 'no.such.host.invalid'.`,
      'ALERT Failed to initialize server(s) addr.',
    ])
    expect(existsSync(join(live.folder, 'sock'))).toBe(false)
  })
})

describe('a signal', () => {
  it('ends it once pending work is finished', async () => {
    const live = await startLive(config('', 1, 1))
    await live.until(() => live.messages.some(isDown))
    live.run.signal('SIGTERM')
    expect(await live.run.ended).toBe(0)
    expect(live.messages.at(-1)).toBe('WARNING Proxy be1 stopped (cumulated conns: FE: 0, BE: 0).')
    expect(existsSync(join(live.folder, 'sock'))).toBe(true)
    await expect(live.cli('show info')).rejects.toThrow('ECONNREFUSED')
  })

  it('ends it at once if it is the second one', async () => {
    const sockets: Socket[] = []
    const server = createServer((socket) => void sockets.push(socket.on('error', () => undefined)))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()))
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    const text = config('', 1, (server.address() as { port: number }).port)
      .replace('inter 50ms', 'inter 1s')
      .replace('be1\n', 'be1\n    option redis-check\n')
    const live = await startLive(text)
    await live.until(() => sockets.length > 0)
    let isOver = false
    void live.run.ended.then(() => (isOver = true))
    live.run.signal('SIGINT')
    await sleep(100)
    expect(isOver).toBe(false)
    live.run.signal('SIGINT')
    expect(await live.run.ended).toBe(130)
  })
})
