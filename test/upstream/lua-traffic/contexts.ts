/**
 * Runs pieces of Lua in every context of HAProxy's scripts: in the real HAProxy, in `hapsim-haproxy` and in a simulation. Each piece is called
 * for a separate request, connection, command, task or event; what it returns, or its error, comes back as text.
 */
import { Simulation, type Haproxy } from '../../../src/sim/index.js'
import { RealHaproxy, sleep } from '../support/real-haproxy.js'
import { randomLoopback } from '../traffic/harness/addresses.js'
import { exchange, SHOW } from './snippets.js'

export const CONTEXTS = [
  'action',
  'action of a response',
  'fetch',
  'converter',
  'http service',
  'tcp service',
  'filter',
  'cli',
  'task',
  'event',
] as const

export type Context = (typeof CONTEXTS)[number]

export interface Suite {
  /** bodies of functions */
  readonly pieces: readonly string[]
  /** where they run; default: everywhere */
  readonly contexts?: readonly Context[]
  /** an error of a piece ends the function that HAProxy calls; otherwise it is a result */
  readonly unprotected?: boolean
  /** global settings before the script is loaded */
  readonly settings?: string
  /** text of the script before the pieces, in which `host` is an address where this process listens */
  readonly before?: string
  /** further sections of the configuration, in which `$host` is that address */
  readonly sections?: string
}

/** What came of all pieces: results by context and piece, and the alerts of HAProxy. */
export interface Outcome {
  readonly results: ReadonlyMap<string, string>
  readonly alerts: readonly string[]
}

const PRELUDE = String.raw`${SHOW}
local results, pending = {}, nil
local function finish(results)
  for i = 1, results.n do results[i] = show(results[i], 0) end
  return table.concat(results, " ", 1, results.n)
end
local function run(n, ...)
  if protected then return finish(table.pack(pcall(cases[n], ...))) end
  return finish(table.pack(cases[n](...)))
end
local function number(txn) return tonumber(txn:get_var("txn.number")) end
core.register_action("run", { "http-req", "http-res" }, function(txn)
  txn:set_var("txn.result", run(number(txn), txn))
end)
core.register_fetches("run", function(txn) return run(number(txn), txn) end)
core.register_converters("run", function(n) return run(tonumber(n), n) end)
core.register_service("run_http", "http", function(applet)
  local text = run(tonumber(applet.path:match("%d+$")), applet)
  if protected then
    applet:set_status(200)
    applet:start_response()
    applet:send(text)
  end
end)
core.register_service("run_tcp", "tcp", function(applet)
  applet:send(run(tonumber(applet:getline()), applet))
end)
local Filter = { id = "run", flags = filter.FLT_CFG_FL_HTX }
Filter.__index = Filter
function Filter:new() return setmetatable({}, Filter) end
function Filter:http_headers(txn, message)
  if not message:is_resp() and txn:get_var("txn.place") == "filter" then
    txn:set_var("txn.result", run(number(txn), txn))
  end
  return filter.CONTINUE
end
core.register_filter("run", Filter, function(class, args) return class end)
core.register_cli({ "run" }, "", function(applet, _, n) applet:send(run(tonumber(n), applet)) end)
core.register_cli({ "start" }, "", function(applet, _, n)
  core.register_task(function() results[n] = run(tonumber(n)) end)
end)
core.register_cli({ "await" }, "", function(applet, _, n) pending = n end)
core.register_cli({ "result" }, "", function(applet, _, n) applet:send(results[n] or "") end)
core.event_sub({ "SERVER_ADMIN" }, function(event, data, sub)
  results[pending] = run(tonumber(pending), data)
end)
`

const script = (host: string, { pieces, before = '', unprotected = false }: Suite): string =>
  `local host, protected, cases = "${host}", ${!unprotected}, {}\n${before}\n${pieces
    .map((piece, i) => `cases[${i + 1}] = function(txn, ...) ${piece}\nend`)
    .join('\n')}\n${PRELUDE}`

/** Ports of `host`. */
const PORTS = { web: 8000, origin: 8001, tcp: 8002 }

const config = (host: string, { settings = '', sections = '' }: Suite): string => `global
  nbthread 1
  stats socket unix@sock level admin
  stats timeout 10s
  tune.lua.bool-sample-conversion normal
  ${settings.replaceAll('$host', host)}
  lua-load pieces.lua
defaults
  mode http
  timeout client 5s
  timeout server 5s
  timeout connect 5s
frontend origin
  bind ${host}:${PORTS.origin}
  http-request return status 200 content-type text/plain string hello
frontend fe
  bind ${host}:${PORTS.web}
  filter lua.run
  http-request set-var(txn.number) path,field(3,/)
  http-request set-var(txn.place) path,field(2,/)
  http-request use-service lua.run_http if { var(txn.place) -m str service }
  http-request lua.run if { var(txn.place) -m str action }
  http-request set-var(txn.result) lua.run if { var(txn.place) -m str fetch }
  http-request set-var(txn.result) var(txn.number),lua.run if { var(txn.place) -m str converter }
  http-response lua.run if { var(txn.place) -m str response }
  http-response return status 200 content-type text/plain lf-string "%[var(txn.result)]"
  default_backend be
backend be
  server s1 ${host}:${PORTS.origin} weight 100
  server s2 ${host}:${PORTS.origin}
frontend lines
  mode tcp
  bind ${host}:${PORTS.tcp}
  tcp-request inspect-delay 5s
  tcp-request content use-service lua.run_tcp
${sections.replaceAll('$host', host)}`

