/**
 * Names to addresses, at once: whoever asks waits, as HAProxy waits for `getaddrinfo` when it starts and when a script
 * connects to a name. The question is asked in a thread of its own, which is made when it is first needed.
 */
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads'

/** A resolver that has not answered by then does not. */
const LIMIT_MS = 30_000

const ASK = `
const { workerData: { port, answered } } = require('node:worker_threads')
const { lookup } = require('node:dns')
port.on('message', (name) => lookup(name, { all: true, verbatim: true }, (error, found) => {
  port.postMessage({ name, ips: error ? [] : found.map((each) => each.address) })
  Atomics.add(answered, 0, 1)
  Atomics.notify(answered, 0)
}))
`

export class Resolver {
  readonly #answered = new Int32Array(new SharedArrayBuffer(4))
  #worker: Worker | undefined
  #port: MessagePort | undefined

  /** The addresses of a name, IPv4 first; empty when it has none. */
  resolve(name: string): readonly string[] {
    const port = this.#start()
    const end = performance.now() + LIMIT_MS
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
    this.#worker = new Worker(ASK, {
      eval: true,
      workerData: { port: port2, answered: this.#answered },
      transferList: [port2],
    })
    this.#worker.unref()
    port1.unref()
    return (this.#port = port1)
  }
}
