/**
 * Traffic: small requests through a frontend with two ACLs and a header rule to a server, in simulation: requests a second of processor time,
 * memory over many requests, the cost with 10 and with 1,000 servers, and with an action in Lua that reads two headers and sets one.
 *
 * node --expose-gc bench/traffic.mjs [--requests N] [--json]
 */
import { Simulation } from '../dist/index.js'
import { numberOption, report } from './support.mjs'

const REQUESTS = numberOption('--requests', 100_000)
const CLIENTS = 10

const SCRIPT = `core.register_action("app", { "http-req" }, function(txn)
  local headers = txn.http:req_get_headers()
  txn.http:req_set_header("x-app", headers["host"][0] .. " " .. headers["user-agent"][0])
end)
`

/** @param rule adds a header field */
const config = (servers, rule = 'http-request set-header x-app yes if is_app is_host', global = '') => `
${global}
defaults
    mode http
    timeout client 10s
    timeout server 10s
    timeout connect 1s
frontend web
    bind 127.0.0.1:8080
    acl is_app path_beg /app
    acl is_host hdr(host) -i example.org
    ${rule}
    default_backend app
backend app
${Array.from({ length: servers }, (_, i) => `    server s${i} 10.0.${i >> 7}.${(i & 127) + 1}:80`).join('\n')}
`

const heap = () => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 2 ** 20
}

/** A process with so many servers, and what sends requests to it. */
const world = (servers, script = '') => {
  const sim = new Simulation({ seed: 1 })
  const web = Array.from({ length: servers }, (_, i) => sim.http(`10.0.${i >> 7}.${(i & 127) + 1}:80`))
  const text = script === '' ? config(servers) : config(servers, 'http-request lua.app', 'global\n    lua-load app.lua')
  sim.haproxy({ config: text, files: { 'app.lua': script }, directory: false }).start()
  const clients = Array.from({ length: CLIENTS }, () => sim.client())
  const headers = { host: 'example.org', 'user-agent': 'bench' }
  return (count) => {
    for (let i = 0; i < count; i++) {
      const { status } = clients[i % CLIENTS].get('http://127.0.0.1:8080/app', { headers })
      if (status !== 200) throw new Error(`answered ${status}`)
      if (i % 10_000 === 0) for (const server of web) server.requests.length = 0
    }
    for (const server of web) server.requests.length = 0
  }
}

/** Requests a second of processor time. */
const speed = (send, count) => {
  const before = process.cpuUsage()
  send(count)
  const { user, system } = process.cpuUsage(before)
  return count / ((user + system) / 1e6)
}

const few = world(10)
few(5_000)
const memoryBefore = heap()
const fewSpeed = speed(few, REQUESTS)
const memoryAfter = heap()
const many = world(1000)
many(5_000)
const manySpeed = speed(many, Math.min(REQUESTS, 100_000))
const scripted = world(10, SCRIPT)
scripted(5_000)
const scriptedSpeed = speed(scripted, Math.min(REQUESTS, 100_000))
report('requests through a frontend to a server, in simulation', {
  '10 servers': { 'requests/s': fewSpeed, 'memory before (MiB)': memoryBefore, 'after (MiB)': memoryAfter },
  'an action in Lua': { 'requests/s': scriptedSpeed, ratio: fewSpeed / scriptedSpeed },
  '1,000 servers': { 'requests/s': manySpeed, ratio: fewSpeed / manySpeed },
})
