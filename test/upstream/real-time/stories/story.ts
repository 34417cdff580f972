/**
 * Short stories about a process: a configuration, scripts, servers that behave in some way, and commands at moments. Each is
 * played in the real HAProxy and in a simulation, and what both report is compared.
 */
import { isDeepStrictEqual } from 'node:util'
import { beforeAll, expect, it } from 'vitest'
import { Simulation, StartError, type TcpServer } from '../../../../src/sim/index.js'
import { RealHaproxy, sleep } from '../../support/real-haproxy.js'
import { RealServer } from '../../support/real-servers.js'
import { describeUpstream } from '../../support/upstream.js'

/** How a server behaves: it keeps connections, refuses them, greets and closes, or answers what arrives and closes. */
export type Behaviour = 'accepts' | 'refuses' | { readonly greets: string } | { readonly answers: string }

export interface Story {
  /** follows HEAD; `%1`, `%2` … are the ports of the servers, in `files` and commands as well */
  readonly config: string
  readonly files?: Readonly<Record<string, string>>
  readonly servers?: readonly Behaviour[]
  /** a command of the runtime API, milliseconds to wait, or the new behaviour of server `at` */
  readonly steps?: readonly (string | number | { readonly at: number; readonly is: Behaviour })[]
}

/** What a process reported, part by part. */
export interface Account {
  readonly started: boolean
  readonly answers: readonly string[]
  readonly logs: readonly string[]
  readonly messages: readonly string[]
  readonly printed: readonly string[]
}

export const HEAD = `global
    stats socket unix@sock level admin
    nbthread 1
    tune.lua.bool-sample-conversion normal
    log stdout format priority local0 debug
defaults
    log global
    mode tcp
    timeout connect 1s
    timeout client 5s
    timeout server 5s
    timeout check 3s
`

/** Time for the first checks and tasks, and for the consequences of a command, in ms. */
const START_MS = 300
const STEP_MS = 50

/** The level of a log line as `format priority` writes it. */
const PRIORITY = /^<(\d+)>/

const serve =
  (behaviour: Behaviour): RealServer['serve'] =>
  (socket) => {
    if (typeof behaviour === 'string') socket.on('end', () => socket.end()).resume()
    else if ('greets' in behaviour) socket.end(behaviour.greets)
    else socket.once('data', () => socket.end(behaviour.answers))
  }

const simulate = (server: TcpServer, behaviour: Behaviour): void => {
  server.accept()
  if (behaviour === 'refuses') server.refuse()
  else if (behaviour === 'accepts') return
  else if ('greets' in behaviour)
    server.greet((connection) => {
      connection.send(behaviour.greets)
      connection.finish()
    })
  else
    server.respond((_, connection) => {
      connection.send(behaviour.answers)
      connection.finish()
      return undefined
    })
}

const withPorts = (text: string, ports: readonly number[]): string =>
  text.replace(/%([1-9])/g, (whole, n: string) => String(ports[Number(n) - 1] ?? whole))

/** What differs from one process, machine and moment to the next. */
const normal = (ports: readonly number[], text: string): string =>
  ports
    .reduce((result, port, i) => result.replaceAll(String(port), `%${i + 1}`), text)
    .replace(/check duration: \d+ms/g, 'check duration: Nms')
    .replace(/\d+ active and \d+ backup servers/g, 'N active and N backup servers')
    .replace(/0x[0-9a-f]{6,}/g, '0xN')
    .replace(/^(\d+ \S+ \d+ \S+ \S+ \d+ \d+ \d+ \d+) \d+/gm, '$1 N')
    .replace(/(\.(?:lastchg|downtime|check_duration|agent_duration|need_conn_est)\.\d+:\w+:\w+):\d+/g, '$1:N')

const LEVEL_OF: Readonly<Record<string, number>> = {
  ...{ emerg: 0, alert: 1, crit: 2, err: 3, warning: 4, notice: 5, info: 6, debug: 7 },
}

const LOCAL0 = 16 * 8

/** What only a simulation says. */
const ONLY_OURS = /not emulated by hapsim/
const ONLY_THEIRS = /^NOTICE +(haproxy version|path to executable)|NOTICE.*(haproxy version is|path to executable is)/

const playSimulated = (story: Story, ports: readonly number[]): Account => {
  const { servers = [], steps = [], files = {} } = story
  const simulation = new Simulation()
  const simulated = servers.map((behaviour, i) => {
    const server = simulation.tcp(`127.0.0.1:${ports[i]}`)
    simulate(server, behaviour)
    return server
  })
  const answers: string[] = []
  const clean = (text: string) => normal(ports, text)
  const ours = simulation.haproxy({
    config: withPorts(HEAD + story.config, ports),
    files: Object.fromEntries(Object.entries(files).map(([name, text]) => [name, withPorts(text, ports)])),
    directory: false,
  })
  let started = true
  try {
    ours.start()
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    started = false
  }
  if (started) {
    simulation.advance(START_MS)
    for (const step of steps) {
      if (typeof step === 'number') simulation.advance(step)
      else if (typeof step === 'string') answers.push(clean(ours.cli(withPorts(step, ports))))
      else simulate(simulated[step.at - 1]!, step.is)
      simulation.advance(STEP_MS)
    }
  }
  return {
    started,
    answers,
    logs: ours.logs.map(({ level, message }) => clean(`<${LOCAL0 + LEVEL_OF[level]!}>${message}`)),
    messages: ours.messages
      .map(({ severity, text }) => clean(`${severity.toUpperCase()} ${text}`))
      .filter((line) => !ONLY_OURS.test(line))
      .flatMap((line) => line.split('\n'))
      .filter((line) => line !== ''),
    printed: ours.output.flatMap((text) => clean(text).split('\n')),
  }
}

