/** The Lua interface of simulation objects: the properties and methods of the TypeScript API that are exposed, with names in snake case. */
import { DnsServer, Haproxy, HttpServer, ServerView, Simulation, SmtpServer, TcpServer } from '../sim/index.js'
import type { SimulationOptions, TcpGreeting } from '../sim/index.js'
import { fromLua, mailToLua, requestToLua, respondHttp, respondTcp, toLua } from './byte-strings.js'
import { CALL_METHODS } from './call-methods.js'
import { CLIENT_KINDS } from './client-objects.js'
import { haproxyOptions, type LuaHaproxyOptions, type ProcessDefaults } from './haproxy-options.js'
import { kind, methods, properties, Values, type Kind } from './kind.js'
import { snakeCase } from './values.js'
import { callFunction, evaluateLua, publishEvent, subscriptionsOf, tasksOf, type SyntheticEvent } from './script.js'

const SIMULATION_OPTIONS: ReadonlySet<string> = new Set([
  'seed',
  'epoch',
  'maxStall',
  'latencySeed',
  'pairsSeed',
  'instructionCost',
])

/** Validates the options of `hapsim.simulation`. */
export const simulationOptions = (given: unknown = {}): SimulationOptions => {
  if (typeof given !== 'object') throw new RangeError('hapsim.simulation: options must be a table')
  const unknown = Object.keys(given as object).find((name) => !SIMULATION_OPTIONS.has(name))
  if (unknown !== undefined) throw new RangeError(`hapsim.simulation: unknown option '${unknown}'`)
  return given as SimulationOptions
}

/**
 * Parameter types of methods: `duration`, `string` …; `?` marks optional ones. Methods not listed have no parameters. Methods of the same
 * name in several kinds are listed with the kind.
 */
const SIGNATURES: Readonly<Record<string, string>> = {
  advance: 'duration',
  runUntil: 'function duration',
  settle: 'duration?',
  at: 'duration function',
  tls: 'table?',
  smtp: 'string table?',
  http: 'string table?',
  tcp: 'string table?',
  dns: 'string table?',
  set: 'string ...',
  srv: 'string ...',
  alias: 'string string',
  fail: 'string string',
  haproxy: 'any',
  hang: 'string?',
  answer: 'string number any?',
  slow: 'duration',
  dropAt: 'string',
  resetAt: 'string',
  hangAt: 'string',
  onMail: 'function',
  respond: 'any any?',
  greet: 'any',
  closeAfter: 'duration',
  client: 'string? table?',
  connect: 'string',
  'Client.get': 'string table?',
  head: 'string table?',
  post: 'string table?',
  put: 'string table?',
  patch: 'string table?',
  delete: 'string table?',
  options: 'string table?',
  request: 'string string table?',
  'Client.send': 'string string table?',
  wait: 'duration?',
  onEnd: 'function',
  'HttpHeaders.get': 'string',
  all: 'string',
  has: 'string',
  cli: 'string',
  server: 'string',
  eval: 'string ...',
  call: 'string ...',
  publish: 'string string table?',
  fetch: 'string table?',
  converter: 'string any table?',
  action: 'string table?',
  service: 'string table?',
  'Connection.send': 'string',
  receive: 'duration?',
  receiveAll: 'duration?',
  expect: 'any duration?',
}

const TYPE_CHECKS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  duration: (value) => typeof value === 'string' || typeof value === 'number',
  function: (value) => typeof value === 'function',
  table: (value) => typeof value === 'object',
  any: (value) => value !== undefined,
}

const luaType = (value: unknown): string =>
  value === undefined ? 'nil' : typeof value === 'object' ? 'table' : typeof value

/** Throws a RangeError with Lua's message if `args` do not match the parameters of the method. */
export const checkMethodArguments = (kind: string, method: string, args: readonly unknown[]): void => {
  const wanted = (SIGNATURES[`${kind}.${method}`] ?? SIGNATURES[method])?.split(' ') ?? []
  wanted.forEach((each, i) => {
    if (each === '...') return
    const type = each.replace('?', '')
    if (each !== type && args[i] === undefined) return
    if (!TYPE_CHECKS[type]!(args[i]))
      throw new RangeError(
        `bad argument #${i + 1} to '${snakeCase(method)}' (${type === 'any' ? 'value' : type} expected, got ${luaType(args[i])})`,
      )
  })
}

/** The kinds of objects by constructor. */
export const kindsOf = (defaults: ProcessDefaults): readonly (readonly [new (...args: never[]) => object, Kind])[] => {
  const modes = ['accept', 'refuse', 'hang', 'reset', 'stop', 'tls', 'closeConnections'] as const
  return [
    [
      Simulation,
      kind<Simulation>(
        'Simulation',
        { ...properties('now', 'seed'), hash: (sim) => sim.trace.hash },
        {
          ...methods('advance', 'runUntil', 'settle', 'at', 'smtp', 'http', 'tcp', 'dns', 'client'),
          haproxy: (sim, options: LuaHaproxyOptions | undefined) => sim.haproxy(haproxyOptions(options, defaults)),
        },
      ),
    ],
    [
      SmtpServer,
      kind<SmtpServer>(
        'SmtpServer',
        {
          ...properties('connections', 'openConnections', 'mode', 'name'),
          mails: (server) => server.mails.map(mailToLua),
        },
        {
          ...methods(...modes, 'answer', 'slow', 'dropAt', 'resetAt', 'hangAt'),
          onMail: (server, listener: (mail: unknown) => void) =>
            void server.onMail((mail) => listener(mailToLua(mail))),
        },
      ),
    ],
    [
      HttpServer,
      kind<HttpServer>(
        'HttpServer',
        {
          ...properties('connections', 'openConnections', 'mode', 'name'),
          requests: (server) => server.requests.map(requestToLua),
        },
        { ...methods(...modes), respond: respondHttp },
      ),
    ],
    [
      TcpServer,
      kind<TcpServer>(
        'TcpServer',
        {
          ...properties('connections', 'openConnections', 'mode', 'name'),
          received: (server) => toLua(server.received),
        },
        {
          ...methods(...modes, 'closeAfter'),
          greet: (server, greeting: TcpGreeting) => server.greet(fromLua(greeting)),
          respond: respondTcp,
        },
      ),
    ],
    [
      DnsServer,
      kind<DnsServer>(
        'DnsServer',
        properties('questions', 'name'),
        methods('set', 'srv', 'alias', 'fail', 'hang', 'accept'),
      ),
    ],
    ...CLIENT_KINDS,
    [ServerView, kind<ServerView>('Server', properties('status', 'weight', 'address'), {})],
    [
      Haproxy,
      kind<Haproxy>(
        'Haproxy',
        {
          ...properties('logs', 'messages', 'events', 'output', 'stuckTasks', 'uptime', 'name'),
          tasks: tasksOf,
          subscriptions: subscriptionsOf,
        },
        {
          ...methods('start', 'stop', 'cli', 'server'),
          ...CALL_METHODS,
          eval: (haproxy, code: string, ...args: unknown[]) => new Values(evaluateLua(haproxy, code, args)),
          call: (haproxy, name: string, ...args: unknown[]) => new Values(callFunction(haproxy, name, args)),
          publish: (haproxy, name: string, server: string, data?: SyntheticEvent) =>
            publishEvent(haproxy, name, server, data),
        },
      ),
    ],
  ]
}
