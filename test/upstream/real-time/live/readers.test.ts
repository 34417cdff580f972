/** Readers of logs that stall, close or have no space: `hapsim-haproxy` treats them as the real `haproxy` does, and checks continue. */
import { spawnSync } from 'node:child_process'
import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { build } from '../../../support/build.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { OURS, REAL } from '../../support/programs.js'
import { RealHaproxy, sleep, type Output } from '../../support/real-haproxy.js'
import { RealServer } from '../../support/real-servers.js'
import { describeUpstream } from '../../support/upstream.js'

/** Logs some megabytes at once, and then a little; a command tells whether the first is over. */
const NOISE = `
local over = false
core.register_cli({"show", "noise"}, "show noise", function(applet) applet:send(over and "over" or "under way") end)
core.register_task(function()
  for i = 1, 20000 do
    core.log(core.info, ("x"):rep(500))
    if i % 100 == 0 then core.msleep(1) end
  end
  over = true
  while true do
    core.log(core.info, "still")
    core.msleep(20)
  end
end)
`

const config = (target: string, port: number): string => `
global
    log ${target} format raw local0
    stats socket unix@@DIR@/sock level admin
    nbthread 1
    tune.lua.bool-sample-conversion normal
    lua-load @DIR@/noise.lua
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
backend be1
    server s1 127.0.0.1:${port} check inter 500ms fall 1 rise 1
`

beforeAll(build, 60_000)

const opened = (path: string, flags: number): number => {
  const fd = openSync(path, flags)
  onTestFinished(() => closeSync(fd))
  return fd
}

/** Both ends of a pipe, which is read only on request. */
const pipe = (): { readonly write: number; readonly read: number; readonly path: string } => {
  const path = join(temporaryFolder('pipe'), 'pipe')
  expect(spawnSync('mkfifo', [path]).status).toBe(0)
  const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  return { read, write: opened(path, constants.O_WRONLY), path }
}

const stalled = (): number => {
  const { read, write } = pipe()
  onTestFinished(() => closeSync(read))
  return write
}

const left = (): number => {
  const { read, write } = pipe()
  closeSync(read)
  return write
}

const full = (): number => opened('/dev/full', constants.O_WRONLY)

/** Where lines go, and to what. */
const READERS: Readonly<Record<string, { target: string; outputs: () => readonly Output[] }>> = {
  'stalls at the standard output': { target: 'stdout', outputs: () => [stalled(), 'pipe'] },
  'stalls at both outputs': { target: 'stdout', outputs: () => [stalled(), stalled()] },
  'stalls at a descriptor': { target: 'fd@3', outputs: () => ['pipe', 'pipe', stalled()] },
  'has left the standard output': { target: 'stdout', outputs: () => [left(), 'pipe'] },
  'has left both outputs': { target: 'stderr', outputs: () => [left(), left()] },
  'has left a descriptor': { target: 'fd@3', outputs: () => ['pipe', 'pipe', left()] },
  'has no room at the standard output': { target: 'stdout', outputs: () => [full(), 'pipe'] },
  'has no room at both outputs': { target: 'stdout', outputs: () => [full(), full()] },
  'has no room at a descriptor': { target: 'fd@3', outputs: () => ['pipe', 'pipe', full()] },
}

const start = async (program: string, target: string, outputs: readonly Output[], server: RealServer) => {
  await server.up()
  onTestFinished(() => server.down())
  const haproxy = await RealHaproxy.start(config(target, server.port), { 'noise.lua': NOISE }, program, outputs)
  onTestFinished(() => haproxy.stop())
  return haproxy
}

const statusOf = async (haproxy: RealHaproxy): Promise<string | undefined> =>
  /^be1,s1,.*?,(UP|DOWN)/m.exec(await haproxy.cli('show stat'))?.[1]

const residentMegabytes = ({ pid }: RealHaproxy): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024

/** What came of it: which states the server had, whether lines were dropped, what was said of the logs, how it ended. */
const bear = async (program: string, target: string, outputs: readonly Output[]) => {
  const server = new RealServer()
  const haproxy = await start(program, target, outputs, server)
  const until = async (status: string) => {
    for (const end = Date.now() + 30_000; (await statusOf(haproxy)) !== status; await sleep(20))
      if (Date.now() > end) throw new Error(`never ${status}`)
  }
  await until('UP')
  await server.down()
  await until('DOWN')
  await server.up()
  await until('UP')
  for (const end = Date.now() + 30_000; !(await haproxy.cli('show noise')).includes('over') && Date.now() < end;)
    await sleep(50)
  await sleep(500)
  const dropped = Number(/^DroppedLogs: (\d+)/m.exec(await haproxy.cli('show info'))![1]) > 0
  const memory = residentMegabytes(haproxy)
  haproxy.send('SIGUSR1')
  return { code: await haproxy.ended(), dropped, hasReported: haproxy.warnings.map(undated), memory }
}

const undated = (line: string): string => line.replace(/duration: \d+ms/, 'duration: Nms')

describeUpstream('a reader', () => {
  it.each(Object.entries(READERS))(
    'that %s loses lines, and nothing else is lost',
    async (_name, { target, outputs }) => {
      const [theirs, ours] = await Promise.all([REAL, OURS].map((program) => bear(program, target, outputs())))
      expect({ ...ours, memory: 0 }).toEqual({ ...theirs, memory: 0 })
      expect(ours!.memory).toBeLessThan(200)
    },
  )

  it('that leaves a named pipe to the next one: the next one receives further lines', async () => {
    for (const program of [REAL, OURS]) {
      const { read, write, path } = pipe()
      const haproxy = await start(program, 'stdout', [write, 'pipe'], new RealServer())
      closeSync(read)
      await haproxy.until(() => haproxy.hasReported('Broken pipe'))
      const next = opened(path, constants.O_RDONLY | constants.O_NONBLOCK)
      await sleep(200)
      const lines = Buffer.alloc(4096)
      expect(lines.toString('latin1', 0, readSync(next, lines))).toMatch(/^(x{500}|still)\n/m)
    }
  })
})
