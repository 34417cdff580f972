/** A server that pieces of Lua connect to, with real sockets and in a simulation. What it answers depends on what it has received alone. */
import { spawn } from 'node:child_process'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { Simulation } from '../../../src/sim/index.js'
import { REAL } from '../support/programs.js'
import { RealHaproxy } from '../support/real-haproxy.js'
import { randomLoopback } from '../traffic/harness/addresses.js'
import { CONFIG, program, withoutNames, type Difference } from './real-modules.js'

/** What the server sends once, and whether it ends the connection then. */
export interface Answer {
  readonly bytes: string
  readonly closes: boolean
}

/** Returns the answer when everything has been received that it needs. */
export type Answering = (received: string) => Answer | undefined

const serve = async (answer: Answering): Promise<{ readonly server: Server; readonly port: number }> => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let received = ''
    let isAnswered = false
    socket.on('error', () => undefined)
    socket.on('end', () => socket.end())
    socket.on('data', (data) => {
      received += data.toString('latin1')
      const found = isAnswered ? undefined : answer(received)
      if (!found) return
      isAnswered = true
      socket.write(Buffer.from(found.bytes, 'latin1'))
      if (found.closes) socket.end()
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return { server, port: (server.address() as AddressInfo).port }
}

/** What the real Lua prints. */
const byLua = (text: string): Promise<readonly string[]> =>
  new Promise((resolve, reject) => {
    const child = spawn('lua5.4', ['-'], { timeout: 60_000 })
    let out = ''
    let problem = ''
    child.stdout.on('data', (data: Buffer) => (out += data.toString('latin1')))
    child.stderr.on('data', (data: Buffer) => (problem += data.toString('latin1')))
    child.on('close', () => {
      if (problem === '') resolve(out.replace(/\n$/, '').split('\n'))
      else reject(new Error(problem))
    })
    child.stdin.end(Buffer.from(text, 'latin1'))
  })

const END = 'the end'

const inTask = (text: string): string => `core.register_task(function()\n${text}\nprint("${END}")\nend)`

/** What a task of the real HAProxy prints. */
const byHaproxy = async (text: string): Promise<readonly string[]> => {
  const config = CONFIG.replace('bind :80', `bind ${randomLoopback()}:20000`)
  const real = new RealHaproxy(config, { 'pieces.lua': inTask(text) }, REAL)
  try {
    await real.until(() => real.output.includes(END))
    return real.output
  } finally {
    await real.stop()
  }
}

const bySimulated = (text: string, port: number, answer: Answering): readonly string[] => {
  const simulation = new Simulation()
  const answered = new Set<object>()
  simulation.tcp(`127.0.0.1:${port}`).respond((_, connection) => {
    const found = answered.has(connection) ? undefined : answer(connection.received)
    if (!found) return undefined
    answered.add(connection)
    connection.send(found.bytes)
    if (found.closes) connection.finish()
    return undefined
  })
  const files = { 'pieces.lua': Buffer.from(inTask(text), 'latin1') }
  const haproxy = simulation.haproxy({ config: CONFIG, files, modules: true }).start()
  simulation.advance('1h')
  return haproxy.output
}

/**
 * The pieces whose results differ. `PORT` in them is the port of the server.
 *
 * @param player what runs the pieces with the modules of Debian's packages: Lua, or a task of HAProxy
 */
export const exchangeDifferences = async (
  player: 'lua' | 'haproxy',
  before: string,
  pieces: readonly string[],
  answer: Answering,
): Promise<readonly Difference[]> => {
  const { server, port } = await serve(answer)
  const text = program(before, pieces).replace(/\bPORT\b/g, String(port))
  try {
    const real = (await (player === 'lua' ? byLua(text) : byHaproxy(text))).map(withoutNames)
    const ours = bySimulated(text, port, answer).map(withoutNames)
    return pieces.flatMap((piece, i) => (real[i] === ours[i] ? [] : [{ piece, real: real[i], ours: ours[i] }]))
  } finally {
    server.close()
  }
}
