/** Makes the engine that the sections of a file describe (`parse_spoe_flt`, src/flt_spoe.c). */
import { fromByteString } from '../../../bytes/text.js'
import type { SpoeAgentConfig, SpoeEvent, SpoeMessageConfig } from '../../model/spoe.js'
import type { ParseContext } from '../../parse-context.js'
import { hasBackend, hasFrontend, type ProxyDraft } from '../../proxy/draft.js'
import { placeName, placesMask, type SamplePlace } from '../../samples/places.js'
import { parseVariableName } from '../../samples/variables.js'
import type { Line } from '../../syntax/line.js'
import { FilterProblem } from '../keyword.js'
import { isVariablePart } from './agent.js'
import type { SpoeAgentDraft, SpoeFileDraft, SpoeGroupDraft, SpoeMessageDraft } from './draft.js'

const fail = (problem: string): never => {
  throw new FilterProblem(problem)
}

/**
 * Makes the agent of the file; warnings are reported.
 * @throws FilterProblem if sections are missing or do not fit
 */
export const makeAgent = (
  context: ParseContext,
  line: Line,
  proxy: ProxyDraft,
  file: SpoeFileDraft,
  path: string,
): SpoeAgentConfig => {
  const { agent } = file
  if (!agent) return fail(`No SPOE agent found in file ${path}`)
  const where = `${agent.place.file}:${agent.place.line}`
  const warn = (text: string): void =>
    context.main.add('warning', `config : Proxy '${proxy.name}': ${text}`, line.place)
  const { backend } = agent
  if (backend === undefined) return fail(`No backend declared for SPOE agent '${agent.name}' declared at ${where}`)
  if (agent.processingTimeout === undefined)
    warn(
      `missing 'processing' timeout for SPOE agent '${agent.name}' declare at ${where}.\n` +
        '   | While not properly invalid, you will certainly encounter various problems\n' +
        '   | with such a configuration. To fix this, please ensure it is set to a non-zero value.',
    )
  const variablePrefix = agent.variablePrefix ?? agent.name
  if (!isVariablePart(variablePrefix))
    fail(
      `Invalid variable prefix '${agent.name}' for SPOE agent '${agent.name}' declared at ${where}. ` +
        "Use 'option var-prefix' to set it. Only [a-zA-Z0-9_.] chars are supported.\n",
    )
  const declare = (scope: string, name: string | undefined): void =>
    name === undefined ? undefined : declareVariable(context, agent, variablePrefix, scope, name)
  declare('txn', agent.errorVariable)
  declare('txn', agent.processTimeVariable)
  declare('txn', agent.totalTimeVariable)
  const isUsed = file.usedMessages.length + file.usedGroups.length > 0
  if (!isUsed) warn(`No message/group used by SPOE agent '${agent.name}' declared at ${where}.`)
  const events = isUsed ? collectEvents(file, agent, proxy, warn) : new Map<never, never>()
  const groups = isUsed ? collectGroups(file, agent) : []
  for (const name of file.variables) declare('proc', name)
  return { ...agent, backend, variablePrefix, events, groups, logs: file.logs, logsErrorsOnly: file.logsErrorsOnly }
}

const declareVariable = (
  context: ParseContext,
  agent: SpoeAgentDraft,
  prefix: string,
  scope: string,
  name: string,
): void => {
  const variable = parseVariableName(`${scope}.${prefix}.${name}`)
  if ('error' in variable)
    fail(
      `SPOE agent '${agent.name}': failed to register variable ${prefix}.${name} (${fromByteString(variable.error)})`,
    )
  else context.options.samples.declareVariable?.(variable)
}

