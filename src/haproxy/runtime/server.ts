/**
 * What the runtime API changes about servers: `set server`, `enable`, `disable`, weights, connections
 * (`cli_parse_set_server` and its neighbours in src/server.c).
 */
import { toByteString } from '../../bytes/text.js'
import { disableAgent, enableAgent, forceAgent, setAgentSend } from '../checks/agent-control.js'
import { changeTarget } from '../checks/target.js'
import {
  makeReady,
  setCheckHealth,
  setDrain,
  setMaintenance,
  setMaxconn,
  setWeight,
  updateAddress,
} from '../server/control.js'
import type { Resolvers } from '../resolvers/index.js'
import { encodeName } from '../resolvers/message.js'
import type { Server } from '../server/server.js'
import { ServerAdmin } from '../server/status.js'
import { setRunning, setStopped, setStopping } from '../server/state.js'
import { findServer, findServerEvenDisabled } from './lookup.js'
import type { CommandCall, Command, Family } from './registry.js'

const SET_SERVER_USAGE =
  'usage: set server <backend>/<server> addr | agent | agent-addr | agent-port | agent-send | check-addr | check-port | ' +
  'fqdn | health | ssl | state | weight\n'

type Change = (server: Server, call: CommandCall) => string

/** A change of a server, the argument at `position`. */
const change =
  (position: number, make: Change): Command['run'] =>
  (call) => {
    const server = findServer(call.process, call.args[position])
    return typeof server === 'string' ? server : make(server, call)
  }

/** A change with an empty response. */
const quietly =
  (make: (server: Server) => void): Change =>
  (server) => {
    make(server)
    return ''
  }

/** Ends the streams that use a server (`srv_shutdown_streams`). */
const shutdownSessions = (server: Server): string => {
  server.traffic.shutdownSessions('killed')
  return ''
}

export const serverFamily: Family = [
  { words: ['set', 'server'], run: change(0, (server, call) => setServer(server, call)) },
  { words: ['set', 'weight'], run: change(0, (server, { args }) => setWeight(server, args[1] ?? '') ?? '') },
  { words: ['get', 'weight'], run: (call) => getWeight(call) },
  {
    words: ['set', 'maxconn', 'server'],
    run: change(0, (server, { args }) => setMaxconn(server, args[1] ?? '') ?? ''),
  },
  { words: ['enable', 'server'], run: change(0, quietly(makeReady)) },
  { words: ['disable', 'server'], run: change(0, quietly(setMaintenance)) },
  { words: ['enable', 'health'], run: change(0, (server) => enableHealth(server)) },
  { words: ['disable', 'health'], run: change(0, (server) => disableHealth(server)) },
  {
    words: ['enable', 'agent'],
    run: change(0, (server) =>
      enableAgent(server) ? '' : 'Agent was not configured on this server, cannot enable.\n',
    ),
  },
  { words: ['disable', 'agent'], run: change(0, quietly(disableAgent)) },
  { words: ['shutdown', 'sessions', 'server'], run: change(0, (server) => shutdownSessions(server)) },
]

const getWeight = ({ process, args }: CommandCall): string => {
  const server = findServerEvenDisabled(process, args[0])
  return typeof server === 'string' ? server : `${server.weight} (initial ${server.initialWeight})\n`
}

const enableHealth = (server: Server): string => {
  if (!server.check) return 'Health check was not configured on this server, cannot enable.\n'
  server.check.enabled = true
  return ''
}

const disableHealth = (server: Server): string => {
  if (server.check) server.check.enabled = false
  return ''
}

const setServer = (server: Server, call: CommandCall): string => {
  const [, what, value = '', word, port] = call.args
  const change = what === undefined || !Object.hasOwn(CHANGES, what) ? undefined : CHANGES[what]
  return change ? change(server, value, word === 'port' ? (port ?? '') : undefined, call) : SET_SERVER_USAGE
}

/** A change that `set server` can make. @param port the argument after `port` */
type ServerChange = (server: Server, value: string, port: string | undefined, call: CommandCall) => string