const playReal = async (story: Story, real: readonly RealServer[], ports: readonly number[]): Promise<Account> => {
  const { steps = [], files = {} } = story
  const haproxy = await RealHaproxy.start(
    withPorts(HEAD + story.config, ports),
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, withPorts(text, ports)])),
  )
  const started = haproxy.listensAt('sock')
  const answers: string[] = []
  const clean = (text: string) => normal(ports, text)
  try {
    if (started) {
      // its answer shows that it has initialised
      await haproxy.cli('show version')
      await sleep(START_MS)
      for (const step of steps) {
        if (typeof step === 'number') await sleep(step)
        else if (typeof step === 'string') answers.push(clean(await haproxy.cli(withPorts(step, ports))))
        else await behave(real[step.at - 1]!, step.is)
        await sleep(STEP_MS)
      }
    } else await haproxy.ended()
  } finally {
    await haproxy.stop()
  }
  return {
    started,
    answers,
    logs: haproxy.output.filter((line) => PRIORITY.test(line)).map(clean),
    messages: haproxy.messages.filter((line) => line !== '' && !ONLY_THEIRS.test(line)).map(clean),
    printed: haproxy.output.filter((line) => !PRIORITY.test(line)).map(clean),
  }
}

const behave = async (server: RealServer, behaviour: Behaviour): Promise<void> => {
  await server.down()
  server.serve = serve(behaviour)
  if (behaviour !== 'refuses') await server.up()
}

/** The server, the backend or nothing that a line is about. */
const SUBJECT = /(?<=[Ss]erver |[Bb]ackend '?)[\w-]+\/?[\w-]*/

/** The lines of each subject, in their order: that among subjects is not deterministic. */
export const bySubject = (lines: readonly string[]): readonly string[] =>
  lines
    .map((line) => ({ line, subject: SUBJECT.exec(line)?.[0] ?? '' }))
    .sort((a, b) => (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0))
    .map(({ line }) => line)

/** A story on its way: what the simulation makes of it, and the servers of the real one. */
interface Staged {
  readonly story: Story
  readonly servers: readonly RealServer[]
  readonly ports: readonly number[]
  readonly ours: Account
}

const stage = async (story: Story): Promise<Staged> => {
  const behaviours = story.servers ?? []
  const servers = await Promise.all(behaviours.map(() => new RealServer().up()))
  const ports = servers.map(({ port }) => port)
  for (const [i, behaviour] of behaviours.entries()) await behave(servers[i]!, behaviour)
  return { story, servers, ports, ours: playSimulated(story, ports) }
}

/** How many real processes run side by side: most of their time is waiting. */
const SIDE_BY_SIDE = 6

export interface Accounts {
  readonly ours: Account
  readonly theirs: Account
}

/**
 * Plays stories in both programs; the outcome of each is an {@link Accounts}, or the error that ended it. All simulations
 * come first: a real process whose output is not read loses some of it.
 */
export const playAll = async (stories: readonly Story[]): Promise<readonly (Accounts | Error)[]> => {
  const staged: Staged[] = []
  for (const story of stories) staged.push(await stage(story))
  const outcomes: (Accounts | Error)[] = []
  const waiting = [...staged.entries()]
  const next = async (): Promise<void> => {
    for (let turn; (turn = waiting.shift());) {
      const [i, { story, servers, ports, ours }] = turn
      try {
        outcomes[i] = { ours, theirs: await playReal(story, servers, ports) }
      } catch (error) {
        outcomes[i] = error as Error
      } finally {
        await Promise.all(servers.map((server) => server.down()))
      }
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, next))
  return outcomes
}

const ordered = (account: Account): Account => ({
  ...account,
  logs: bySubject(account.logs),
  messages: bySubject(account.messages),
})

/** A chapter of stories, each a test named by a sentence. */
export const chapter = (name: string, stories: Readonly<Record<string, Story>>): void =>
  describeUpstream(name, () => {
    const names = Object.keys(stories)
    let outcomes: readonly (Accounts | Error)[] = []
    beforeAll(async () => {
      outcomes = await playAll(Object.values(stories))
    })

    it.each(names.map((sentence, i) => [sentence, i] as const))('%s', async (sentence, i) => {
      let outcome = outcomes[i]!
      // differences that may be due to timing are run again, alone
      for (let more = 2; more > 0 && !isAlike(outcome); more--) outcome = (await playAll([stories[sentence]!]))[0]!
      if (outcome instanceof Error) throw outcome
      expect(ordered(outcome.ours)).toEqual(ordered(outcome.theirs))
    })
  })

const isAlike = (outcome: Accounts | Error): boolean =>
  !(outcome instanceof Error) && isDeepStrictEqual(ordered(outcome.ours), ordered(outcome.theirs))
