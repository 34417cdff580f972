/** What Lua sees of the objects of a simulation: TypeScript's names, written as Lua writes them, and no others. */
import { encodeText } from '../bytes/text.js'
import { parseAddress } from '../net/address.js'
import { Client, DnsServer, Haproxy, HttpServer, ServerView, Simulation, SmtpServer, TcpServer } from '../sim/index.js'
import type { ClientConnection, SimulationOptions, TcpConnection, TcpGreeting } from '../sim/index.js'
import { fromLua, mailToLua, requestToLua, respondHttp, respondTcp, toLua } from './byte-strings.js'
import { haproxyOptions, type LuaHaproxyOptions, type ProcessDefaults } from './haproxy-options.js'
import { snakeCase } from './values.js'
import { callFunction, evaluate, publishEvent, subscriptionsOf, tasksOf, type MadeUpEvent } from './script.js'

type Method<T> = (object: T, ...args: never[]) => unknown

/** One kind of object. A method that returns a {@link Values} returns several values to Lua. */
export interface Kind {
  readonly name: string
  readonly properties: Readonly<Record<string, (object: never) => unknown>>
  readonly methods: Readonly<Record<string, Method<never>>>
}

/** Several results of a method. */
export class Values {
  constructor(readonly list: readonly unknown[]) {}
}

const kind = <T>(
  name: string,
  properties: Readonly<Record<string, (object: T) => unknown>>,
  methods: Readonly<Record<string, Method<T>>>,
): Kind => ({ name, properties, methods }) as Kind

/** Properties and methods that are the object's own, under the same name. */
const own = <T>(...names: (keyof T & string)[]): Record<string, (object: T) => unknown> =>
  Object.fromEntries(names.map((name) => [name, (object: T) => object[name]]))

const calls = <T>(...names: (keyof T & string)[]): Record<string, Method<T>> =>
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

/** What `hapsim.simulation` was given, checked. */
export const simulationOptions = (given: unknown = {}): SimulationOptions => {
  if (typeof given !== 'object') throw new RangeError('hapsim.simulation takes a table of options, or nothing')
  const unknown = Object.keys(given as object).find((name) => !SIMULATION_OPTIONS.has(name))
  if (unknown !== undefined) throw new RangeError(`hapsim.simulation knows no option '${unknown}'`)
  return given as SimulationOptions
}

/**
 * What methods take, by their names: `duration`, `string` …, with a `?` where it may be missing. A method that stands not here takes
 * nothing.
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
  respond: 'any',
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

const FITS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  duration: (value) => typeof value === 'string' || typeof value === 'number',
  function: (value) => typeof value === 'function',
  table: (value) => typeof value === 'object',
  any: (value) => value !== undefined,
}

const luaType = (value: unknown): string =>
  value === undefined ? 'nil' : typeof value === 'object' ? 'table' : typeof value

/** Throws a RangeError in Lua's words when `args` are not what the method takes. */
export const checkArguments = (method: string, args: readonly unknown[]): void => {
  const wanted = SIGNATURES[method]?.split(' ') ?? []
  wanted.forEach((each, i) => {
    if (each === '...') return
    const type = each.replace('?', '')
    if (each !== type && args[i] === undefined) return
    if (!FITS[type]!(args[i]))
      throw new RangeError(
        `bad argument #${i + 1} to '${snakeCase(method)}' (${type === 'any' ? 'value' : type} expected, got ${luaType(args[i])})`,
      )
  })
}

export const kindsOf = (defaults: ProcessDefaults): readonly (readonly [new (...args: never[]) => object, Kind])[] => {
  const modes = ['accept', 'refuse', 'hang', 'reset', 'stop', 'tls', 'closeConnections'] as const
  return [
    [
      Simulation,
      kind<Simulation>(
        'Simulation',
        { ...own('now', 'seed'), hash: (sim) => sim.trace.hash },
        {
          ...calls('advance', 'runUntil', 'settle', 'at', 'smtp', 'http', 'tcp', 'dns', 'client'),
          haproxy: (sim, options: LuaHaproxyOptions | undefined) => sim.haproxy(haproxyOptions(options, defaults)),
        },
      ),
    ],
    [
      SmtpServer,
      kind<SmtpServer>(
        'SmtpServer',
        { ...own('connections', 'openConnections', 'mode', 'name'), mails: (server) => server.mails.map(mailToLua) },
        {
          ...calls(...modes, 'answer', 'slow', 'dropAt', 'resetAt', 'hangAt'),
          onMail: (server, listener: (mail: unknown) => void) =>
            void server.onMail((mail) => listener(mailToLua(mail))),
        },
      ),
    ],
    [
      HttpServer,
      kind<HttpServer>(
        'HttpServer',
        { ...own('openConnections', 'mode', 'name'), requests: (server) => server.requests.map(requestToLua) },
        { ...calls(...modes), respond: respondHttp },
      ),
    ],
    [
      TcpServer,
      kind<TcpServer>(
        'TcpServer',
        { ...own('connections', 'openConnections', 'mode', 'name'), received: (server) => toLua(server.received) },
        {
          ...calls(...modes, 'closeAfter'),
          greet: (server, greeting: TcpGreeting) => server.greet(fromLua(greeting)),
          respond: respondTcp,
        },
      ),
    ],
    [
      DnsServer,
      kind<DnsServer>('DnsServer', own('questions', 'name'), calls('set', 'srv', 'alias', 'fail', 'hang', 'accept')),
    ],
    [
      Client,
      kind<Client>('Client', own('connections'), {
        connect: (client, to: string) => {
          const parsed = parseAddress(to, { portOk: true, portMandatory: true })
          if ('error' in parsed) throw new RangeError(parsed.error)
          return client.connect(parsed.address)
        },
      }),
    ],
    [ServerView, kind<ServerView>('Server', own('status', 'weight', 'address'), {})],
    [
      Haproxy,
      kind<Haproxy>(
        'Haproxy',
        {
          ...own('logs', 'messages', 'events', 'output', 'stuckTasks', 'uptime', 'name'),
          tasks: tasksOf,
          subscriptions: subscriptionsOf,
        },
        {
          ...calls('start', 'stop', 'cli', 'server'),
          eval: (haproxy, code: string, ...args: unknown[]) => new Values(evaluate(haproxy, code, args)),
          call: (haproxy, name: string, ...args: unknown[]) => new Values(callFunction(haproxy, name, args)),
          publish: (haproxy, name: string, server: string, data?: MadeUpEvent) =>
            publishEvent(haproxy, name, server, data),
        },
      ),
    ],
  ]
}

/** Connections are known by what they can do. */
export const CONNECTION = kind<TcpConnection & ClientConnection>(
  'Connection',
  {
    ...own('from', 'at', 'open', 'state', 'error', 'ended', 'isEncrypted'),
    received: (connection) => toLua(connection.received),
  },
  {
    ...calls('finish', 'close', 'reset'),
    secure: (connection) => connection.secure(),
    say: (connection, data: string) => connection.say(encodeText(data)),
  },
)

export const isConnection = (object: object): boolean => 'say' in object && 'finish' in object
