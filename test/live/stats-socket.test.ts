/** Whoever comes to a real `stats socket`: monitors, and clients that behave badly. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { RealServer } from '../upstream/support/real-servers.js'
import { LiveHaproxy, sleep } from './live-haproxy.js'

let live: LiveHaproxy
let server: RealServer

beforeEach(async () => {
  server = await new RealServer().up()
  live = await LiveHaproxy.start(`
global
    log stdout format raw local0
    stats socket unix@@DIR@/sock level admin mode 600
    stats socket unix@@DIR@/user level user
    stats timeout 1s
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
backend be1
    server s1 127.0.0.1:${server.port} check inter 50ms fall 2 rise 2
`)
})

afterEach(async () => {
  await live.stop()
  await server.down()
})

const open = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ path: join(live.folder, 'sock'), allowHalfOpen: false }, () => resolve(socket))
    socket.on('error', reject)
  })

const statusOf = async (): Promise<string> => {
  const rows = (await live.cli('show stat')).split('\n').map((row) => row.split(','))
  const column = rows[0]!.indexOf('status')
  return rows.find(([proxy, name]) => proxy === 'be1' && name === 's1')![column]!
}

it('reports a server that goes down and up, as a monitor sees it', async () => {
  expect(await statusOf()).toBe('UP')
  await server.down()
  await live.until(() => live.output.some((line) => line.startsWith('Server be1/s1 is DOWN')))
  expect(await statusOf()).toBe('DOWN')
  await server.up()
  await live.until(() => live.output.some((line) => line.startsWith('Server be1/s1 is UP')))
  expect(await statusOf()).toBe('UP')
})

it('counts earlier warnings', async () => {
  const warnings = async (): Promise<number> => Number(/TotalWarnings: (\d+)/.exec(await live.cli('show info'))![1])
  const before = await warnings()
  await live.cli('set server be1/s1 health down')
  await live.until(() => live.output.some((line) => line.startsWith('Server be1/s1 is DOWN')))
  await vi.waitFor(async () => expect(await warnings()).toBeGreaterThan(before))
})

it('executes commands, and has the level of its line', async () => {
  expect(await live.cli('set server be1/s1 state maint', 'user')).toBe('Permission denied\n\n')
  expect(await live.cli('set server be1/s1 state maint')).toBe('\n')
  expect(await statusOf()).toBe('MAINT')
})

it('continues after garbage and a line of megabytes', async () => {
  const socket = await open()
  let isOver = false
  socket.on('error', () => undefined)
  socket.on('close', () => (isOver = true))
  socket.resume()
  for (let i = 0; i < 64 && !isOver; i++) socket.write(Buffer.alloc(65_536, 255 - (i % 3)))
  await live.until(() => isOver)
  expect(await statusOf()).toBe('UP')
})

it('disconnects an idle client, while others are served', async () => {
  const socket = await open()
  let isOver = false
  socket.on('close', () => (isOver = true))
  socket.resume()
  socket.write('show st')
  expect(await statusOf()).toBe('UP')
  expect(isOver).toBe(false)
  await live.until(() => isOver, 5000)
})

it('closes the descriptors of clients that disconnect without a command', async () => {
  const count = () => readdirSync('/proc/self/fd').length
  await live.cli('show info')
  await sleep(50)
  const before = count()
  const sockets = await Promise.all(Array.from({ length: 40 }, open))
  sockets.forEach((socket, i) => {
    if (i % 2 === 0) socket.write('show stat\nshow')
    socket.destroy()
  })
  await live.until(() => count() <= before + 1)
})

it('answers a shell client', async () => {
  if (spawnSync('socat', ['-V']).error) return console.warn('SKIPPED: there is no socat')
  const { exec } = await import('node:child_process')
  const answer = await new Promise<string>((resolve, reject) => {
    exec(`echo "show stat" | socat unix-connect:${join(live.folder, 'sock')} stdio | cut -d, -f1,2,18`, (error, out) =>
      error ? reject(error) : resolve(out),
    )
  })
  expect(answer).toContain('be1,s1,UP\nbe1,BACKEND,UP\n')
})

it('answers a monitor that polls while servers go down and up', async () => {
  if (spawnSync('socat', ['-V']).error) return console.warn('SKIPPED: there is no socat')
  const { spawn } = await import('node:child_process')
  // one that asks once a second, ten times as often
  const script = `while sleep 0.1; do echo "show stat" | socat unix-connect:${join(live.folder, 'sock')} stdio | grep '^be1,s1,' | cut -d, -f18; done`
  const monitor = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'] })
  const seen: string[] = []
  let complaints = ''
  monitor.stdout.setEncoding('utf8').on('data', (text: string) => void seen.push(...text.trim().split('\n')))
  monitor.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  const ended = new Promise((resolve) => monitor.on('close', resolve))
  try {
    for (let i = 0; i < 3; i++) {
      await server.down()
      await live.until(() => seen.at(-1) === 'DOWN')
      await server.up()
      await live.until(() => seen.at(-1) === 'UP')
    }
  } finally {
    monitor.kill('SIGTERM')
    await ended
  }
  expect(complaints).toBe('')
  expect(seen.every((status) => /^(UP|DOWN)( \d\/\d)?$/.test(status))).toBe(true)
})

it('serves ten clients at once, and others when one leaves (stats maxconn)', async () => {
  const heard: string[] = []
  const clients: Socket[] = []
  for (let i = 0; i < 12; i++) {
    clients.push(await open())
    heard.push('')
    clients[i]!.on('data', (data) => (heard[i] += data.toString()))
    clients[i]!.write('prompt\n')
  }
  const served = () => heard.filter((text) => text.includes('>')).length
  await live.until(() => served() === 10)
  await sleep(100)
  expect(served()).toBe(10)
  expect(heard.slice(10)).toEqual(['', ''])
  clients[0]!.destroy()
  await live.until(() => heard[10]!.includes('>'))
  expect(heard[11]).toBe('')
  for (const client of clients) client.destroy()
})
