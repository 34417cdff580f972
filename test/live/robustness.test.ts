/** What a live process withstands: many sockets at once, clocks that are set, peers that trickle or do not read. */
import { readdirSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import type { RealServer } from '../upstream/support/real-servers.js'
import { RealMailServer } from '../upstream/support/real-servers.js'
import { LiveHaproxy, sleep, startLive, startServer } from './live-haproxy.js'

const own = readFileSync(fileURLToPath(new URL('../../lua/mailers.lua', import.meta.url)), 'utf8')

const config = (global: string, rest: string) => `
global
    log stdout format raw local0
    stats socket unix@@DIR@/sock level admin
    stats timeout 1s
    tune.lua.bool-sample-conversion normal
${global}
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
${rest}
`

const backend = (port: number, mailPort: number) => `
mailers m
    mailer first 127.0.0.1:${mailPort}
    timeout mail 10s
backend be1
    email-alert mailers m
    email-alert from haproxy@example.com
    email-alert to admin@example.com
    email-alert level info
    server s1 127.0.0.1:${port} check inter 50ms fall 2 rise 2
`

afterEach(() => void vi.restoreAllMocks())

const descriptors = () => readdirSync('/proc/self/fd').length

const goesDownAndUp = async (live: LiveHaproxy, server: RealServer) => {
  for (const [change, reports] of [
    [() => server.down(), 'is DOWN'],
    [() => server.up(), 'is UP'],
  ] as const) {
    const from = live.output.length
    await change()
    await live.until(() => live.output.slice(from).some((line) => line.startsWith(`Server be1/s1 ${reports}`)))
  }
}

it('releases every descriptor when it ends, with checks, mails, scripts and clients in progress', async () => {
  const mute = await startServer()
  const hanging = `core.register_task(function() local s = core.tcp() s:connect('127.0.0.1', ${mute.port}) s:receive() end)`
  const play = async () => {
    const files = { 'mailers.lua': own, 'hanging.lua': hanging }
    const loads = '    lua-load @DIR@/mailers.lua\n    lua-load @DIR@/hanging.lua\n    log 127.0.0.1:9 local0'
    const live = await LiveHaproxy.start(config(loads, backend(1, mute.port)), files)
    await live.until(() => live.output.some((line) => line.startsWith('Server be1/s1 is DOWN')))
    let answer = ''
    const client = connect(join(live.folder, 'sock'))
    client.on('error', () => undefined).on('data', (data) => (answer += data.toString()))
    client.write('prompt\nshow info\nshow')
    await live.until(() => answer.includes('Name: HAProxy'))
    await live.stop()
    client.destroy()
    const failed = await LiveHaproxy.start(config(`    stats socket 127.0.0.1:${mute.port}`, backend(1, 1)))
    await failed.stop()
  }
  await play()
  await mute.down()
  await mute.up()
  await sleep(50)
  const before = descriptors()
  for (let i = 0; i < 3; i++) await play()
  await mute.down()
  await mute.up()
  for (const end = Date.now() + 5000; descriptors() > before && Date.now() < end;) await sleep(20)
  expect(descriptors()).toBeLessThanOrEqual(before)
})

it('serves a thousand sockets of scripts at once', async () => {
  const sockets = new Set<Socket>()
  let most = 0
  const server = await startServer((socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)))
    most = Math.max(most, sockets.size)
    // answered once all are there, so that they are there together
    if (sockets.size === 1000) for (const each of sockets) each.end('hello\n')
  })
  const script = `
    local answers = 0
    for i = 1, 1000 do
      core.register_task(function()
        local socket = core.tcp()
        socket:settimeout(30)
        assert(socket:connect("127.0.0.1", ${server.port}))
        if socket:receive("*l") == "hello" then answers = answers + 1 end
        socket:close()
        if answers == 1000 then print("all answered") end
      end)
    end`
  const live = await startLive(config('    lua-load @DIR@/script.lua\n    maxconn 4000', 'backend be1\n'), {
    'script.lua': script,
  })
  await live.until(() => live.output.includes('all answered'))
  expect(most).toBe(1000)
  await live.until(() => sockets.size === 0)
})

