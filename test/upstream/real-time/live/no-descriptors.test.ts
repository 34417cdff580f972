/** A process that has run out of file descriptors: scripts and checks get errors, and continue once descriptors are available. */
import { chmodSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { build } from '../../../support/build.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { OURS, REAL } from '../../support/programs.js'
import { RealHaproxy, sleep } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'

beforeAll(build, 60_000)

/** Takes what there is, waits, gives it back and looks again. */
const SCRIPT = `
core.register_task(function()
  core.msleep(500)
  local held, refused = {}, {}
  for _ = 1, 150 do
    local socket = core.tcp()
    socket:settimeout(5)
    local ok, message = socket:connect("127.0.0.1", %port)
    if ok then held[#held + 1] = socket else refused[message] = true end
  end
  print("some were had", #held > 10)
  for message in pairs(refused) do print("others were refused", message) end
  core.msleep(1000)
  for _, socket in ipairs(held) do socket:close() end
  core.msleep(500)
  local socket = core.tcp()
  socket:settimeout(5)
  print("afterwards", socket:connect("127.0.0.1", %port))
end)
`

const CONFIG = `
global
    log stdout format raw local0
    stats socket unix@@DIR@/sock level admin
    nbthread 1
    no strict-limits
    maxconn 10
    tune.lua.bool-sample-conversion normal
    lua-load @DIR@/script.lua
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
backend be1
    server s1 127.0.0.1:%port check inter 50ms fall 2 rise 2
`

/** Called in the program's place, with few descriptors; Node alone takes about 60 while it loads. */
const withFew = (program: string): string => {
  const path = join(temporaryFolder('few'), 'program')
  writeFileSync(path, `#!/bin/sh\nulimit -n 100\nexec '${program}' "$@"\n`)
  chmodSync(path, 0o755)
  return path
}

const play = async (program: string) => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)))
    socket.resume()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const port = String((server.address() as AddressInfo).port)
  const haproxy = await RealHaproxy.start(
    CONFIG.replaceAll('%port', port),
    { 'script.lua': SCRIPT.replaceAll('%port', port) },
    withFew(program),
  )
  try {
    await haproxy.until(() => haproxy.hasReported('afterwards'))
    const isUp = async () => /^be1,s1,.*,UP,/m.test(await haproxy.cli('show stat'))
    for (const end = Date.now() + 5000; !(await isUp()) && Date.now() < end;) await sleep(50)
    return {
      hasReported: haproxy.output.filter((line) => line.includes('\t')),
      changes: haproxy.output.map((line) => /^Server be1\/s1 is (UP|DOWN)/.exec(line)?.[1]).filter(Boolean),
      isUp: await isUp(),
    }
  } finally {
    await haproxy.stop()
    for (const socket of sockets) socket.destroy()
    await new Promise((done) => server.close(done))
  }
}

describeUpstream('a process without descriptors', () => {
  it('continues like HAProxy, once there are some again', async () => {
    const [theirs, ours] = await Promise.all([play(REAL), play(OURS)])
    expect(ours).toEqual(theirs)
    expect(theirs).toMatchObject({ isUp: true, changes: ['DOWN', 'UP'] })
  })
})
