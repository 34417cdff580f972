/**
 * Blocking name resolution, like HAProxy's use of `getaddrinfo` at startup and when a script connects to a name. The lookup
 * runs in a worker thread, started on first use, while the caller waits.
 */
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads'

/** Lookup timeout. */
const TIMEOUT_MS = 30_000

const WORKER_CODE = `
const { workerData: { port, answered } } = require('node:worker_threads')
const { lookup } = require('node:dns')
port.on('message', (name) => lookup(name, { all: true, verbatim: true }, (error, found) => {
  port.postMessage({ name, ips: error ? [] : found.map((each) => each.address) })
  Atomics.add(answered, 0, 1)
  Atomics.notify(answered, 0)
}))
`

/** Resolves host names synchronously. */
export class Resolver {
  readonly #answered = new Int32Array(new SharedArrayBuffer(4))
  #worker: Worker | undefined
  #port: MessagePort | undefined

  /** Resolves a name to its addresses, IPv4 first; empty if it has none. */
  resolve(name: string): readonly string[] {
    const port = this.#start()
    const end = performance.now() + TIMEOUT_MS
    port.postMessage(name)
    for (;;) {
      const before = Atomics.load(this.#answered, 0)
      const message = receiveMessageOnPort(port) as { message: { name: string; ips: string[] } } | undefined
      if (message?.message.name === name) {
        const { ips } = message.message
        return [...new Set([...ips.filter((ip) => !ip.includes(':')), ...ips.filter((ip) => ip.includes(':'))])]
      }
      const left = end - performance.now()
      if (left <= 0) return []
      if (message === undefined) Atomics.wait(this.#answered, 0, before, left)
    }
  }

  close(): void {
    void this.#worker?.terminate()
    this.#worker = undefined
    this.#port?.close()
    this.#port = undefined
  }

  #start(): MessagePort {
    if (this.#port) return this.#port
    const { port1, port2 } = new MessageChannel()
    this.#worker = new Worker(WORKER_CODE, {
      eval: true,
      workerData: { port: port2, answered: this.#answered },
      transferList: [port2],
    })
    this.#worker.unref()
    port1.unref()
    return (this.#port = port1)
  }
}
