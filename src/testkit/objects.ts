/** The Lua interface of simulation objects: the properties and methods of the TypeScript API that are exposed, with names in snake case. */
import { encodeText } from '../bytes/text.js'
import { parseAddress } from '../net/address.js'
import { Client, DnsServer, Haproxy, HttpServer, ServerView, Simulation, SmtpServer, TcpServer } from '../sim/index.js'
import type { ClientConnection, SimulationOptions, TcpConnection, TcpGreeting } from '../sim/index.js'
import { fromLua, mailToLua, requestToLua, respondHttp, respondTcp, toLua } from './byte-strings.js'
import { haproxyOptions, type LuaHaproxyOptions, type ProcessDefaults } from './haproxy-options.js'
import { snakeCase } from './values.js'
import { callFunction, evaluateLua, publishEvent, subscriptionsOf, tasksOf, type SyntheticEvent } from './script.js'

type Method<T> = (object: T, ...args: never[]) => unknown

/** A kind of object. A method returns multiple values to Lua with {@link Values}. */
export interface Kind {
  readonly name: string
  readonly properties: Readonly<Record<string, (object: never) => unknown>>
  readonly methods: Readonly<Record<string, Method<never>>>
}

/** Multiple results of a method. */
export class Values {
  constructor(readonly list: readonly unknown[]) {}
}

const kind = <T>(
  name: string,
  properties: Readonly<Record<string, (object: T) => unknown>>,
  methods: Readonly<Record<string, Method<T>>>,
): Kind => ({ name, properties, methods }) as Kind

/** Exposes properties under their own names. */
const properties = <T>(...names: (keyof T & string)[]): Record<string, (object: T) => unknown> =>
  Object.fromEntries(names.map((name) => [name, (object: T) => object[name]]))

const methods = <T>(...names: (keyof T & string)[]): Record<string, Method<T>> =>
  Object.fromEntries(
    names.map((name) => [
      name,
      (object: T, ...args: never[]) => (object[name] as (...args: never[]) => unknown).apply(object, args),
    ]),
  )

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

/** Parameter types of methods: `duration`, `string` …; `?` marks optional ones. Methods not listed have no parameters. */
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
  connect: 'string',
  cli: 'string',
  server: 'string',
  eval: 'string ...',
  call: 'string ...',
  publish: 'string string table?',
  say: 'string',
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
export const checkMethodArguments = (method: string, args: readonly unknown[]): void => {
  const wanted = SIGNATURES[method]?.split(' ') ?? []
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
    [
      Client,
      kind<Client>('Client', properties('connections'), {
        connect: (client, to: string) => {
          const parsed = parseAddress(to, { portOk: true, portMandatory: true })
          if ('error' in parsed) throw new RangeError(parsed.error)
          return client.connect(parsed.address)
        },
      }),
    ],
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
          eval: (haproxy, code: string, ...args: unknown[]) => new Values(evaluateLua(haproxy, code, args)),
          call: (haproxy, name: string, ...args: unknown[]) => new Values(callFunction(haproxy, name, args)),
          publish: (haproxy, name: string, server: string, data?: SyntheticEvent) =>
            publishEvent(haproxy, name, server, data),
        },
      ),
    ],
  ]
}

/** Connections are recognised by their methods, as they have several classes. */
export const CONNECTION = kind<TcpConnection & ClientConnection>(
  'Connection',
  {
    ...properties('from', 'at', 'open', 'state', 'error', 'ended', 'isEncrypted'),
    received: (connection) => toLua(connection.received),
  },
  {
    ...methods('finish', 'close', 'reset'),
    secure: (connection) => connection.secure(),
    say: (connection, data: string) => connection.say(encodeText(data)),
  },
)

/** Whether an object is exposed as {@link CONNECTION}. */
export const isConnection = (object: object): boolean => 'say' in object && 'finish' in object