/** A process in which pieces run. */
interface Player {
  /** What comes in response to `text` until the connection ends. */
  exchange(port: number, text: string): Promise<string>
  cli(command: string): Promise<string>
  sleep(ms: number): Promise<void>
  /** alerts so far */
  readonly alerts: readonly string[]
  stop(): Promise<void>
}

/** Paths of contexts that requests reach. */
const PATHS: Partial<Record<Context, string>> = {
  action: 'action',
  'action of a response': 'response',
  fetch: 'fetch',
  converter: 'converter',
  'http service': 'service',
  filter: 'filter',
}

/** Commands that start what has its result later. */
const LATER: Partial<Record<Context, string>> = { task: 'start', event: 'await' }

/** The limit for results of tasks and events, in ms. */
const PATIENCE = 5000

const request = (path: string, number: number): string =>
  `GET /${path}/${number} HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n`

/** Status and body of a response; anything else as it is. */
const essence = (response: string): string => {
  const match = /^HTTP\/1\.1 (\d+)[^]*?\r\n\r\n([^]*)$/.exec(response)
  return match ? `${match[1]} ${match[2]}` : response
}

const resultOf = async (player: Player, context: Context, number: number, maintenance: boolean): Promise<string> => {
  const path = PATHS[context]
  if (path !== undefined) return essence(await player.exchange(PORTS.web, request(path, number)))
  if (context === 'tcp service') return player.exchange(PORTS.tcp, `${number}\n`)
  const start = LATER[context]
  if (start === undefined) return player.cli(`run ${number}`)
  const before = player.alerts.length
  await player.cli(`${start} ${number}`)
  if (context === 'event') await player.cli(`set server be/s2 state ${maintenance ? 'maint' : 'ready'}`)
  for (let waited = 0; waited < PATIENCE && player.alerts.length === before; waited += 20) {
    await player.sleep(20)
    const result = (await player.cli(`result ${number}`)).trimEnd()
    if (result !== '') return result
  }
  return 'no result'
}

const play = async (player: Player, host: string, { pieces, contexts = CONTEXTS }: Suite): Promise<Outcome> => {
  const masked = (text: string): string => text.replaceAll(host, 'HOST')
  const results = new Map<string, string>()
  let events = 0
  try {
    for (const context of contexts)
      for (const [i, piece] of pieces.entries()) {
        const result = await resultOf(player, context, i + 1, events++ % 2 === 0)
        results.set(`${context}: ${piece}`, masked(result.trimEnd()))
      }
    await player.sleep(20)
    return { results, alerts: player.alerts.map(masked) }
  } finally {
    await player.stop()
  }
}

/** Runs all pieces in all contexts in a program that is started for them, one after the other. */
export const playLive = async (suite: Suite, program: string): Promise<Outcome> => {
  const host = randomLoopback()
  const real = await RealHaproxy.start(config(host, suite), { 'pieces.lua': script(host, suite) }, program)
  await sleep(100)
  if (!real.listensAt('sock')) throw new Error(real.messages.join('\n'))
  const player: Player = {
    exchange: (port, text) => exchange(host, text, port).catch((error: Error) => error.message),
    cli: (command) => real.cli(command),
    sleep,
    get alerts() {
      return real.messages.flatMap((line) => /^ALERT (.*)/.exec(line)?.[1] ?? [])
    },
    stop: () => real.stop(),
  }
  return play(player, host, suite)
}

/** The same in a simulation. */
export const playSimulated = async (suite: Suite): Promise<Outcome> => {
  const simulation = new Simulation()
  const host = '127.0.0.2'
  const haproxy: Haproxy = simulation
    .haproxy({ config: config(host, suite), files: { 'pieces.lua': script(host, suite) } })
    .start()
  const player: Player = {
    exchange(port, text) {
      const connection = simulation.client().connect(`${host}:${port}`)
      connection.send(text)
      return Promise.resolve(connection.receiveAll())
    },
    cli: (command) => Promise.resolve(haproxy.cli(command)),
    sleep: (ms) => Promise.resolve(void simulation.advance(ms)),
    get alerts() {
      return haproxy.messages.flatMap(({ severity, text }) => (severity === 'alert' ? [text] : []))
    },
    stop: () => Promise.resolve(void haproxy.stop()),
  }
  return play(player, host, suite)
}
