/**
 * Runs pieces of Lua where scripts meet traffic, in the real HAProxy and in a simulation: each in an action, a fetch or a converter that is
 * called for a separate request. What a piece returns, or its error, comes back in the body of the response, with the request as the piece
 * has left it; for responses, with the response.
 */
import { connect } from 'node:net'
import { Simulation } from '../../../src/sim/index.js'
import { RealHaproxy, sleep } from '../support/real-haproxy.js'
import { REAL } from '../support/programs.js'
import { randomLoopback } from '../traffic/harness/addresses.js'

/** Where pieces are run: actions of requests and of responses, fetches, converters. */
export type Place = 'request' | 'response' | 'fetch' | 'converter'

/** What pieces have returned, and the alerts of HAProxy about all of them. */
export interface Outcome {
  readonly results: readonly string[]
  readonly messages: readonly string[]
}

/** The function `show` of Lua gives values a text in which tables have sorted keys and objects have no addresses. */
export const SHOW = String.raw`
local function quoted(text)
  return '"' .. text:gsub('[%c\128-\255"\\]', function(c) return ("\\x%02x"):format(c:byte()) end) .. '"'
end
local function show(value, depth)
  local kind = math.type(value) or type(value)
  if kind == "string" then return quoted(value) end
  if kind ~= "table" then return (kind == "function" or kind == "userdata") and kind or tostring(value) end
  if depth > 3 then return "{...}" end
  local meta = getmetatable(value)
  local parts = {}
  for k, v in pairs(value) do parts[#parts + 1] = "[" .. show(k, depth + 1) .. "]=" .. show(v, depth + 1) end
  table.sort(parts)
  return (meta and tostring(value):gsub("0x%x+", "ADDRESS") or "") .. "{" .. table.concat(parts, " ") .. "}"
end
`

const PRELUDE = String.raw`${SHOW}
local function run(n, ...)
  local results = table.pack(pcall(cases[n], ...))
  for i = 1, results.n do results[i] = show(results[i], 0) end
  return table.concat(results, " ", 1, results.n)
end
local function act(txn)
  local n = tonumber(txn:get_var("txn.number"))
  txn:set_var("txn.result", run(n, txn))
end
core.register_action("run", { "http-req", "http-res" }, act)
core.register_fetches("run", function(txn) return run(tonumber(txn:get_var("txn.number")), txn) end)
core.register_converters("run", function(number) return run(tonumber(number), number) end)
`

const script = (pieces: readonly string[]): string =>
  `local cases = {}\n${pieces.map((piece, i) => `cases[${i + 1}] = function(txn, ...) ${piece}\nend`).join('\n')}\n${PRELUDE}`

const CHANGED_REQUEST = '%[var(txn.result)]\\n%[method] %[url]\\n%[req.hdrs]'
const CHANGED_RESPONSE = '%[var(txn.result)]\\n%[status]\\n%[res.hdrs]'

/** @param host the address of the frontend and of the one that plays the server */
const config = (host: string): string => `global
  nbthread 1
  localpeer self
  stats socket unix@sock level admin
  tune.lua.bool-sample-conversion normal
  lua-load pieces.lua
userlist people
  user joe insecure-password secret
defaults
  mode http
  timeout client 5s
  timeout server 5s
  timeout connect 5s
frontend origin
  bind ${host}:8001
  http-request return status 200 content-type text/plain hdr X-One a,b hdr X-One c hdr Set-Cookie k=v string hello
frontend fe
  bind ${host}:8000
  http-request set-var(txn.number) path,field(3,/),field(1,?)
  http-request set-var(txn.place) path,field(2,/)
  http-request lua.run if { var(txn.place) -m str request }
  http-request set-var(txn.result) lua.run if { var(txn.place) -m str fetch }
  http-request set-var(txn.result) var(txn.number),lua.run if { var(txn.place) -m str converter }
  http-response lua.run if { var(txn.place) -m str response }
  http-request return status 200 content-type text/plain lf-string "${CHANGED_REQUEST}" unless { var(txn.place) -m str response }
  http-response return status 200 content-type text/plain lf-string "${CHANGED_RESPONSE}"
  default_backend be
backend be
  server s1 ${host}:8001
backend addresses
  stick-table type ip size 1m expire 30s nopurge store gpc0,http_req_rate(10s),conn_cur,bytes_in_rate(1d),server_id
backend names
  stick-table type string len 20 size 10k store gpc(5),gpc_rate(3,1m),server_key,gpt(2)
backend numbers
  stick-table type integer size 100
  stick on src_port
backend bytes
  stick-table type binary size 3 peers mates expire 1d srvkey addr
backend addresses6
  stick-table type ipv6 size 1k
peers mates
  peer self ${host}:8002
  table t1 type ip size 1k store gpc0
`

const request = (place: Place, number: number): string =>
  `GET /${place}/${number}?a=1&b=x%20y HTTP/1.1\r\nHost: example.com\r\nUser-Agent: test/1.0\r\n` +
  'Cookie: id=7; other=8\r\nX-Multi: a,b\r\nX-Multi: c\r\nAuthorization: Basic am9lOnNlY3JldA==\r\nConnection: close\r\n\r\n'

/** The body of a response, without what differs from run to run. */
const bodyOf = (response: string): string => response.slice(response.indexOf('\r\n\r\n') + 4)

/** Sends `text` to a port of `host`, and resolves to what comes until the connection ends. */
export const exchange = (host: string, text: string, port = 8000): Promise<string> =>
  new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(port, host, () => socket.write(text, 'latin1'))
    socket.setEncoding('latin1')
    socket.on('data', (data: string) => (received += data))
    socket.on('error', (error) => (received === '' ? reject(error) : resolve(received)))
    socket.on('end', () => resolve(received))
  })

/** What stands for the result of a piece that ends the real HAProxy. */
const ENDED = 'HAProxy has ended'

/** Runs the pieces in the real HAProxy, which is started again after a piece that has ended it. */
export const runReal = async (place: Place, pieces: readonly string[]): Promise<Outcome> => {
  const results: string[] = []
  const messages: string[] = []
  while (results.length < pieces.length) {
    const host = randomLoopback()
    const real = await RealHaproxy.start(config(host), { 'pieces.lua': script(pieces) }, REAL)
    await sleep(100)
    if (!real.listensAt('sock')) throw new Error(real.messages.join('\n'))
    try {
      while (results.length < pieces.length)
        results.push(bodyOf(await exchange(host, request(place, results.length + 1))))
      await sleep(50)
    } catch {
      results.push(ENDED)
    } finally {
      messages.push(...real.messages.flatMap((line) => /^ALERT (.*)/.exec(line)?.[1] ?? []))
      await real.stop()
    }
  }
  return { results, messages }
}

/** Runs the pieces in a simulation. */
export const runSimulated = (place: Place, pieces: readonly string[]): Outcome => {
  const simulation = new Simulation()
  const host = '127.0.0.1'
  const haproxy = simulation.haproxy({
    config: config(host),
    files: { 'pieces.lua': script(pieces) },
  })
  haproxy.start()
  const results = pieces.map((_, i) => {
    const connection = simulation.client().connect(`${host}:8000`)
    connection.send(request(place, i + 1))
    return bodyOf(connection.receiveAll())
  })
  const alerts = haproxy.messages.filter(({ severity }) => severity === 'alert')
  const outcome = { results, messages: alerts.map(({ text }) => text) }
  haproxy.stop()
  return outcome
}