const CHANGES: Readonly<Record<string, ServerChange>> = {
  weight: (server, value) => setWeight(server, value) ?? '',
  state: (server, value) => setState(server, value),
  health: (server, value) => setHealth(server, value),
  addr: (server, value, port) =>
    value === ''
      ? 'set server <b>/<s> addr requires an address and optionally a port.\n'
      : updateAddress(server, value, port, 'stats socket command'),
  agent: (server, value) => {
    if (!server.agent?.enabled) return AGENT_NOT_ENABLED
    if (value !== 'up' && value !== 'down') return "'set server <srv> agent' expects 'up' or 'down'.\n"
    forceAgent(server, value, 'cli')
    return ''
  },
  'agent-send': (server, value) => (setAgentSend(server, toByteString(value)) ? '' : AGENT_NOT_ENABLED),
  'agent-addr': (server, value, port) =>
    value === ''
      ? 'set server <b>/<s> agent-addr requires an address and optionally a port.\n'
      : targetAnswer(changeTarget(server, 'agent', value, port)),
  'agent-port': (server, value) =>
    value === ''
      ? 'set server <b>/<s> agent-port requires a port.\n'
      : targetAnswer(changeTarget(server, 'agent', undefined, value)),
  'check-addr': (server, value, port) =>
    value === ''
      ? 'set server <b>/<s> check-addr requires an address and optionally a port.\n'
      : targetAnswer(changeTarget(server, 'check', value, port)),
  'check-port': (server, value) =>
    value === ''
      ? 'set server <b>/<s> check-port requires a port.\n'
      : targetAnswer(changeTarget(server, 'check', undefined, value)),
  fqdn: (server, value, _, { process }) =>
    value === '' ? 'set server <b>/<s> fqdn requires a FQDN.\n' : setName(server, value, process.resolvers),
  ssl: (server, value) => setSsl(server, value),
}

/** Changes TLS towards the server; checks keep theirs. */
const setSsl = (server: Server, value: string): string => {
  if (server.dynamic) return "'set server <srv> ssl' not supported on dynamic servers\n"
  if (!server.canSwitchSsl) return "'set server <srv> ssl' cannot be set.  default-server should define ssl settings\n"
  if (value !== 'on' && value !== 'off') return "'set server <srv> ssl' expects 'on' or 'off'.\n"
  server.ssl = value === 'on' ? 1 : 0
  return 'server ssl setting updated.\n'
}

/** srv_update_fqdn and srv_set_fqdn in src/server.c */
const setName = (server: Server, name: string, resolvers: Resolvers): string => {
  const section = resolvers.of(server)
  if (section === undefined) return 'set server <b>/<s> fqdn failed because no resolution is configured.\n'
  if (server.config.srvRecord !== undefined)
    return 'set server <b>/<s> fqdn failed because SRV resolution is configured.\n'
  const by = "by 'stats socket command'\n"
  if (name === server.hostname) return `no need to change the FDQN ${by}`
  if (name.length > 255 || /[^A-Za-z0-9_.-]/.test(name)) return `invalid fqdn '${name}' ${by}`
  if (encodeName(name) === undefined) return `could not update ${server.path} FQDN ${by}`
  const answer = `${server.path} changed its FQDN from ${server.hostname ?? '(null)'} to ${name} ${by}`
  section.remove(server)
  server.hostname = name
  server.nextAdmin |= ServerAdmin.FQDN_CHANGED
  section.add(server, name)
  return answer
}

const AGENT_NOT_ENABLED = 'agent checks are not enabled on this server.\n'

const targetAnswer = (problem: string | undefined): string => (problem === undefined ? '' : `${problem}\n`)

const setState = (server: Server, state: string): string => {
  if (state === 'ready') makeReady(server)
  else if (state === 'drain') setDrain(server)
  else if (state === 'maint') setMaintenance(server)
  else return "'set server <srv> state' expects 'ready', 'drain' and 'maint'.\n"
  return ''
}

const setHealth = (server: Server, health: string): string => {
  if (server.track) return 'cannot change health on a tracking server.\n'
  if (health === 'up') {
    setCheckHealth(server, 'full')
    setRunning(server, 'cli')
  } else if (health === 'stopping') {
    setCheckHealth(server, 'full')
    setStopping(server, 'cli')
  } else if (health === 'down') {
    setCheckHealth(server, 'none')
    setStopped(server, 'cli')
  } else return "'set server <srv> health' expects 'up', 'stopping', or 'down'.\n"
  return ''
}
