/**
 * Timed actions in the syntax of `hapsim run --at`: `down be1/srv1`, `smtp-up mail1`, `cli disable server be1/srv1`, `get URL`.
 */
import type { TraceRecord } from '../engine/trace.js'
import type { BackendServer, Surroundings } from './surroundings.js'
import { HttpServer, type SmtpServer } from './actors/index.js'
import type { Haproxy } from './haproxy.js'
import { planRequest, REQUEST_VERBS } from './request-actions.js'

/** The trace record of an executed action. */
export interface ActionRecord extends TraceRecord {
  readonly type: 'action'
  readonly action: string
}

const VERBS = ['down', 'up', 'hang', 'smtp-down', 'smtp-up', 'cli', ...REQUEST_VERBS]

/**
 * Parses an action and returns a function that executes it. Throws a RangeError for unknown verbs, servers and mailers, with a
 * list of the known ones, and for invalid requests.
 */
export const planAction = (text: string, haproxy: Haproxy, surroundings: Surroundings): (() => void) => {
  const [verb = '', ...rest] = text.trim().split(/\s+/)
  const object = rest.join(' ')
  const { trace } = haproxy.simulation
  const traced = (act: () => void) => () => {
    trace.write('action', { action: text.trim() })
    act()
  }
  switch (verb) {
    case 'down':
      return traced(onServer(surroundings, object, (server) => server.refuse()))
    case 'up':
      return traced(onServer(surroundings, object, (server) => server.accept()))
    case 'hang':
      return traced(onServer(surroundings, object, hang))
    case 'smtp-down':
      return traced(onMailServers(surroundings, object, (server) => server.refuse()))
    case 'smtp-up':
      return traced(onMailServers(surroundings, object, (server) => server.accept()))
    case 'cli':
      if (object === '') throw new RangeError("'cli' needs a command of the runtime API, as in 'cli show info'")
      return () => void haproxy.cli(commandOf(text))
    default:
      if (REQUEST_VERBS.includes(verb)) return traced(planRequest(verb, argumentsOf(text), surroundings.client))
      throw new RangeError(`unknown action '${verb}'; known actions: ${VERBS.join(', ')}`)
  }
}

/** The text after the verb; `\\n` in it is a line feed, for payloads. */
const commandOf = (text: string): string => argumentsOf(text).replaceAll('\\n', '\n')

/** The text after the verb. */
const argumentsOf = (text: string): string => text.trim().replace(/^\S+\s*/, '')

/** HTTP servers accept connections and do not respond; others do not even accept, as checks may only connect. */
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
  const reason = absent.get(name)
  throw new RangeError(
    reason === undefined ? unknownName(kind, name, [...actors.keys()]) : `no actor for ${kind} '${name}': ${reason}`,
  )
}

const unknownName = (kind: string, name: string, known: readonly string[]): string => {
  const list = known.length === 0 ? `the configuration has none` : `known: ${known.slice(0, 20).join(', ')}`
  return `unknown ${kind} '${name}'; ${list}`
}
