/**
 * A process that stands still for seconds (SIGSTOP, a laptop that sleeps). What came meanwhile and the time that is over are found
 * together afterwards; their order is not deterministic in the real `haproxy`, either. So the sets of possible results are compared.
 */
import type { Socket } from 'node:net'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { build } from '../../../support/build.js'
import { OURS, REAL } from '../../support/programs.js'
import { RealHaproxy, sleep } from '../../support/real-haproxy.js'
import { RealServer } from '../../support/real-servers.js'
import { describeUpstream } from '../../support/upstream.js'

beforeAll(build, 60_000)

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'

const config = (port: number): string => `
global
    log stdout format raw local0
    stats socket unix@@DIR@/sock level admin
    nbthread 1
    tune.lua.bool-sample-conversion normal
    lua-load @DIR@/script.lua
defaults
    mode tcp
    log global
    timeout connect 500ms
    timeout client 5s
    timeout server 5s
    timeout check 500ms
backend be1
    option httpchk
    server s1 127.0.0.1:${port} check inter 400ms fall 1 rise 1
`

/** Sleeps, and waits for an answer that comes while the process stands still. */
const script = (port: number): string => `
core.register_task(function()
  core.msleep(1500)
  local socket = core.tcp()
  socket:settimeout(1)
  socket:connect("127.0.0.1", ${port})
  print("asked")
  print("answer", socket:receive("*l"))
end)
core.register_task(function()
  core.msleep(2000)
  print("slept")
end)
`

type Answer = (socket: Socket, later: (answer: () => void) => void) => void

const TOO_LATE = 'Layer7 timeout'

/** What the server does with a check while the process stands still, and what the check may come to. */
const ANSWERS: Readonly<Record<string, { readonly answer: Answer; readonly found: readonly string[] }>> = {
  'answers meanwhile': { answer: (socket, later) => later(() => socket.end(OK)), found: [TOO_LATE, 'nothing'] },
  'resets meanwhile': {
    answer: (socket, later) => later(() => socket.resetAndDestroy()),
    found: [TOO_LATE, 'Socket error'],
  },
  'never answers': { answer: () => undefined, found: [TOO_LATE] },
}

const play = async (program: string, answer: Answer) => {
  let isStill = false
  let whenStill: (() => void) | undefined
  const server = await new RealServer((socket) => {
    socket.once('data', () => {
      if (whenStill === undefined || isStill) return void socket.end(OK)
      isStill = true
      whenStill()
      answer(socket, (act) => setTimeout(act, 100))
    })
  }).up()
  const lines = await new RealServer((socket) => setTimeout(() => socket.end('late\n'), 400)).up()
  onTestFinished(() => server.down())
  onTestFinished(() => lines.down())
  const haproxy = await RealHaproxy.start(config(server.port), { 'script.lua': script(lines.port) }, program)
  onTestFinished(() => haproxy.stop())
  await haproxy.until(() => haproxy.output.includes('asked'))
  await new Promise<void>((resolve) => {
    whenStill = () => {
      haproxy.send('SIGSTOP')
      resolve()
    }
  })
  await sleep(2500)
  haproxy.send('SIGCONT')
  await haproxy.until(
    () => haproxy.output.includes('slept') && haproxy.output.some((line) => line.startsWith('answer')),
  )
  await sleep(1000)
  const status = async () => /^be1,s1,(?:[^,]*,){15}([^,]*)/m.exec(await haproxy.cli('show stat'))?.[1]
  return {
    found: haproxy.output.map((line) => /is DOWN, reason: ([^,]*)/.exec(line)?.[1]).find(Boolean) ?? 'nothing',
    // an answer that came in time, though it was not read in time
    isAnswered: haproxy.output.some((line) => /^answer\t(late|nil\tconnection closed\.)$/.test(line)),
    status: await status(),
  }
}

describeUpstream('a process that is suspended, whose server', () => {
  it.each(Object.entries(ANSWERS))(
    '%s, reports what HAProxy reports, and continues',
    async (_name, { answer, found }) => {
      for (const outcome of await Promise.all([REAL, OURS].map((program) => play(program, answer)))) {
        expect(found).toContain(outcome.found)
        expect(outcome).toMatchObject({ isAnswered: true, status: 'UP' })
      }
    },
  )
})
