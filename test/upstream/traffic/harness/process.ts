/** A process, real or ours, that serves many cases at once, each on separate listeners. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { call } from '../../support/programs.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { place, Ports, randomLoopback, type Placed } from './addresses.js'
import type { TrafficCase } from './case.js'
import { openFullListener } from './full-listener.js'
import { maskNames, maskSession, type Known } from './masks.js'
import { CaseServers, playClients, type CaseRecord } from './player.js'
import { readStatistics, type Statistics } from './statistics.js'
import { transcript, type Transcript } from './transcript.js'

/** Cases that are played at the same time. */
const AT_ONCE = 48

/** How long sessions are left to end after the last case, in ms. */
const SETTLE = 700

const GLOBAL = `global
  log stdout format rfc3164 local0
  stats socket unix@sock level admin
  nbthread 1
  expose-experimental-directives
  maxconn 2000
`

/** First line of the transcript of a case whose configuration is invalid. */
export const INVALID = 'the configuration is invalid:'

/** Messages of `program -c` for the configuration of the cases, or nothing if it is valid. */
export const check = async (program: string, cases: readonly TrafficCase[]): Promise<Transcript | undefined> => {
  const ports = new Ports()
  const texts = cases.map((traffic, i) => {
    const servers = Object.fromEntries(Object.keys(traffic.servers).map((name) => [name, '127.0.0.1:1']))
    return place(traffic, i, '127.0.0.1', ports, { ...servers, full: '127.0.0.1:1' }).config
  })
  const folder = temporaryFolder('check')
  for (const { files = {} } of cases)
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, 'latin1')
  writeFileSync(join(folder, 'haproxy.cfg'), (GLOBAL + texts.join('\n')).replaceAll('@DIR@', folder), 'latin1')
  const { code, err } = await call(program, ['-c', '-f', 'haproxy.cfg'], { cwd: folder })
  return code === 0 ? undefined : [INVALID, ...err.split('\n')]
}

/** The program ended, or did not listen, with these messages. */
export class DidNotStart extends Error {
  constructor(messages: readonly string[]) {
    super(['did not start:', ...messages].join('\n'))
  }
}

/** The process ended while it served, with these messages. */
export class Crashed extends Error {
  constructor(readonly messages: readonly string[]) {
    super(['the process ended:', ...messages].join('\n'))
  }
}

/** Whether a command was not answered, as there is no process. */
const isConnectionError = (error: unknown): boolean =>
  ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')

/** A case on its way through a process. */
interface Played {
  readonly traffic: TrafficCase
  readonly placed: Placed
  readonly servers: CaseServers
  readonly known: Known
  record?: CaseRecord
}

/**
 * Starts `program`, plays all cases, and ends it.
 *
 * @returns the transcript of each case, in their order
 * @throws {DidNotStart}
 */
export const playAll = async (program: string, cases: readonly TrafficCase[]): Promise<Transcript[]> => {
  const host = randomLoopback()
  const ports = new Ports()
  const full = await openFullListener()
  const played: Played[] = []
  for (const traffic of cases) {
    const servers = await new CaseServers().open(traffic.servers)
    const placed = place(traffic, played.length, host, ports, { ...servers.addresses, full: full.address })
    played.push({ traffic, placed, servers, known: { id: placed.id, host, ports: portNames(placed.addresses) } })
  }
  const config = GLOBAL + played.map(({ placed }) => placed.config).join('\n')
  const files = Object.assign({}, ...cases.map(({ files = {} }) => files)) as Record<string, string>
  const process = await RealHaproxy.start(config, files, program)
  try {
    if (!process.listensAt('sock')) throw new DidNotStart(process.messages)
    const before = readStatistics(await process.cli('show stat'))
    const waiting = [...played]
    const playNext = async (): Promise<void> => {
      for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) await playCase(each, process)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, playNext))
    await sleep(SETTLE)
    const after = readStatistics(await process.cli('show stat'))
    return played.map((each) => finish(each, process, before, after))
  } catch (error) {
    if (isConnectionError(error)) throw new Crashed(process.messages)
    throw error
  } finally {
    await process.stop()
    for (const { servers } of played) servers.close()
    full.close()
  }
}

const playCase = async (each: Played, process: RealHaproxy): Promise<void> => {
  const { traffic, placed, servers, known } = each
  const command = async (text: string): Promise<string> => {
    const named = text.replace(/\$(\w+)/g, (_, name: string) => `${placed.id}.${name}`)
    const response = await process.cli(named)
    const own = text.startsWith('show sess')
      ? response.split('\n').flatMap((line) => (line.includes(`${placed.id}.`) ? [maskSession(line, known)] : []))
      : response.split('\n').map((line) => maskNames(line, known))
    return [`> ${text}`, ...own].join('\n')
  }
  const clients = await playClients(traffic, placed.addresses, command)
  for (const [i, { connection }] of clients.entries())
    if (connection !== undefined) known.ports.set(connection.localPort, `PORT(client ${i + 1})`)
  await servers.watch()
  each.record = { clients, servers: servers.records }
}

const finish = (each: Played, process: RealHaproxy, before: Statistics, after: Statistics): Transcript => {
  const tag = ` ${each.placed.id}[`
  const lines = process.output.filter((line) => line.includes(tag))
  return transcript(each.record!, lines, before, after, each.known)
}

const portNames = (addresses: Readonly<Record<string, string>>): Map<number, string> =>
  new Map(Object.entries(addresses).map(([name, address]) => [Number(address.split(':')[1]), `PORT(${name})`]))
