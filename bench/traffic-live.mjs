/**
 * Traffic of a live process, in turn with the real HAProxy: requests a second with 20 connections that are kept, latency that the proxy adds
 * to one, resident memory for each idle connection, and speed and memory of transfers of 1 GiB. The proxy has one core, wrk and the origin
 * server share another. The origin is a real HAProxy that answers by itself, or with --node-origin a bare HTTP server of Node. With --lua, an
 * action in Lua that reads two headers and sets one takes the place of the header rule.
 *
 * Needs wrk, curl and taskset, and the real HAProxy (scripts/upstream).
 *
 * node bench/traffic-live.mjs [--rounds N] [--idle N] [--node-origin] [--lua] [--requests-only] [--json]
 */
import { execFileSync, spawn } from 'node:child_process'
import { createWriteStream, existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { Buffer } from 'node:buffer'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { numberOption, report, temporaryFolder } from './support.mjs'

const ROUNDS = numberOption('--rounds', 5)
const IDLE = numberOption('--idle', 9_000)
const GIBIBYTE = 2 ** 30
const ORIGIN = 21_998
const LARGE = 21_999
const folder = temporaryFolder('traffic-live')
const real = join(process.env.HAPSIM_UPSTREAM ?? join(homedir(), '.cache', 'hapsim-upstream'), 'haproxy')
if (!existsSync(real)) throw new Error(`${real} does not exist: run scripts/upstream`)

const PROXIES = {
  'the real HAProxy': { command: [real], port: 21_001 },
  'hapsim-haproxy': { command: [process.execPath, 'dist/cli/haproxy/main.js'], port: 21_002 },
}

const NODE_ORIGIN = process.argv.includes('--node-origin')
const LUA = process.argv.includes('--lua')
const REQUESTS_ONLY = process.argv.includes('--requests-only')

const SCRIPT = `core.register_action("app", { "http-req" }, function(txn)
  local headers = txn.http:req_get_headers()
  txn.http:req_set_header("x-app", headers["host"][0] .. " " .. (headers["user-agent"] or headers["host"])[0])
end)
`
writeFileSync(join(folder, 'app.lua'), SCRIPT)

const config = (port) => `
global
    maxconn ${IDLE + 100}
    ${LUA ? `lua-load ${join(folder, 'app.lua')}` : ''}
defaults
    mode http
    timeout client 60s
    timeout server 60s
    timeout connect 1s
frontend web
    bind 127.0.0.1:${port}
    acl is_app path_beg /app
    acl is_host hdr(host) -i example.org
    http-request ${LUA ? 'lua.app' : 'set-header x-app yes'} if is_app is_host
    use_backend large if { path /large }
    default_backend app
backend app
    server s1 127.0.0.1:${ORIGIN}
backend large
    server s1 127.0.0.1:${LARGE}
`

const origin = `
defaults
    mode http
    timeout client 60s
frontend origin
    bind 127.0.0.1:${ORIGIN}
    http-request return status 200 content-type text/plain string hello
`

process.setMaxListeners(0)

/** Starts a program on a core; returns its process. */
const start = (core, command, name) => {
  const output = createWriteStream(join(folder, `${name}.log`))
  const child = spawn('taskset', ['-c', String(core), ...command], { stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) stream.pipe(output, { end: false })
  process.once('exit', () => child.kill('SIGKILL'))
  return child
}

const startProxy = async (name, text, command, port, core) => {
  const file = join(folder, `${port}.cfg`)
  writeFileSync(file, text)
  const child = start(core, [...command, '-db', '-f', file], name)
  for (let tries = 0; tries < 100; tries++) {
    const isOpen = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (isOpen) return child
    await pause(100)
  }
  throw new Error(`${name} does not listen: see ${folder}`)
}

/** A bare HTTP server of Node on the core of the origin. */
const startNodeOrigin = async () => {
  const text = `require('node:http').createServer((_, response) => {
    response.setHeader('content-type', 'text/plain')
    response.setHeader('content-length', 5)
    response.end('hello')
  }).listen(${ORIGIN}, '127.0.0.1')`
  const child = start(1, [process.execPath, '-e', text], 'origin')
  await pause(1000)
  return child
}

const stop = (child) =>
  new Promise((resolve) => {
    child.once('exit', resolve)
    child.kill('SIGINT')
  })

/** Resident memory in KiB. */
const resident = ({ pid }) => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }))

