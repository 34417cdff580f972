/** The thread that talks to the editor, over a port of this machine or the standard input and output, while the simulation runs. */
import { createReadStream, createWriteStream } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { workerData } from 'node:worker_threads'
import { admitEditor } from './admission.js'
import type { Command, Report, WorkerData } from './messages.js'
import { LuaSession, type Line } from './session.js'

const { listen, signal, port } = workerData as WorkerData
const flag = new Int32Array(signal)

/** How long an editor may take for the last messages, in milliseconds. */
const PATIENCE = 1000

const send = (command: Command): void => {
  port.postMessage(command)
  Atomics.store(flag, 0, 1)
  Atomics.notify(flag, 0)
}

let active: LuaSession | undefined
const line: Line = {
  send,
  claim(session) {
    if (active !== undefined) return active === session
    active = session
    return true
  },
}

const leave = (): never => process.exit(0)

port.on('message', (report: Report) => {
  active?.told(report)
  if (!('event' in report) || report.event !== 'end') return
  server?.close()
  if (active === undefined) leave()
  setTimeout(leave, PATIENCE)
  active!.end(leave)
})

const serve = (session: LuaSession, socket: Socket): void => {
  socket.setNoDelay(true)
  // whoever goes away, or talks nonsense, leaves the run to itself
  session.on('close', () => session.lost())
  session.on('error', () => socket.destroy())
  session.start(socket, socket)
}

const server =
  listen === 'stdio'
    ? undefined
    : createServer((socket) => admitEditor(socket, () => serve(new LuaSession(line), socket)))
if (server && listen !== 'stdio') {
  server.on('error', (error: NodeJS.ErrnoException) => {
    const why = error.code === 'EADDRINUSE' ? 'another program listens there already' : error.message
    send({ command: 'failed', message: `cannot listen at 127.0.0.1:${listen.port}: ${why}` })
    leave()
  })
  server.listen(listen.port, '127.0.0.1', () => {
    const address = server.address()
    const number = typeof address === 'object' ? address?.port : listen.port
    send({ command: 'listening', where: `127.0.0.1:${number}` })
  })
} else {
  const session = new LuaSession(line)
  session.on('close', () => session.lost())
  session.on('error', () => session.lost())
  session.start(createReadStream('', { fd: 0 }), createWriteStream('', { fd: 1 }))
  send({ command: 'listening', where: 'standard input and output' })
}
