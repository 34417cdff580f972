/** The world of a test in a simulation: everything is on one host, time is virtual, and programs of the system cannot be run. */
import { strerror, type Errno } from '../../bytes/errno.js'
import { fromBytes, toBytes } from '../../bytes/latin1.js'
import { evaluateConditionText } from '../../config/index.js'
import { MILLISECOND, SECOND, type Micros } from '../../engine/clock.js'
import { Wake } from '../../engine/task.js'
import type { ThreadGroup } from '../../engine/thread-group.js'
import { isIp, parseAddress, type Address } from '../../net/address.js'
import { NetworkError } from '../../net/network.js'
import type { Simulation } from '../../sim/index.js'
import { LayeredFiles } from '../../sim/files.js'
import { fromByteString } from '../../bytes/text.js'
import type { FiberTask } from '../fiber.js'
import { Failure } from '../failure.js'
import type { Prepared } from '../prepared.js'
import { immediately, type Script, Signal, waitFor } from '../script.js'
import type { Datagrams, HaproxySlot, Listener, Pipe, Problem, World } from '../world.js'
import { SimulatedSlot, type SimulatedProcesses } from './haproxy.js'
import { nameOf, SimulatedListener, SimulatedPipe } from './pipe.js'

/** How long connecting may take. */
const CONNECT_LIMIT: Micros = 10 * SECOND

export class SimulatedWorld implements World {
  readonly kind = 'simulated'
  readonly folder = '/tmp/vtc.simulated'
  readonly shell = undefined
  readonly spawn = undefined
  readonly #threads: ThreadGroup
  readonly #written: Record<string, Uint8Array> = {}
  readonly #processes: SimulatedProcesses
  readonly #disk: LayeredFiles

  /** @param directory of relative paths; false: the disk is not read */
  constructor(
    readonly simulation: Simulation,
    directory: string | false,
    prepared: Prepared,
  ) {
    this.#threads = simulation.scheduler.threads('vtc', 1)
    this.#processes = { simulation, prepared, files: this.#written, started: 0, descriptors: 0 }
    this.#disk = new LayeredFiles(
      {},
      { directory: directory === false ? undefined : directory, writes: 'none', onAccess: simulation.onFileAccess },
    )
  }

  get now(): Micros {
    return this.simulation.clock.now
  }

  get date(): number {
    return this.simulation.clock.wall / MILLISECOND
  }

  task(name: string, step: () => void): FiberTask {
    const task = this.#threads.spawn({ name, run: step })
    return {
      wake: () => task.wake(Wake.OTHER),
      wakeAt: (at) => task.wakeAt(at),
      cancelTimer: () => task.cancelTimer(),
      end: () => task.kill(),
    }
  }

  listen(text: string): Script<Listener | Problem> {
    return immediately(() => {
      const address = parseSocket(text, this.simulation)
      return attempt(() => new SimulatedListener((accept) => this.simulation.home.listen(address, accept)))
    })
  }

  *connect(text: string): Script<Pipe | Problem> {
    const address = parseSocket(text, this.simulation)
    const pipe = new SimulatedPipe()
    pipe.connection = this.simulation.home.connect(address, pipe)
    const isDecided = yield* waitFor({
      what: `the connection to ${text}`,
      on: pipe.changed,
      ready: () => pipe.connection.state !== 'connecting',
      until: this.now + CONNECT_LIMIT,
    })
    if (pipe.connection.state === 'open') return pipe
    if (!isDecided) pipe.connection.close()
    return { error: pipe.failure ?? strerror('ETIMEDOUT') }
  }

  datagrams(text: string): Script<Datagrams | Problem> {
    return immediately(() => {
      const given = parseSocket(text, this.simulation)
      if (!isIp(given)) return { error: strerror('EADDRNOTAVAIL') }
      const { home } = this.simulation
      const changed = new Signal()
      const queue: string[] = []
      const take = (bytes: Uint8Array): void => {
        queue.push(fromBytes(bytes))
        changed.notify()
      }
      for (let port = given.port || FIRST_DATAGRAM_PORT; port < LAST_PORT; port++) {
        const address = { ...given, port }
        const socket = attempt(() => home.listenDatagrams(address, take))
        if ('close' in socket) return { name: nameOf(address), changed, queue, close: () => socket.close() }
        if (given.port !== 0) return socket
      }
      return { error: strerror('EADDRINUSE') }
    })
  }

  haproxy(name: string): HaproxySlot {
    return new SimulatedSlot(this.#processes, name, `${this.folder}/${name}`)
  }

  readFile(path: string): string | Problem {
    const written = this.#written[path]
    const content = written ?? this.#disk.read(fromByteString(path))
    return typeof content === 'string' ? { error: strerror(content as Errno) } : fromBytes(content)
  }

  writeFile(path: string, content: string, append: boolean): undefined {
    const before = append ? this.#written[path] : undefined
    this.#written[path] = toBytes((before ? fromBytes(before) : '') + content)
  }

  readonly condition = (text: string, environment: Readonly<Record<string, string>>): boolean => {
    const value = evaluateConditionText(fromByteString(text), environment)
    if (typeof value === 'boolean') return value
    throw new Failure(`feature cmd: ${value.error}`)
  }

  feature(name: string): boolean | undefined {
    return FEATURES[name]
  }

  close(): void {
    for (const haproxy of this.simulation.processes) haproxy.stop()
    this.simulation.scheduler.removeThreads(this.#threads)
  }
}

/** Ports of syslog servers, apart from those of connections. */
const FIRST_DATAGRAM_PORT = 20_000
const LAST_PORT = 32_767

const FEATURES: Readonly<Record<string, boolean>> = {
  ipv4: true,
  ipv6: true,
  '64bit': true,
  abstract_uds: true,
  disable_aslr: true,
  dns: false,
  topbuild: false,
  root: false,
  user_varnish: false,
  user_vcache: false,
  group_varnish: false,
  persistent_storage: false,
  coverage: false,
  asan: false,
  msan: false,
  tsan: false,
  ubsan: false,
  sanitizer: false,
  workspace_emulator: false,
}

/** `IP:PORT`, `IP PORT`, a name in place of the IP, or a path. Throws a {@link Failure}. */
const parseSocket = (text: string, simulation: Simulation): Address => {
  const [host, port, ...more] = text.trim().split(/\s+/)
  const joined = port === undefined ? host! : `${host}:${port}`
  const parsed = parseAddress(fromByteString(joined), { portOk: true, resolve: (name) => simulation.resolve(name) })
  if ('error' in parsed || more.length > 0) throw new Failure(`'${text}' is not an address: IP:PORT or a path`)
  return parsed.address
}

const attempt = <Result>(act: () => Result): Result | Problem => {
  try {
    return act()
  } catch (error) {
    if (error instanceof NetworkError) return { error: error.message }
    throw error
  }
}
