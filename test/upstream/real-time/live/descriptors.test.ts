/**
 * File descriptors come back on every path: checks and sockets of scripts that fail in each stage, in the real `haproxy` and in
 * `hapsim-haproxy`.
 */
import { readdirSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { build } from '../../../support/build.js'
import { OURS, REAL } from '../../support/programs.js'
import { RealHaproxy, sleep } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'

beforeAll(build, 60_000)

const sockets = new Set<Socket>()

/** Returns its port. */
const serve = async (manner: (socket: Socket) => unknown): Promise<number> => {
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)))
    manner(socket)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise<void>((done) => server.close(() => done()))
  })
  return (server.address() as AddressInfo).port
}

const peers = async (): Promise<Readonly<Record<string, number>>> => ({
  hangs: await serve((socket) => socket.resume()),
  closes: await serve((socket) => socket.end()),
  resets: await serve((socket) => socket.resetAndDestroy()),
  resetsLater: await serve((socket) => socket.once('data', () => socket.resetAndDestroy())),
  garbage: await serve((socket) => socket.end('garbage\n'.repeat(1000))),
  nobody: 1,
})

const config = (ports: Readonly<Record<string, number>>): string => `
global
    log stdout format raw local0
    stats socket unix@@DIR@/sock level admin
    nbthread 1
    tune.lua.bool-sample-conversion normal
    lua-load @DIR@/storm.lua
defaults
    mode tcp
    timeout connect 100ms
    timeout client 1s
    timeout server 1s
    timeout check 100ms
    default-server inter 50ms
${['check', 'check check-ssl verify none', 'check check-send-proxy', 'check agent-check agent-port %']
  .map(
    (options, kind) => `
backend be${kind}
    option httpchk
${Object.entries(ports)
  .map(([name, port]) => `    server ${name} 127.0.0.1:${port} ${options.replace('%', String(port))}\n`)
  .join('')}`,
  )
  .join('')}`

/** Each socket of a script is left in another stage; some are closed, some are left to the collector of garbage. */
const storm = (ports: Readonly<Record<string, number>>): string => `
local ports = { ${Object.values(ports).join(', ')} }
core.register_task(function()
  core.msleep(300)
  local left = 0
  for round = 1, 40 do
    for i, port in ipairs(ports) do
      left = left + 1
      core.register_task(function()
        local socket = core.tcp()
        socket:settimeout(1)
        local connect = (round + i) % 3 == 0 and socket.connect_ssl or socket.connect
        if connect(socket, "127.0.0.1", port) then
          if round % 2 == 0 then socket:send("hello\\n") end
          if round % 5 > 1 then socket:receive("*l") end
        end
        if round % 4 > 0 then socket:close() end
        left = left - 1
      end)
    end
    core.msleep(20)
  end
  while left > 0 do core.msleep(50) end
  collectgarbage() collectgarbage()
  print("storm over")
end)
`

const descriptorsOf = ({ pid }: RealHaproxy): number => readdirSync(`/proc/${pid}/fd`).length

describeUpstream('file descriptors', () => {
  it.each([
    ['haproxy', REAL],
    ['hapsim-haproxy', OURS],
  ])('are released after storms of checks and sockets that fail in every stage (%s)', async (_name, program) => {
    const ports = await peers()
    const haproxy = await RealHaproxy.start(config(ports), { 'storm.lua': storm(ports) }, program)
    onTestFinished(() => haproxy.stop())
    await haproxy.until(() => haproxy.output.includes('storm over'))
    for (let i = 0; i < 4; i++)
      for (const name of Object.keys(ports)) {
        await haproxy.cli(`disable health be${i}/${name}`)
        await haproxy.cli(`disable agent be${i}/${name}`)
      }
    const quiet = await RealHaproxy.start('global\n    stats socket unix@@DIR@/sock\n    nbthread 1\n', {}, program)
    onTestFinished(() => quiet.stop())
    await sleep(500)
    // and one of a connection of the runtime API that has just been left
    const idle = descriptorsOf(quiet) + 1
    for (const end = Date.now() + 12_000; descriptorsOf(haproxy) > idle && Date.now() < end;) await sleep(50)
    expect(descriptorsOf(haproxy)).toBeLessThanOrEqual(idle)
  })
})