it.each([-86_400_000, 86_400_000])('continues when the calendar is changed by %d ms', async (jump) => {
  const server = await startServer()
  const live = await startLive(config('', backend(server.port, 1)))
  await goesDownAndUp(live, server)
  const real = Date.now.bind(Date)
  vi.spyOn(Date, 'now').mockImplementation(() => real() + jump)
  await goesDownAndUp(live, server)
})

it('sends its mail through a slow server, while checks continue', async () => {
  const heard: string[] = []
  const ANSWERS: Readonly<Record<string, string>> = {
    EHLO: '250 hello\r\n',
    DATA: '354 go on\r\n',
    QUIT: '221 bye\r\n',
  }
  const trickle = (socket: Socket, text: string) => {
    if (text === '' || socket.destroyed) return
    socket.write(text[0]!)
    setTimeout(() => trickle(socket, text.slice(1)), 10)
  }
  const mailServer = await startServer((socket) => {
    let rest = ''
    let isContent = false
    socket.setNoDelay(true)
    trickle(socket, '220 slowly\r\n')
    socket.on('data', (data) => {
      rest += data.toString('latin1')
      const lines = rest.split('\r\n')
      rest = lines.pop()!
      for (const line of lines) {
        heard.push(line)
        if (isContent && line !== '.') continue
        isContent = line === 'DATA'
        trickle(socket, ANSWERS[line.split(' ')[0]!] ?? '250 ok\r\n')
      }
    })
  })
  const server = await startServer()
  const live = await startLive(config('    lua-load @DIR@/mailers.lua', backend(server.port, mailServer.port)), {
    'mailers.lua': own,
  })
  await goesDownAndUp(live, server)
  await live.until(() => heard.filter((line) => line === 'QUIT').length === 2)
  expect(heard.filter((line) => line.startsWith('Subject: ')).map((line) => /is (UP|DOWN)/.exec(line)?.[1])).toEqual([
    'DOWN',
    'UP',
  ])
})

it('limits what is buffered for a client that does not read, and disconnects it', async () => {
  const servers = Array.from({ length: 2000 }, (_, i) => `    server s${i} 127.0.0.1:1`).join('\n')
  const live = await startLive(config('', `backend be1\n${servers}`))
  const client = connect({ path: join(live.folder, 'sock') })
  let isOver = false
  client.on('error', () => undefined).on('close', () => (isOver = true))
  client.pause()
  client.write('prompt\n' + 'show stat\n'.repeat(500))
  await live.until(() => live.run.haproxy.process.runtime.clients.size > 0)
  expect((await live.cli('show info')).split('\n')).toContain('Name: HAProxy')
  const { heapUsed } = process.memoryUsage()
  await sleep(200)
  expect(process.memoryUsage().heapUsed - heapUsed).toBeLessThan(100_000_000)
  // let go after its time, with the descriptor
  await live.until(() => live.run.haproxy.process.runtime.clients.size === 0, 10_000)
  client.resume()
  await live.until(() => isOver)
})

it('sends one mail for every change, in order', async () => {
  const mailServer = new RealMailServer()
  await mailServer.start()
  onTestFinished(() => mailServer.stop())
  const server = await startServer()
  const live = await startLive(config('    lua-load @DIR@/mailers.lua', backend(server.port, mailServer.port)), {
    'mailers.lua': own,
  })
  for (let i = 0; i < 3; i++) await goesDownAndUp(live, server)
  await live.until(() => mailServer.mails.length === 6)
  await sleep(200)
  const subjects = mailServer.mails.map((mail) => /Subject: .*is (UP|DOWN)/.exec(mail.data)?.[1])
  expect(subjects).toEqual(['DOWN', 'UP', 'DOWN', 'UP', 'DOWN', 'UP'])
})