/** The messages of the agent by event. In a proxy that is frontend and backend, events of backends are those of frontends. */
const collectEvents = (
  file: SpoeFileDraft,
  agent: SpoeAgentDraft,
  proxy: ProxyDraft,
  warn: (text: string) => void,
): SpoeAgentConfig['events'] => {
  const events = new Map<SpoeEvent, SpoeMessageConfig[]>()
  for (const name of file.usedMessages) {
    const message = file.messages.find((each) => each.name === name)
    const place = (message ?? agent).place
    const where = `${place.file}:${place.line}`
    if (!message) return fail(`SPOE agent '${agent.name}' try to use undefined SPOE message '${name}' at ${where}`)
    const event = eventIn(proxy, message)
    message.event = event
    if (!hasFrontend(proxy) && event !== undefined && FRONTEND_EVENTS.has(event))
      warn(`frontend event used on a backend proxy at ${where}.`)
    else if (event === undefined) warn(`Ignore SPOE message '${name}' without event at ${where}.`)
    else {
      const problem = unavailable(message, eventPlaces(event, proxy))
      if (problem) fail(`Ignore SPOE message '${name}' at ${where}: ${problem.what}, ${problem.where}`)
      const messages = events.get(event)
      if (messages) messages.push(message)
      else events.set(event, [message])
    }
  }
  return events
}

const FRONTEND_EVENTS: ReadonlySet<SpoeEvent> = new Set<SpoeEvent>([
  'on-client-session',
  'on-frontend-tcp-request',
  'on-frontend-http-request',
])

const eventIn = (proxy: ProxyDraft, { event }: SpoeMessageDraft): SpoeEvent | undefined => {
  if (!hasFrontend(proxy) || !hasBackend(proxy)) return event
  if (event === 'on-backend-tcp-request') return 'on-frontend-tcp-request'
  return event === 'on-backend-http-request' ? 'on-frontend-http-request' : event
}

/** Where arguments are evaluated, in frontends and in backends. */
const EVENT_PLACES: Readonly<Record<SpoeEvent, readonly [SamplePlace, SamplePlace]>> = {
  'on-client-session': ['frontend tcp-request connection rule', 'frontend tcp-request connection rule'],
  'on-server-session': ['server source selection', 'server source selection'],
  'on-frontend-tcp-request': ['frontend tcp-request content rule', 'frontend tcp-request content rule'],
  'on-backend-tcp-request': ['frontend tcp-request content rule', 'backend tcp-request content rule'],
  'on-tcp-response': ['frontend tcp-response content rule', 'backend tcp-response content rule'],
  'on-frontend-http-request': ['frontend http-request header rule', 'frontend http-request header rule'],
  'on-backend-http-request': ['frontend http-request header rule', 'backend http-request header rule'],
  'on-http-response': ['frontend http-response header rule', 'backend http-response header rule'],
}

const eventPlaces = (event: SpoeEvent, proxy: ProxyDraft): number => {
  const [inFrontend, inBackend] = EVENT_PLACES[event]
  return (hasFrontend(proxy) ? placesMask(inFrontend) : 0) | (hasBackend(proxy) ? placesMask(inBackend) : 0)
}

/** The parts of HAProxy's message about arguments that have no value at these places; undefined if all have. */
export const unavailable = (
  { args }: SpoeMessageConfig,
  places: number,
): { readonly what: string; readonly where: string } | undefined => {
  const found = args.find(({ expression }) => (expression.places & places) === 0)
  return (
    found && {
      // the place that has the number of the source, whose numbers begin with constants
      what: `some args extract information from '${placeName(found.expression.sources * 2)}'`,
      where: `none of which is available here ('${placeName(places)}')`,
    }
  )
}

const collectGroups = (file: SpoeFileDraft, agent: SpoeAgentDraft): readonly SpoeGroupDraft[] => {
  const where = `${agent.place.file}:${agent.place.line}`
  const groups = file.usedGroups.map(
    (name) =>
      file.groups.find((each) => each.name === name) ??
      fail(`SPOE agent '${agent.name}' try to use undefined SPOE group '${name}' at ${where}`),
  )
  for (const group of groups)
    for (const name of group.used) {
      const message =
        file.messages.find((each) => each.name === name) ??
        fail(`SPOE group '${group.name}' try to use undefined SPOE message '${name}' at ${where}`)
      const { group: other } = message
      if (other)
        fail(
          `SPOE message '${name}' already belongs to the SPOE group '${other.name}' declare at ` +
            `${other.place.file}:${other.place.line}`,
        )
      message.group = group
      group.messages.push(message)
    }
  return groups
}
