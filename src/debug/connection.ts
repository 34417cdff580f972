/** The simulation's end of the line to the editor: what there is to do is looked at between two lines of Lua, or waited for. */
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads'
import type { Command, Listen, Report, WorkerData } from './messages.js'

export class Connection {
  readonly #signal = new Int32Array(new SharedArrayBuffer(4))
  readonly #port: MessagePort
  readonly #worker: Worker

  constructor(listen: Listen) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    port1.unref()
    const workerData: WorkerData = { listen, signal: this.#signal.buffer as SharedArrayBuffer, port: port2 }
    // from src/debug as from dist/chunks
    this.#worker = new Worker(new URL('../debug/worker.js', import.meta.url), { workerData, transferList: [port2] })
  }

  /** Whether there are commands to {@link take}. */
  get hasNews(): boolean {
    return Atomics.load(this.#signal, 0) !== 0
  }

  /** The commands that have come. */
  *take(): Generator<Command> {
    Atomics.store(this.#signal, 0, 0)
    for (let got = receiveMessageOnPort(this.#port); got; got = receiveMessageOnPort(this.#port))
      yield got.message as Command
  }

  /** Sleeps until there are commands. */
  wait(): void {
    Atomics.wait(this.#signal, 0, 0)
  }

  tell(report: Report): void {
    this.#port.postMessage(report)
  }

  /** Resolves once the other side has told the editor everything, and is gone. */
  async ended(): Promise<void> {
    await new Promise<void>((resolve) => void this.#worker.once('exit', () => resolve()))
    this.#port.close()
  }
}
