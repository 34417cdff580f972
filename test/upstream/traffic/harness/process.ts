/** A process that serves many cases at once, each on separate listeners. */
import { place, Ports, randomLoopback, type Placed } from './addresses.js'
import type { TrafficCase } from './case.js'
import { maskAmounts, maskNames, maskSession, maskTimes, type Known } from './masks.js'
import { CaseServers, playClients, type CaseRecord } from './player.js'
import { DidNotStart, type MakeProgram, type Program, type Running } from './programs.js'
import { readStatistics, type Statistics } from './statistics.js'
import { transcript, type Transcript } from './transcript.js'
import type { World } from './world.js'

/** How long sessions are left to end after the last case, in ms. */
const SETTLE = 700

/** How long the first health checks of servers may take, in ms. */
const FIRST_CHECKS = 300

/** Small buffers for sending, so that it depends on readers when much data has left. */
const GLOBAL = `global
  log stdout format rfc3164 local0
  stats socket unix@sock level admin
  nbthread 1
  expose-experimental-directives
  maxconn 2000
  h1-case-adjust x-lower X-LoWeR
  h1-case-adjust content-length Content-LENGTH
  h1-case-adjust-file @DIR@/names.txt
  lua-load @DIR@/events.lua
  tune.sndbuf.client 65536
  tune.sndbuf.server 65536
`

/** Files that {@link GLOBAL} names. */
const GLOBAL_FILES: Readonly<Record<string, string>> = {
  'events.lua': `core.register_init(function()
  core.event_sub({"SERVER_UP", "SERVER_DOWN", "SERVER_STATE", "SERVER_ADMIN"}, function(event, data)
    core.log(core.info, "event " .. data.proxy_name .. "/" .. data.name .. " " .. event)
  end)
end)
`,
  'names.txt': `# written by option
connection   CONNECTION
transfer-encoding Transfer-ENCODING
x-trailer X-TRAILER
x-server X-SERVER

X-UPPER x-Upper
host HOST
location LOCATION
`,
}

/** First line of the transcript of a case whose configuration is invalid. */
export const INVALID = 'the configuration is invalid:'

/** The messages with which a program does not start with these cases, or nothing if it does. */
export const startErrors = async (
  make: MakeProgram,
  cases: readonly TrafficCase[],
): Promise<Transcript | undefined> => {
  const host = randomLoopback()
  const ports = new Ports()
  const placed = cases.map((traffic, i) => {
    const servers = Object.fromEntries(Object.keys(traffic.servers).map((name) => [name, `${host}:1`]))
    return place(traffic, i, host, ports, { ...servers, full: `${host}:1` })
  })
  try {
    await (await make().start(configOf(cases, placed), filesOf(cases, placed))).stop()
    return undefined
  } catch (error) {
    if (!(error instanceof DidNotStart)) throw error
    return [INVALID, ...error.message.split('\n')]
  }
}

const configOf = (cases: readonly TrafficCase[], placed: readonly Placed[]): string =>
  `${GLOBAL}${cases[0]?.global ?? ''}\n` +
  placed.map(({ loads }) => loads).join('') +
  placed.map(({ config }) => config).join('\n')

const filesOf = (cases: readonly TrafficCase[], placed: readonly Placed[]): Record<string, string> =>
  Object.assign(
    { ...GLOBAL_FILES },
    ...cases.map(({ files = {} }) => files),
    ...placed.map(({ scripts }) => scripts),
  ) as Record<string, string>

/** A case on its way through a process. */
interface Played {
  readonly traffic: TrafficCase
  readonly placed: Placed
  readonly servers: CaseServers
  readonly known: Known
  record?: CaseRecord
}

/**
 * Starts a program, plays all cases, and ends it.
 *
 * @returns the transcript of each case, in their order
 * @throws {DidNotStart}
 * @throws {Crashed}
 */
export const playAll = async (make: MakeProgram, cases: readonly TrafficCase[]): Promise<Transcript[]> => {
  const program = make()
  const { world } = program
  const host = randomLoopback()
  const ports = new Ports()
  const full = await program.full()
  const played: Played[] = []
  for (const traffic of cases) {
    const servers = await new CaseServers(world).open(traffic.servers)
    const placed = place(traffic, played.length, host, ports, { ...servers.addresses, full: full.address })
    played.push({ traffic, placed, servers, known: { id: placed.id, host, ports: portNames(placed.addresses) } })
  }
  const placed = played.map((each) => each.placed)
  let running: Running | undefined
  try {
    running = await program.start(configOf(cases, placed), filesOf(cases, placed))
    return await program.run(playStarted(program, running, played))
  } finally {
    await running?.stop()
    for (const { servers } of played) servers.close()
    full.close()
  }
}

const playStarted = async (
  { world, casesAtOnce }: Program,
  running: Running,
  played: readonly Played[],
): Promise<Transcript[]> => {
  await world.sleep(FIRST_CHECKS)
  const before = readStatistics(await running.cli('show stat'))
  const waiting = [...played]
  const playNext = async (): Promise<void> => {
    for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) await playCase(world, running, each)
  }
  await Promise.all(Array.from({ length: casesAtOnce }, playNext))
  await world.sleep(SETTLE)
  const after = readStatistics(await running.cli('show stat'))
  return played.map((each) => finish(each, running, before, after))
}

const playCase = async (world: World, running: Running, each: Played): Promise<void> => {
  const { traffic, placed, servers, known } = each
  const command = async (text: string): Promise<string> => {
    const named = text.replace(/\$(\w+)/g, (_, name: string) => `${placed.id}.${name}`)
    const response = await running.cli(named)
    const own = text.startsWith('show sess')
      ? response.split('\n').flatMap((line) => (line.includes(`${placed.id}.`) ? [maskSession(line, known)] : []))
      : response.split('\n').map((line) => maskNames(line, known))
    return [`> ${text}`, ...own].join('\n')
  }
  const clients = await playClients(world, traffic, placed.addresses, command)
  for (const [i, { connection }] of clients.entries())
    if (connection !== undefined) known.ports.set(connection.pipe.localPort, `PORT(client ${i + 1})`)
  await servers.watch()
  each.record = { clients, servers: servers.records }
}

const finish = (each: Played, running: Running, before: Statistics, after: Statistics): Transcript => {
  const { id } = each.placed
  // rfc3164 and rfc5424
  const lines = running.logLines.filter(
    (line) =>
      line.includes(` ${id}[`) ||
      line.includes(` - ${id} `) ||
      line.includes(`: event ${id}.`) ||
      (line.includes('<HTTPCLIENT>') && line.includes(`${id}.log`)),
  )
  const whole = transcript(each.record!, lines, before, after, each.known)
  const { ignoresAmounts, ignoresTimes } = each.traffic
  const timed = ignoresTimes ? whole.map(maskTimes) : whole
  return ignoresAmounts ? timed.map(maskAmounts) : timed
}

const portNames = (addresses: Readonly<Record<string, string>>): Map<number, string> =>
  new Map(Object.entries(addresses).map(([name, address]) => [Number(address.split(':')[1]), `PORT(${name})`]))
