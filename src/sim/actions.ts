/**
 * Actions: what is done to the world while it runs, in words, as `hapsim run --at` takes them: `down be1/srv1`,
 * `smtp-up mail1`, `cli disable server be1/srv1`.
 */
import type { TraceRecord } from '../engine/trace.js'
import type { BackendServer, Surroundings } from './surroundings.js'
import { HttpServer, type SmtpServer } from './actors/index.js'
import type { Haproxy } from './haproxy.js'

/** An action that was carried out, as the trace keeps it. */
export interface ActionRecord extends TraceRecord {
  readonly type: 'action'
  readonly action: string
}

const VERBS = ['down', 'up', 'hang', 'smtp-down', 'smtp-up', 'cli'] as const

/**
 * Makes an action of its words. Throws a RangeError that says what there is, for a verb, server or mailer that there
 * is not.
 */
export const planAction = (words: string, haproxy: Haproxy, surroundings: Surroundings): (() => void) => {
  const [verb = '', ...rest] = words.trim().split(/\s+/)
  const object = rest.join(' ')
  const { trace } = haproxy.simulation
  const noted = (act: () => void) => () => {
    trace.write('action', { action: words.trim() })
    act()
  }
  switch (verb) {
    case 'down':
      return noted(onServer(surroundings, object, (server) => server.refuse()))
    case 'up':
      return noted(onServer(surroundings, object, (server) => server.accept()))
    case 'hang':
      return noted(onServer(surroundings, object, hang))
    case 'smtp-down':
      return noted(onMailServers(surroundings, object, (server) => server.refuse()))
    case 'smtp-up':
      return noted(onMailServers(surroundings, object, (server) => server.accept()))
    case 'cli':
      if (object === '') throw new RangeError("'cli' needs a command of the runtime API, as in 'cli show info'")
      return () => void haproxy.cli(commandOf(words))
    default:
      throw new RangeError(`there is no action '${verb}'; there are: ${VERBS.join(', ')}`)
  }
}

/** What stands behind the verb, as written; `\\n` in it is a line feed, so that a payload can follow. */
const commandOf = (words: string): string =>
  words
    .trim()
    .replace(/^cli\s+/, '')
    .replaceAll('\\n', '\n')

/** Silent where checks wait for an answer; where they only connect, not even that is answered. */
const hang = (server: BackendServer): void => void server.hang(server instanceof HttpServer ? 'silent' : 'connect')

const onServer = (surroundings: Surroundings, path: string, act: (server: BackendServer) => void): (() => void) =>
  onAll('server', surroundings.servers, surroundings, path, act)

const onMailServers = (surroundings: Surroundings, name: string, act: (server: SmtpServer) => void): (() => void) =>
  onAll('mailer', surroundings.mailServers, surroundings, name, act)

const onAll = <Actor>(
  kind: string,
  actors: ReadonlyMap<string, readonly Actor[]>,
  { absent }: Surroundings,
  name: string,
  act: (actor: Actor) => void,
): (() => void) => {
  const found = actors.get(name)
  if (found !== undefined) return () => found.forEach(act)
  const why = absent.get(name)
  throw new RangeError(
    why === undefined ? missing(kind, name, [...actors.keys()]) : `nothing can be done to ${kind} '${name}': ${why}`,
  )
}

const missing = (kind: string, name: string, known: readonly string[]): string => {
  const list = known.length === 0 ? `the configuration has none` : `there are: ${known.slice(0, 20).join(', ')}`
  return `there is no ${kind} '${name}'; ${list}`
}
