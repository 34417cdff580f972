/** Clients of a stats socket who half close, leave, read slowly or come all at once: `hapsim-haproxy` serves them as the real `haproxy`. */
import { readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { build } from '../../../support/build.js'
import { OURS, REAL } from '../../support/programs.js'
import { RealHaproxy, sleep } from '../../support/real-haproxy.js'
import { describeUpstream, hasUpstream } from '../../support/upstream.js'

const config = `
global
    stats socket unix@@DIR@/sock level admin
    stats timeout 5s
    stats maxconn 100
    nbthread 1
defaults
    mode tcp
    timeout connect 1s
    timeout client 5s
    timeout server 5s
backend be1
    server-template s 1000 127.0.0.1:1
`

let processes: readonly RealHaproxy[] = []

beforeAll(async () => {
  build()
  if (hasUpstream) processes = await Promise.all([REAL, OURS].map((program) => RealHaproxy.start(config, {}, program)))
}, 60_000)

afterAll(() => Promise.all(processes.map((process) => process.stop())))

const open = ({ folder }: RealHaproxy): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ path: join(folder, 'sock'), allowHalfOpen: true }, () => resolve(socket))
    socket.on('error', reject)
  })

/** All that comes until the other side ends it. */
const allOf = async (socket: Socket): Promise<string> => {
  let text = ''
  for await (const piece of socket.setEncoding('utf8')) text += piece as string
  return text
}

const descriptorsOf = ({ pid }: RealHaproxy): number => readdirSync(`/proc/${pid}/fd`).length

/** The lines of an answer, less what depends on the program and the moment. */
const comparable = (text: string): readonly string[] =>
  text
    .replace(/3\.2\.26(-\d+)?/g, 'VERSION')
    .split('\n')
    .map((line) => (line.startsWith('be1,') ? line.split(',').slice(0, 18).join() : line))

type Behavior = (process: RealHaproxy) => Promise<readonly string[]>

const BEHAVIORS: Readonly<Record<string, Behavior>> = {
  'half closes after a command': async (process) => {
    const socket = await open(process)
    socket.end('show stat\n')
    return comparable(await allOf(socket))
  },
  'half closes after commands in a chain': async (process) => {
    const socket = await open(process)
    socket.end('show version;show backend; show version ;bad\n')
    return comparable(await allOf(socket)).filter((line) => !line.startsWith('  '))
  },
  'half closes in the middle of a command': async (process) => {
    const socket = await open(process)
    socket.end('show vers')
    return comparable(await allOf(socket))
  },
  'half closes at once': async (process) => {
    const socket = await open(process)
    socket.end()
    return comparable(await allOf(socket))
  },
  'half closes with a prompt': async (process) => {
    const socket = await open(process)
    socket.end('prompt\nshow version\nshow backend;show version\n\nquit\nshow version\n')
    return comparable(await allOf(socket))
  },
  'sends a second line that nobody asked for': async (process) => {
    const socket = await open(process)
    socket.end('show version\nshow version\n')
    return comparable(await allOf(socket))
  },
  'sends a command byte by byte': async (process) => {
    const socket = await open(process)
    for (const byte of 'show version\n') {
      socket.write(byte)
      await sleep(5)
    }
    return comparable(await allOf(socket))
  },
  'reads a large answer slowly': async (process) => {
    const socket = await open(process)
    socket.end('show stat\n')
    let text = ''
    for await (const piece of socket.setEncoding('utf8')) {
      text += piece as string
      await sleep(20)
    }
    return comparable(text)
  },
  'leaves before the answer, thirty times': async (process) => {
    for (let i = 0; i < 30; i++) {
      const socket = await open(process)
      socket.on('error', () => undefined)
      socket.write('show stat\nshow stat\n', () => socket.destroy())
    }
    return comparable(await process.cli('show version'))
  },
  'leaves in the middle of the answer, with a prompt': async (process) => {
    const socket = await open(process)
    socket.on('error', () => undefined)
    socket.write('prompt\nshow stat\nshow stat\nshow stat\n')
    await new Promise((resolve) => socket.once('data', resolve))
    socket.destroy()
    return comparable(await process.cli('show version'))
  },
  'reads nothing and is let go': async (process) => {
    const socket = await open(process)
    socket.pause()
    socket.write(`prompt\n${'show stat\n'.repeat(20)}`)
    const before = comparable(await process.cli('show version'))
    await sleep(6500)
    const sockets = (await process.cli('show info')).match(/^CurrConns: .*/m) ?? []
    socket.destroy()
    return [...before, ...sockets]
  },
  'comes with forty-nine others': async (process) => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => process.cli('show stat')))
    return [...new Set(answers.map((answer) => comparable(answer).join('\n')))]
  },
}

describeUpstream('a client of the stats socket that', () => {
  it.each(Object.entries(BEHAVIORS))(
    '%s is served as by HAProxy, and leaves no descriptor',
    async (_name, behavior) => {
      const before = processes.map(descriptorsOf)
      const [theirs, ours] = await Promise.all(processes.map(behavior))
      expect(ours).toEqual(theirs)
      const areBack = () => processes.every((process, i) => descriptorsOf(process) <= before[i]!)
      for (const end = Date.now() + 5000; !areBack() && Date.now() < end;) await sleep(20)
      expect(areBack()).toBe(true)
    },
  )
})
