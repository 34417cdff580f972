/** A listening socket whose queue is full, so that connections to it are neither accepted nor refused. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Listens, prints its port, and then blocks its event loop, so that it accepts nothing. */
const BLOCKED = `require('node:net').createServer().listen(0, '127.0.0.1', 1, function () {
  require('node:fs').writeSync(1, this.address().port + '\\n')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
})`

export interface FullListener {
  readonly address: string
  close(): void
}

/** Opens one; connections fill its queue until one is not established within 200 ms. */
export const openFullListener = async (): Promise<FullListener> => {
  const child = spawn(process.execPath, ['-e', BLOCKED], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [data] = (await once(child.stdout, 'data')) as [Buffer]
  const port = Number(data.toString())
  const sockets: Socket[] = []
  const isFull = (): Promise<boolean> => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    sockets.push(socket)
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(true), 200)
      socket.once('connect', () => {
        clearTimeout(timer)
        resolve(false)
      })
    })
  }
  while (!(await isFull())) continue
  return {
    address: `127.0.0.1:${port}`,
    close: () => {
      for (const socket of sockets) socket.destroy()
      child.kill('SIGKILL')
    },
  }
}