const wrk = (port, connections) => {
  const url = `http://127.0.0.1:${port}/app`
  const output = execFileSync(
    'taskset',
    ['-c', '1', 'wrk', '-t1', `-c${connections}`, '-d4', '-H', 'Host: example.org', '--latency', url],
    { encoding: 'utf8' },
  )
  if (/Non-2xx|Socket errors/.test(output)) throw new Error(output)
  const [, median, unit] = /50%\s+([\d.]+)(us|ms)/.exec(output)
  return {
    requests: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)[1]),
    median: unit === 'us' ? Number(median) / 1000 : Number(median),
  }
}

/** Resident memory in KiB of each of many connections that are idle: before and after a request. */
const idle = async (child, port) => {
  const before = resident(child)
  const sockets = []
  for (let i = 0; i < IDLE; i++)
    sockets.push(
      await new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => resolve(socket)).once('error', reject)
      }),
    )
  await pause(1000)
  const opened = resident(child)
  for (const socket of sockets)
    await new Promise((resolve) => {
      socket.write('GET /app HTTP/1.1\r\nhost: example.org\r\n\r\n')
      socket.once('data', resolve)
    })
  await pause(1000)
  const used = resident(child)
  for (const socket of sockets) socket.destroy()
  return { opened: (opened - before) / IDLE, used: (used - before) / IDLE }
}

const transfer = (port) =>
  new Promise((resolve, reject) => {
    const url = `http://127.0.0.1:${port}/large`
    const child = spawn('curl', ['-s', '-o', '/dev/null', '-w', '%{size_download} %{speed_download}', url])
    let output = ''
    child.stdout.on('data', (piece) => (output += piece))
    child.once('exit', () => {
      const [size, speed] = output.split(' ').map(Number)
      if (size !== GIBIBYTE) reject(new Error(`${size} bytes arrived`))
      else resolve(speed / 2 ** 20)
    })
  })

const serveLarge = () => {
  const piece = Buffer.alloc(65_536)
  const server = createServer((_, response) => {
    response.setHeader('content-length', GIBIBYTE)
    let left = GIBIBYTE
    const write = () => {
      while (left > 0) {
        left -= piece.length
        if (!response.write(piece)) return response.once('drain', write)
      }
      response.end()
    }
    write()
  })
  server.listen(LARGE, '127.0.0.1')
  return server
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]

const server = serveLarge()
const upstream = NODE_ORIGIN ? await startNodeOrigin() : await startProxy('origin', origin, [real], ORIGIN, 1)
const direct = wrk(ORIGIN, 1).median
const measured = {}
for (const name of Object.keys(PROXIES)) measured[name] = { requests: [], medians: [] }
for (let round = 0; round < ROUNDS; round++)
  for (const [name, { command, port }] of Object.entries(PROXIES)) {
    const child = await startProxy(name, config(port), command, port, 0)
    wrk(port, 20)
    measured[name].requests.push(wrk(port, 20).requests)
    measured[name].medians.push(wrk(port, 1).median)
    await stop(child)
  }

const figures = {}
for (const [name, { command, port }] of Object.entries(PROXIES)) {
  const { requests, medians } = measured[name]
  figures[name] = { 'requests/s': median(requests), 'added latency (ms)': median(medians) - direct }
  if (REQUESTS_ONLY) continue
  const first = await startProxy(name, config(port), command, port, 0)
  const connections = await idle(first, port)
  await stop(first)
  const child = await startProxy(name, config(port), command, port, 0)
  const speeds = []
  const memory = []
  for (let i = 0; i < 4; i++) {
    speeds.push(await transfer(port))
    memory.push(resident(child))
  }
  await stop(child)
  figures[name] = {
    ...figures[name],
    'idle (KiB)': connections.opened,
    'after a request (KiB)': connections.used,
    'transfer (MiB/s)': median(speeds),
    'memory after 1 and 4 GiB (MiB)': `${(memory[0] / 1024).toFixed()}, ${(memory[3] / 1024).toFixed()}`,
  }
}
figures['hapsim-haproxy'].share = figures['hapsim-haproxy']['requests/s'] / figures['the real HAProxy']['requests/s']
report('traffic of a live process', figures)
await stop(upstream)
server.close()
server.closeAllConnections()
