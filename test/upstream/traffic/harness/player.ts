/** Plays a case on a network: its clients against the listeners of a running process, its servers for that process to connect to. */
import type { Step, TrafficCase } from './case.js'
import { RecordedConnection } from './recorded-connection.js'
import type { ListeningServer, World } from './world.js'

/** How long a step waits for something to be received, in ms. */
const STEP_LIMIT = 2500

/** How long after the last client connections to servers are watched, in ms. */
const SERVERS_LIMIT = 1000

/** How long after its last step a client still notices that the peer has ended, in ms. */
const GRACE = 150

/** How long after one client the next one starts, in ms. */
const APART = 100

/** What a client recorded. */
export interface ClientRecord {
  readonly connection: RecordedConnection | undefined
  /** when it connected, by the clock of the world */
  readonly startedAt: number
  /** steps that waited in vain, and responses of the runtime API */
  readonly notes: readonly string[]
}

export interface ServerRecord {
  readonly name: string
  readonly connections: readonly RecordedConnection[]
}

export interface CaseRecord {
  readonly clients: readonly ClientRecord[]
  readonly servers: readonly ServerRecord[]
}

/** Response of the runtime API, with what belongs to this case only. */
export type Command = (command: string) => Promise<string>

/** The listening servers of a case. */
export class CaseServers {
  readonly addresses: Record<string, string> = {}
  readonly records: ServerRecord[] = []
  readonly #servers: ListeningServer[] = []

  constructor(readonly world: World) {}

  /** Listens with each of the servers. */
  async open(servers: TrafficCase['servers']): Promise<this> {
    const { world } = this
    for (const [name, scripts] of Object.entries(servers)) {
      const connections: RecordedConnection[] = []
      const server = await world.listen((pipe) => {
        const steps = scripts[Math.min(connections.length, scripts.length - 1)]!
        const connection = new RecordedConnection(world)
        connection.pipe = pipe
        connections.push(connection)
        void playConnected(steps, connection, [])
        return connection.events
      })
      this.addresses[name] = server.address
      this.records.push({ name, connections })
      this.#servers.push(server)
    }
    return this
  }

  /** Waits until the process has ended all connections, or for as long as they are watched. */
  async watch(): Promise<void> {
    const until = this.world.now + SERVERS_LIMIT
    const isOpen = (): boolean => this.records.some(({ connections }) => connections.some(({ hasEnded }) => !hasEnded))
    while (isOpen() && this.world.now < until) await this.world.sleep(20)
  }

  close(): void {
    for (const server of this.#servers) server.close()
    for (const { connections } of this.records) for (const { pipe } of connections) pipe.destroy()
  }
}

/** Plays the clients of a case until all have ended. */
export const playClients = (
  world: World,
  traffic: TrafficCase,
  addresses: Readonly<Record<string, string>>,
  command: Command,
): Promise<ClientRecord[]> =>
  Promise.all(
    traffic.clients.map(async (steps, i) => {
      await world.sleep(i * APART)
      return playClient(world, steps, addresses, command)
    }),
  )

const playClient = async (
  world: World,
  steps: readonly Step[],
  addresses: Readonly<Record<string, string>>,
  command: Command,
): Promise<ClientRecord> => {
  const notes: string[] = []
  const first = steps.findIndex((step) => step.do !== 'wait' && step.do !== 'cli')
  const before = first < 0 ? steps : steps.slice(0, first)
  for (const step of before) {
    if (step.do === 'wait') await world.sleep(step.ms)
    else if (step.do === 'cli') notes.push(await command(step.command))
  }
  if (first < 0) return { connection: undefined, startedAt: 0, notes }
  const step = steps[first]!
  const target = addresses[step.do === 'connect' ? step.to : 'listen']
  if (target === undefined) throw new Error(`there is no listener for ${JSON.stringify(step)}`)
  const startedAt = world.now
  const connection = new RecordedConnection(world)
  connection.pipe = world.connect(target, connection.events)
  await connection.connected(STEP_LIMIT)
  await playConnected(steps.slice(step.do === 'connect' ? first + 1 : first), connection, notes, command)
  if (!connection.isClosed) {
    await connection.end(GRACE)
    connection.pipe.destroy()
  }
  return { connection, startedAt, notes }
}

/** Plays steps on a connection. False when a step waited in vain: the steps after it are skipped. */
const playConnected = async (
  steps: readonly Step[],
  connection: RecordedConnection,
  notes: string[],
  command?: Command,
): Promise<boolean> => {
  for (const step of steps) {
    if (await playStep(step, connection, notes, command)) continue
    if (!connection.hasEnded) notes.push(`waited in vain: ${JSON.stringify(step)}`)
    return false
  }
  return true
}

const playStep = async (
  step: Step,
  connection: RecordedConnection,
  notes: string[],
  command: Command | undefined,
): Promise<boolean> => {
  switch (step.do) {
    case 'connect':
      throw new Error('a connection is connected once')
    case 'send':
      connection.send(step.bytes)
      return true
    case 'trickle':
      for (const piece of step.pieces) {
        if (connection.hasEnded) return false
        connection.send(piece)
        await connection.world.sleep(step.ms)
      }
      return true
    case 'until':
      return connection.until(step.bytes, STEP_LIMIT)
    case 'read':
      return connection.read(step.count, STEP_LIMIT)
    case 'wait':
      await connection.world.sleep(step.ms)
      return true
    case 'end':
      return connection.end(STEP_LIMIT)
    case 'loop':
      while (await playConnected(step.steps, connection, notes, command)) continue
      return true
    case 'cli':
      notes.push(await command!(step.command))
      return true
    case 'pause':
      connection.pipe.pause()
      return true
    case 'resume':
      connection.pipe.resume()
      return true
    default:
      connection[step.do]()
      return true
  }
}
