/** The worker thread, which communicates with the editor over a local port or the standard input and output while the simulation runs. */
import { createReadStream, createWriteStream } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { workerData } from 'node:worker_threads'
import { admitEditor } from './admission.js'
import type { DebuggerCommand, DebuggerReport, WorkerData } from './messages.js'
import { LuaSession, type SimulationLink } from './session.js'

const { listen, signal, port } = workerData as WorkerData
const flag = new Int32Array(signal)

/** The time to send the last messages to the editor, in milliseconds. */
const SHUTDOWN_TIMEOUT = 1000

const send = (command: DebuggerCommand): void => {
  port.postMessage(command)
  Atomics.store(flag, 0, 1)
  Atomics.notify(flag, 0)
}

let active: LuaSession | undefined
const link: SimulationLink = {
  send,
  claim(session) {
    if (active !== undefined) return active === session
    active = session
    return true
  },
}

const exit = (): never => process.exit(0)

port.on('message', (report: DebuggerReport) => {
  active?.handle(report)
  if (!('event' in report) || report.event !== 'end') return
  server?.close()
  if (active === undefined) exit()
  setTimeout(exit, SHUTDOWN_TIMEOUT)
  active!.end(exit)
})

const serve = (session: LuaSession, socket: Socket): void => {
  socket.setNoDelay(true)
  // if the editor disconnects or sends invalid data, the run continues without it
  session.on('close', () => session.disconnected())
  session.on('error', () => socket.destroy())
  session.start(socket, socket)
}

const server =
  listen === 'stdio'
    ? undefined
    : createServer((socket) => admitEditor(socket, () => serve(new LuaSession(link), socket)))
if (server && listen !== 'stdio') {
  server.on('error', (error: NodeJS.ErrnoException) => {
    const reason = error.code === 'EADDRINUSE' ? 'the address is already in use' : error.message
    send({ command: 'failed', message: `cannot listen at 127.0.0.1:${listen.port}: ${reason}` })
    exit()
  })
  server.listen(listen.port, '127.0.0.1', () => {
    const address = server.address()
    const number = typeof address === 'object' ? address?.port : listen.port
    send({ command: 'listening', where: `127.0.0.1:${number}` })
  })
} else {
  const session = new LuaSession(link)
  session.on('close', () => session.disconnected())
  session.on('error', () => session.disconnected())
  session.start(createReadStream('', { fd: 0 }), createWriteStream('', { fd: 1 }))
  send({ command: 'listening', where: 'standard input and output' })
}
