/** The simulation's side of the connection to the editor. Commands are polled between two lines of Lua, or waited for. */
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads'
import type { DebuggerCommand, DebuggerReport, Listen, WorkerData } from './messages.js'

/** A connection to the worker thread, which communicates with the editor. */
export class EditorConnection {
  readonly #signal = new Int32Array(new SharedArrayBuffer(4))
  readonly #port: MessagePort
  readonly #worker: Worker

  constructor(listen: Listen) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    port1.unref()
    const workerData: WorkerData = { listen, signal: this.#signal.buffer as SharedArrayBuffer, port: port2 }
    // valid from src/debug and from dist/chunks
    this.#worker = new Worker(new URL('../debug/worker.js', import.meta.url), { workerData, transferList: [port2] })
  }

  /** Whether there are commands to {@link receive}. */
  get hasCommands(): boolean {
    return Atomics.load(this.#signal, 0) !== 0
  }

  /** Removes and yields the commands that have arrived. */
  *receive(): Generator<DebuggerCommand> {
    Atomics.store(this.#signal, 0, 0)
    for (let received = receiveMessageOnPort(this.#port); received; received = receiveMessageOnPort(this.#port))
      yield received.message as DebuggerCommand
  }

  /** Blocks the thread until there are commands. */
  wait(): void {
    Atomics.wait(this.#signal, 0, 0)
  }

  /** Sends a report to the editor. */
  send(report: DebuggerReport): void {
    this.#port.postMessage(report)
  }

  /** Resolves once the worker has sent everything to the editor and has exited. */
  async ended(): Promise<void> {
    await new Promise<void>((resolve) => void this.#worker.once('exit', () => resolve()))
    this.#port.close()
  }
}
